"""Requests of the journal as curl and as tests: what is pasted is answered as it was."""

import json
import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import pytest_runs
from tests.client import ADMIN, Client
from tests.contract import examples
from tests.pictures import PNG
from tests.worlds import error

JANE = "jane@example.com"
MANY = 50

EXAMPLES = [example for file in examples.load_files().values() for example in file["examples"]]
SCALE = int(os.environ.get("MOCKKOMMUNICATE_TEST_SCALE", "1"))
SOME = random.Random(1).sample(EXAMPLES, min(len(EXAMPLES), 100 * SCALE))
"""CI runs some of them; with `MOCKKOMMUNICATE_TEST_SCALE=20` it is all."""


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """One server: what is written of a request depends on no database."""
    with MockKommunicate() as running:
        yield running


def as_test(app: App, request_id: int) -> str:
    return str(app.control("GET", f"requests/{request_id}/pytest")["pytest"])


def pasted(tests: list[str], folder: Path) -> pytest_runs.Run:
    """Paste tests into one file, each under a name of its own, and run it."""
    bodies = [re.sub(r"(?m)^import \w+\n", "", test).strip("\n") for test in tests]
    named = [re.sub(r"def test_", f"def test_{number}_", body, count=1) for number, body in enumerate(bodies)]
    source = "\n\n\n".join(["import pytest\nimport requests", *named]) + "\n"
    return pytest_runs.run(folder, source)


def assert_all_pass(run: pytest_runs.Run, count: int) -> None:
    assert set(run.outcomes.values()) == {"passed"}, run.output[-6_000:]
    assert len(run.outcomes) == count


def of_example(server: MockKommunicate, example: dict[str, Any]) -> str | None:
    """Send the request of a contract file; answer its test, None where it came to no app that is there."""
    app = server.create_app()
    variables: examples.Variables = {"app": app.application_id, "key": app.api_key, "base": app.url}
    with requests.Session() as session:
        session.trust_env = False
        examples.prepare(example, app.url, variables, session)
        examples.send(example["request"], app.url, variables, session)
    listed = requests.get(f"{app.url}/_mock/apps/{app.application_id}/requests?last=1", timeout=10).json()
    of_it = [
        entry["id"]
        for entry in listed.get("requests", ())
        if "/_mock/" not in example["request"].get("path", "")
    ]
    return as_test(app, of_it[0]) if of_it else None


def test_the_examples_of_the_contract_files_pass_as_tests(server: MockKommunicate, tmp_path: Path) -> None:
    tests = [test for example in SOME if (test := of_example(server, example)) is not None]

    assert len(tests) > 0.8 * len(SOME)
    assert_all_pass(pasted(tests, tmp_path), len(tests))


def test_fifty_requests_at_random_pass_as_tests(server: MockKommunicate, tmp_path: Path) -> None:
    chance = random.Random(5)
    app = server.create_app(scenario="support-team", settings={"handlingLimit": 6})
    client = Client(app.url, app.api_key)
    groups = [conversation["id"] for conversation in app.conversations()] + [1]
    for _ in range(3 * MANY):
        chance.choice(CALLS)(client, app, chance, chance.choice(groups))
    ids = chance.sample([request.id for request in app.requests()], MANY)

    assert_all_pass(pasted([as_test(app, request_id) for request_id in ids], tmp_path), MANY)


Call = Callable[[Client, App, random.Random, int], object]

PEOPLE = [
    JANE,
    ADMIN,
    "omar@example.com",
    "order-bot",
    "customer-1",
    "customer-20",
    "nobody",
    "ünï <b>'\"",
    "bot",
]

CALLS: list[Call] = [
    lambda client, _app, chance, _group: client.create(*chance.sample(PEOPLE, 2), groupName="Ünï\n'\"{x}"),
    lambda client, _app, chance, _group: client.create("carl", clientGroupId=f"order-{chance.randrange(3)}"),
    lambda client, _app, _chance, _group: client.create("carl", metadata={"a": {"b": 1}}),
    lambda client, _app, chance, group: client.send(group, chance.choice(PEOPLE), message="Hello 😀 \ud800"),
    lambda client, _app, chance, group: client.send(str(group), chance.choice(PEOPLE), metadata={"a": True}),
    lambda client, _app, chance, group: client.attach(group, chance.choice([JANE, "nobody", None])),
    lambda client, _app, chance, group: client.status(
        group, chance.randrange(-2, 8), chance.choice([JANE, None])
    ),
    lambda client, _app, chance, group: client.assign(group, chance.choice(PEOPLE[:7])),
    lambda client, _app, chance, _group: client.update(chance.choice(PEOPLE[:7]), displayName="New"),
    lambda client, _app, chance, _group: client.detail(*chance.sample(PEOPLE[:7], 3)),
    lambda client, _app, _chance, _group: client.upload("café.txt", b"abc"),
    lambda client, _app, _chance, _group: client.download(
        client.uploaded("a.png", PNG, "image/png")["blobKey"]
    ),
    lambda client, _app, _chance, _group: client.signed(client.uploaded()["blobKey"]),
    lambda client, _app, _chance, _group: client.call("GET", "/rest/ws/nowhere/é b{x}"),
    lambda client, _app, _chance, _group: client.call("PUT", "/rest/ws/group/conversation", data=b"\xff{"),
    lambda client, _app, _chance, _group: client.call(
        "POST", "/rest/ws/user/v2/detail", data="[1", params={"a": ["1", "2"]}
    ),
    lambda client, app, _chance, group: (app.fail("message.send", gateway=429, times=1), client.send(group)),
    lambda client, app, _chance, _group: (app.settings({"dialect": "observed"}), client.detail("bot")),
    lambda client, app, _chance, _group: (
        app.settings({"strict": True}),
        client.create("carl", grupName="x"),
        app.settings({"strict": False}),
    ),
    lambda client, _app, _chance, _group: client.call(
        "POST", "/rest/ws/user/v2/detail", json={"userIdList": ["bot"]}, headers={"X-Mock-Fault": "503"}
    ),
]
"""What clients of every kind send, good and bad."""


def test_a_test_says_what_it_needs_and_sends_the_same_again(server: MockKommunicate) -> None:
    app = server.create_app()
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl", message="Hello")

    assert (
        as_test(app, 2)
        == """import requests


def test_message_send_2(kommunicate):
    made = requests.post(
        f"{kommunicate.url}/rest/ws/group/conversation",
        headers=kommunicate.headers,
        json={"groupName": "A question", "groupMemberList": ["somebody"]},
        timeout=10,
    )
    conversation = made.json()["response"]["id"]
    kommunicate.add_customer("carl")
    response = requests.request(
        "POST",
        f"{kommunicate.url}/rest/ws/message/v2/send",
        headers={"Api-Key": kommunicate.api_key},
        json={"groupId": conversation, "message": "Hello", "fromUserName": "carl"},
        timeout=30,
    )

    assert response.status_code == 200
    answer = response.json()
    assert answer.keys() == {"status", "generatedAt", "response"}
    assert answer["response"].keys() == {"messageKey", "createdAt"}
"""
    )


def test_a_connection_that_was_cut_is_cut_in_the_test_too(server: MockKommunicate, tmp_path: Path) -> None:
    app = server.create_app()
    app.fail("user.detail", socket="reset")
    with pytest.raises(requests.ConnectionError):
        Client(app.url, app.api_key).detail("bot")
    test = as_test(app, 1)

    assert "with pytest.raises(requests.ConnectionError):" in test
    assert_all_pass(pasted([test], tmp_path), 1)


def test_a_connection_that_a_header_let_hang_is_cut_in_the_test(
    server: MockKommunicate, tmp_path: Path
) -> None:
    app = server.create_app()
    client = Client(app.url, app.api_key)
    client.session.headers["X-Mock-Fault"] = "hang"
    with pytest.raises(requests.Timeout):
        client.session.post(f"{app.url}/rest/ws/user/v2/detail", json={}, timeout=0.2)
    test = as_test(app, 1)

    assert "X-Mock-Fault" not in test
    assert_all_pass(pasted([test], tmp_path), 1)


def test_a_test_fails_where_the_answer_is_another(server: MockKommunicate, tmp_path: Path) -> None:
    app = server.create_app()
    Client(app.url, app.api_key).detail("nobody", ADMIN)
    test = as_test(app, 1)

    run = pasted(
        [test, test.replace(f'== ["{ADMIN}"]', '== ["nobody"]'), test.replace("== 200", "== 201")], tmp_path
    )
    assert list(run.outcomes.values()).count("failed") == 2, run.output


CURLED: list[Call] = [
    lambda client, _app, _chance, group: client.send(
        group, "carl", message='It\'s "quoted" $HOME `id` \\ ü\n\ttwo'
    ),
    lambda client, _app, _chance, group: client.status(group, 2, "ünï & co"),
    lambda client, _app, _chance, _group: client.call("POST", "/rest/ws/user/v2/detail", data=b"\xff\x00'{"),
    lambda client, _app, _chance, _group: client.call(
        "GET", "/rest/ws/a b/é'", params={"q": "a&b'", "r": ["1", "2"]}
    ),
    lambda client, _app, _chance, group: client.send(
        group, "carl", message="longer than an argument " * 6_000
    ),
]


@pytest.mark.parametrize("call", CURLED)
def test_a_call_of_curl_sends_the_same_again(server: MockKommunicate, call: Call) -> None:
    app = server.create_app()
    client = Client(app.url, app.api_key)
    call(client, app, random.Random(), client.created("carl")["id"])
    sent = app.requests()[-1]

    written = app.control("GET", f"requests/{sent.id}/curl")["curl"]
    assert app.api_key not in written
    environment = {**os.environ, "KOMMUNICATE_API_KEY": app.api_key}
    subprocess.run(["bash"], input=f"{written} -s".encode(), check=True, env=environment, capture_output=True)

    again = app.requests()[-1]
    assert again.id == sent.id + 1
    names = ("method", "path", "query", "body", "body_text", "operation", "status")
    assert [getattr(again, name) for name in names] == [getattr(sent, name) for name in names]


def test_curl_of_a_key_in_the_query_and_of_a_form(server: MockKommunicate) -> None:
    app = server.create_app()
    requests.post(f"{app.url}/rest/ws/user/v2/detail?apiKey={app.api_key}", json={}, timeout=10)
    Client(app.url, app.api_key).upload("notes.txt", b"abc")
    written = [app.control("GET", f"requests/{number}/curl")["curl"] for number in (1, 2)]

    assert f'"{app.url}/rest/ws/user/v2/detail?apiKey=$KOMMUNICATE_API_KEY"' in written[0]
    assert "-F 'file=@notes.txt;type=text/plain'" in written[1]


def test_the_example_that_is_nearest_came_to_the_same(server: MockKommunicate) -> None:
    app = server.create_app()
    client = Client(app.url, app.api_key)
    group_id = client.created("carl", metadata={"SKIP_ROUTING": "true"})["id"]
    client.assign(group_id, ADMIN)
    client.assign(group_id, ADMIN)
    client.assign(1, ADMIN)
    found = [app.control("GET", f"requests/{number}/example")["example"] for number in (2, 3, 4)]

    answers = [json.dumps(example["answer"]["body"]) for example in found]
    assert ["updated" in answers[0], "already updated" in answers[1], "AL-G-01" in answers[2]] == [True] * 3
    assert set(found[0]) == {"name", "evidence", "source", "request", "answer"}


def test_what_is_no_operation_has_no_example(server: MockKommunicate) -> None:
    app = server.create_app()
    Client(app.url, app.api_key).call("GET", "/rest/ws/nowhere")

    assert app.control("GET", "requests/1/example") == {"example": None}


@pytest.mark.parametrize("what", ["curl", "pytest", "example"])
def test_a_request_that_is_not_there_is_refused(server: MockKommunicate, what: str) -> None:
    response = requests.get(f"{server.url}/_mock/apps/default/requests/9/{what}", timeout=10)

    assert error(response, 404)["code"] == "REQUEST_NOT_FOUND"
