"""The documentation is as current as the files that it is made from."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from mockkommunicate.cli import serve
from mockkommunicate.domain import rich_forms, rich_messages
from tests import rich
from tests.pages.blocks import named

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNNING = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
CONTROL = (ROOT / "docs" / "control-api.md").read_text(encoding="utf-8")
RICH = (ROOT / "docs" / "rich-messages.md").read_text(encoding="utf-8")
SCENARIOS = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


def build(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the generator of a checkout."""
    command = [sys.executable, str(root / "docs" / "build.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def copy(folder: Path) -> Path:
    """Copy what the generator reads and writes."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "README.md", folder)
    shutil.copytree(ROOT / "fixtures" / "contract", folder / "fixtures" / "contract")
    return folder


def test_no_generated_page_is_out_of_date() -> None:
    done = build(ROOT, "--check")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_page_that_is_out_of_date_is_named_and_made_anew(tmp_path: Path) -> None:
    root = copy(tmp_path)
    contract = root / "fixtures" / "contract" / "conversations" / "status.json"
    contract.write_text(
        contract.read_text(encoding="utf-8").replace("already updated", "again"), encoding="utf-8"
    )

    checked = build(root, "--check")
    built = build(root)

    assert checked.returncode == 1
    assert "docs/endpoints.md is out of date" in checked.stdout
    assert built.returncode == 0
    assert build(root, "--check").returncode == 0


def test_the_list_of_pages_is_made_anew_with_them(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / "docs" / "news.md").write_text(
        "# News\n\nWhat is *new* in [it](bots.md). More.\n", encoding="utf-8"
    )

    assert "docs/llms.txt is out of date" in build(root, "--check").stdout
    build(root)

    listed = (root / "docs" / "llms.txt").read_text(encoding="utf-8")
    assert "\n- [News](news.md): What is *new* in it.\n" in listed


def test_the_call_in_the_readme_is_answered(server: MockKommunicate) -> None:
    call = README.partition("<!-- try command -->")[2].partition("```console\n")[2].partition("```")[0]
    here = call.replace("http://127.0.0.1:8080", server.url).replace(
        "mock-api-key", server.default_app.api_key
    )

    done = subprocess.run(["bash", "-c", here], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["response"]["name"] == "Help"


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 120


@pytest.mark.parametrize("option", [option.opts[0] for option in serve.params])
def test_every_option_and_its_environment_name_is_documented(option: str) -> None:
    name = f"MOCKKOMMUNICATE_{option.removeprefix('--').replace('-', '_')}".upper()

    assert f"| `{option}` | `{name}` |" in RUNNING


def test_every_control_route_is_documented(server: MockKommunicate) -> None:
    described = requests.get(f"{server.url}/_mock/openapi/control.json", timeout=10).json()["paths"]
    ids = dict.fromkeys(
        ["{conversation_id}", "{request_id}", "{fault_id}", "{delivery_id}", "{file_id}"], "ID"
    )
    names = ids | {"{application_id}": "APP", "{user_id}": "USER", "{name}": "NAME"}

    for path in described:
        written = re.sub("{.*?}", lambda found: names[found[0]], path)
        assert re.search(f"[ `]{re.escape(written)}`", CONTROL), written


def test_every_setting_is_documented(app: App) -> None:
    example = json.loads(named("docs/control-api.md", "settings"))

    assert example == app.settings()


def test_every_shipped_scenario_is_documented(server: MockKommunicate) -> None:
    for name in requests.get(f"{server.url}/_mock/info", timeout=10).json()["scenarios"]:
        assert f"`{name}`" in SCENARIOS


def rows(text: str, head: str) -> list[list[str]]:
    """List the rows of the table whose head begins so, without the marks of code."""
    table = text.partition(f"\n| {head}")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in table]


def test_the_rich_message_of_the_documentation_has_the_findings_that_it_says() -> None:
    sent = json.loads(named("docs/rich-messages.md", "message"))
    found = json.loads(named("docs/rich-messages.md", "findings"))

    assert rich.as_json(rich.lint(sent["metadata"])) == found


def test_the_documented_templates_are_those_that_are_checked() -> None:
    documented = [tuple(row[:3]) for row in rows(RICH, "`templateId` | what")]

    templates = rich_messages.TEMPLATES.items()
    assert documented == [(key, one.name, one.payload.what) for key, one in templates if one.payload]
    assert "1, 2, 4, 5 and 8 are Kommunicate's own" in RICH
    assert [key for key, one in templates if not one.payload] == ["1", "2", "4", "5", "8"]


def test_the_documented_limits_of_rich_messages_are_those_that_are_checked() -> None:
    limits = rows(RICH, "`templateId` | field")
    assert len(limits) == 6
    for number, field, most in limits:
        for length, longer in ((int(most), []), (int(most) + 1, ["warning"])):
            written = {"title": "A"} | {field.rpartition(".")[2]: "x" * length}
            payload: object = [written]
            if number == "7":
                payload = {"elements": [written]} if "." in field else {field: "x" * length}
            found = rich.lint({"contentType": "300", "templateId": number, "payload": payload})
            assert [one.severity for one in found] == longer, field


def test_every_kind_of_field_of_a_form_is_documented() -> None:
    form = RICH.partition("A form's fields are ")[2].partition(". Their")[0]

    assert re.findall(r"`([\w-]+)`", form) == list(rich_forms.KINDS)
