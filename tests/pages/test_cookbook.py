"""A careless client passes none of the recipes of docs/faults-cookbook.md: each of them finds something."""

import re
from pathlib import Path

import pytest

from tests.pages.blocks import of
from tests.pages.test_python import write
from tests.pytest_runs import run

PAGE = "docs/faults-cookbook.md"

CARELESS = {
    "support.py": '''
import requests


class SupportError(Exception):
    """Never raised."""


class Unsure(SupportError):
    """Never raised."""


class Support:
    def __init__(self, url, key, **_):
        self.url, self.headers = f"{url}/rest/ws", {"Api-Key": key, "Of-User-Id": "admin@example.com"}

    def open(self, ticket, customer):
        body = {"groupName": ticket, "groupMemberList": [customer], "clientGroupId": ticket}
        return self._call("POST", "/group/conversation", json=body)

    def write(self, ticket, sender, text):
        body = {"clientGroupId": ticket, "fromUserName": sender, "message": text}
        return self._call("POST", "/message/v2/send", json=body)

    def assign(self, conversation_id, *agents):
        self._call("PATCH", "/group/assignee/change", params={"groupId": conversation_id, "assignee": agents[0]})
        return agents[0]

    def _call(self, method, path, **options):
        answer = requests.request(method, self.url + path, headers=self.headers, **options)
        return answer.json().get("response")
''',
    "inbox.py": """
class Inbox:
    def __init__(self):
        self.answered = []

    def take(self, call):
        self.answered.append(call["message"])
""",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What becomes of the recipes with the careless client."""
    folder: Path = tmp_path_factory.mktemp("careless")
    write(folder, [block for block in of("python", "", "file") if block.page == PAGE])
    for name, text in CARELESS.items():
        (folder / "docs_faults_cookbook" / name).write_text(text, encoding="utf-8")
    return run(folder, "").outcomes


def test_every_recipe_fails_with_a_careless_client(outcomes: dict[str, str]) -> None:
    assert set(outcomes.values()) == {"failed"}, outcomes


def test_each_recipe_of_the_table_is_there_and_has_one_test(outcomes: dict[str, str]) -> None:
    text = (Path(__file__).parents[2] / PAGE).read_text(encoding="utf-8")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)[1:]

    assert re.findall(r"^\| \[(.+?)\]\(#", text, re.MULTILINE) == sections
    assert len({name.partition("[")[0] for name in outcomes}) == len(sections)
