"""The documentation as the server gives it to programs that read it, also from an installed wheel."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mockkommunicate import MockKommunicate
from tests.test_docs import ROOT

LINK = re.compile(r"^- \[(.+?)\]\((\S+)\): \S.*[.:!?\w]$", re.MULTILINE)
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def running() -> Iterator[MockKommunicate]:
    """A server of this module's own."""
    with MockKommunicate() as server:
        yield server


def get(url: str) -> requests.Response:
    """Ask, as any program would."""
    return requests.get(url, timeout=10)


@pytest.mark.parametrize("path", ["/llms.txt", "/_mock/llms.txt"])
def test_the_list_of_pages_leads_to_every_page_on_this_server(running: MockKommunicate, path: str) -> None:
    answer = get(f"{running.url}{path}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text.startswith("# mockkommunicate\n\n> A local emulator of the Kommunicate REST API")
    assert re.findall("^## (.*)$", answer.text, re.MULTILINE) == ["Use it", "Reference", "Optional"]
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    links = [link for _, link in LINK.findall(answer.text)]
    assert sorted(links) == sorted(f"{running.url}/_mock/docs/{page}" for page in pages)


def test_each_page_comes_as_it_is_written_and_its_links_lead_on(running: MockKommunicate) -> None:
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        answer = get(f"{running.url}/_mock/docs/{name}")
        assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
        assert answer.content == page.read_bytes(), name
        for link in re.findall(r"\]\((?!http|#)([^)#]+)", answer.text):
            assert (page.parent / link).resolve().relative_to(DOCS).suffix == ".md", f"{name}: {link}"


def test_the_titles_are_those_of_the_pages(running: MockKommunicate) -> None:
    for title, link in LINK.findall(get(f"{running.url}/llms.txt").text):
        assert get(link).text.startswith(f"# {title}\n")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.md",
        "build.py",
        "llms.txt",
        "../README.md",
        "%2e%2e/README.md",
        "..%2fREADME.md",
        "decisions",
        "%00.md",
    ],
)
def test_nothing_but_pages_is_given(running: MockKommunicate, name: str) -> None:
    request = requests.Request("GET", "http://x").prepare()
    request.url = f"{running.url}/_mock/docs/{name}"

    answer = requests.Session().send(request, timeout=10)

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ROUTE"


def test_who_reads_needs_no_token_and_is_in_no_journal() -> None:
    with MockKommunicate(control_token="secret") as guarded:
        assert get(f"{guarded.url}/llms.txt").status_code == 200
        assert get(f"{guarded.url}/_mock/llms.txt").status_code == 200
        assert get(f"{guarded.url}/_mock/docs/bots.md").status_code == 200
        assert get(f"{guarded.url}/_mock/docs/nothing.md").status_code == 401
        token = {"Authorization": "Bearer secret"}
        assert (
            requests.get(f"{guarded.url}/_mock/requests", headers=token, timeout=9).json()["requests"] == []
        )


def test_another_method_is_refused_as_everywhere(running: MockKommunicate) -> None:
    assert (
        requests.post(f"{running.url}/_mock/llms.txt", timeout=10).json()["error"]["hint"]
        == "allowed: GET, HEAD"
    )
    refused = requests.post(
        f"{running.url}/llms.txt", headers={"Api-Key": running.default_app.api_key}, timeout=10
    )
    assert refused.status_code == 405
    assert refused.json()["errorResponse"][0]["errorCode"] == "AL-MA-01"


INSTALLED = """
import re, urllib.request, mockkommunicate
from mockkommunicate import MockKommunicate
get = lambda url: urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10).read().decode()
with MockKommunicate(scenario="support-team") as server:
    links = re.findall(r"\\]\\((http.+?)\\)", get(server.url + "/llms.txt"))
    titles = [get(link).partition("\\n")[0] for link in links]
print(mockkommunicate.__file__, len(titles), all(title.startswith("# ") for title in titles))
"""


def test_an_installed_wheel_has_the_pages_and_the_scenarios(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
    ]
    subprocess.run([*install, str(site), str(wheel)], capture_output=True, check=True)

    run = [sys.executable, "-c", INSTALLED]
    done = subprocess.run(
        run, cwd=tmp_path, env={"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True
    )

    count = len(list(DOCS.rglob("*.md")))
    assert done.stdout.split() == [str(site / "mockkommunicate" / "__init__.py"), str(count), "True"]
