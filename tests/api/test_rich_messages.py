"""What is found in a rich message: kept with it, served by the control API and the journal, refused if strict."""

import json
from typing import Any

import pytest
import requests
import schemathesis

from mockkommunicate import App, MockKommunicate
from tests import rich
from tests.client import ADMIN, Client, ok, refused

NOON = 1_900_000_000_000
REPLIES = json.dumps([{"titel": "Yes", "message": "Yes, please"}, {"title": "No"}])
RICH = {"contentType": "300", "templateId": "6", "payload": REPLIES}
MISSPELT = {
    "path": "payload[0].titel",
    "severity": "error",
    "message": "is not known; did you mean 'title'?",
    "evidence": "observed",
}
SILENT = {
    "path": "payload[1].message",
    "severity": "warning",
    "message": "is missing: a string",
    "evidence": "documented",
}
FOUND = [MISSPELT, SILENT]
EXAMPLES = dict(rich.examples())


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """An app whose clock stands still."""
    return server.create_app(at=NOON)


@pytest.fixture
def group_id(client: Client) -> int:
    return int(client.created("carl")["id"])


def control(app: App, path: str) -> Any:
    answer = requests.get(f"{app.url}/_mock/apps/{app.application_id}{path}", timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kept(app: App, group_id: int) -> list[dict[str, Any]]:
    return list(control(app, f"/conversations/{group_id}/messages")["messages"])


def journal(app: App) -> list[dict[str, Any]]:
    return list(control(app, "/requests")["requests"])


def test_a_message_that_is_not_drawn_is_taken_and_its_findings_are_kept_with_it(
    app: App, client: Client, group_id: int
) -> None:
    sent = ok(client.send(group_id, "carl", metadata=RICH))

    (message,) = kept(app, group_id)
    assert list(sent) == ["messageKey", "createdAt"]
    assert (message["key"], message["metadata"], message["findings"]) == (sent["messageKey"], RICH, FOUND)


def test_the_journal_has_them_too(app: App, client: Client, group_id: int) -> None:
    client.send(group_id, "carl", metadata=RICH)

    entry = journal(app)[-1]
    assert entry["findings"] == FOUND
    assert control(app, f"/requests/{entry['id']}") == entry


def test_an_attachment_has_them_as_well(app: App, client: Client, group_id: int) -> None:
    message = "is drawn by the iOS client only in a message of contentType 0 or 3; this one has 1"
    in_attachment = {**MISSPELT, "path": "templateId", "message": message}
    client.attach(group_id, metadata=RICH)

    assert kept(app, group_id)[0]["findings"] == [in_attachment, *FOUND]
    assert journal(app)[-1]["findings"] == [in_attachment, *FOUND]


def test_so_has_a_message_that_is_sent_as_somebody(app: App, client: Client, group_id: int) -> None:
    url = f"/_mock/apps/{app.application_id}/conversations/{group_id}/messages"
    answer = client.call("POST", url, json={"from": "carl", "metadata": RICH})

    assert answer.json()["findings"] == FOUND
    assert kept(app, group_id) == [answer.json()]


def test_so_has_a_message_of_a_scenario(server: MockKommunicate) -> None:
    message = {"from": "carl", "message": "Well?", "metadata": RICH}
    scenario = {"users": [], "conversations": [{"name": "A", "members": ["carl"], "messages": [message, {"from": "carl", "message": "B"}]}]}  # fmt: skip
    app = server.create_app(scenario=scenario)

    (conversation,) = app.conversations()
    first, second = kept(app, conversation.id)
    assert first["findings"] == FOUND
    assert "findings" not in second


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_a_published_message_is_stored_with_the_findings_that_it_has(
    app: App, client: Client, group_id: int, example: dict[str, Any]
) -> None:
    metadata = rich.written(example["metadata"])
    ok(client.send(group_id, "carl", metadata=metadata, contentType=example.get("contentType", 0)))

    for holder in (kept(app, group_id)[0], journal(app)[-1]):
        assert holder.get("findings", []) == example.get("findings", [])


@pytest.mark.parametrize("metadata", [None, {"skipBot": True}, {"payload": "mine"}, {"order": "300"}])
def test_a_plain_message_has_none(app: App, client: Client, group_id: int, metadata: Any) -> None:
    client.send(group_id, "carl", **({} if metadata is None else {"metadata": metadata}))

    assert "findings" not in kept(app, group_id)[0]
    assert "findings" not in journal(app)[-1]


def test_numbers_are_judged_as_the_strings_that_they_become(app: App, client: Client, group_id: int) -> None:
    client.send(group_id, "carl", metadata={**RICH, "templateId": 6, "contentType": 300})
    client.send(group_id, "carl", metadata={**RICH, "templateId": 6.5})

    assert [message["findings"] for message in kept(app, group_id)] == [
        entry["findings"] for entry in journal(app)[-2:]
    ]
    assert kept(app, group_id)[0]["findings"] == FOUND
    assert kept(app, group_id)[1]["findings"][0]["message"].startswith("'6.5' is no template; there are 3 (")


def test_what_is_refused_for_its_metadata_has_none(app: App, client: Client, group_id: int) -> None:
    refusal = refused(client.send(group_id, "carl", metadata={**RICH, "payload": [{"title": 1}]}), 400)

    assert "'metadata.payload': must be a string" in refusal["description"]
    assert "findings" not in journal(app)[-1]


def test_what_is_refused_for_another_reason_has_them(app: App, client: Client) -> None:
    assert refused(client.send(7, "carl", metadata=RICH))["errorCode"] == "AL-G-01"

    assert journal(app)[-1]["findings"] == FOUND


@pytest.mark.parametrize(
    "body", ["[]", "null", '{"metadata": 1}', '{"metadata": {"payload": null}}', "{", ""]
)
def test_any_other_body_has_none(app: App, client: Client, body: str) -> None:
    client.call("POST", "/rest/ws/message/v2/send", data=body)

    assert "findings" not in journal(app)[-1]


def test_the_same_metadata_in_another_operation_is_not_looked_at(app: App, client: Client) -> None:
    client.create("carl", metadata=RICH)
    client.update("carl", metadata=RICH)

    assert all("findings" not in entry for entry in journal(app))


def strictly(app: App) -> None:
    app.settings({"strict": True})


def test_strict_refuses_what_is_not_drawn_and_names_each_place(
    app: App, client: Client, group_id: int
) -> None:
    strictly(app)
    payload = json.dumps([{"message": "A"}, {"titel": "No", "message": "B"}])
    for response in (
        client.send(group_id, "carl", metadata={**RICH, "payload": payload}),
        client.attach(group_id, ADMIN, contentType=0, metadata={**RICH, "payload": payload}),
    ):
        entry = refused(response, 400)

        assert entry["errorCode"] == "MOCK-PARAM"
        assert entry["description"].split("; body ") == [
            "body 'metadata.payload[0].title': is missing: a string",
            "'metadata.payload[1].titel': is not known; did you mean 'title'?",
        ]
    assert kept(app, group_id) == []
    assert [one["severity"] for one in journal(app)[-1]["findings"]] == ["error", "error"]


def test_strict_takes_what_is_only_unusual(app: App, client: Client, group_id: int) -> None:
    strictly(app)
    payload = json.dumps([{"title": "No"}])

    assert ok(client.send(group_id, "carl", metadata={**RICH, "payload": payload}))
    assert [one["severity"] for one in kept(app, group_id)[0]["findings"]] == ["warning"]


def test_strict_names_a_misspelt_key_once(app: App, client: Client, group_id: int) -> None:
    strictly(app)
    metadata = {"contentType": "300", "templateid": "6", "payload": "[]"}
    entry = refused(client.send(group_id, "carl", metadata=metadata), 400)

    meant = "body 'metadata.templateid': is not known here; did you mean 'metadata.templateId'?"
    assert entry["description"] == meant


def test_strict_names_them_with_everything_else_that_is_wrong(
    app: App, client: Client, group_id: int
) -> None:
    strictly(app)
    entry = refused(client.send(group_id, "carl", source="x", colour=1, metadata=RICH), 400)

    assert entry["description"].split("; body ") == [
        "body 'source': must be a whole number; got \"x\"",
        "'colour': is not known here",
        "'metadata.payload[0].titel': is not known; did you mean 'title'?",
    ]


@pytest.mark.parametrize(
    "example",
    [one for one in EXAMPLES.values() if one["evidence"] == "documented"],
    ids=lambda one: one["name"],
)
def test_strict_takes_everything_that_is_documented(
    app: App, client: Client, group_id: int, example: dict[str, Any]
) -> None:
    strictly(app)
    metadata = rich.written(example["metadata"])

    assert ok(client.send(group_id, "carl", metadata=metadata, contentType=example.get("contentType", 0)))


def test_a_key_that_names_no_app_comes_first(server: MockKommunicate) -> None:
    assert Client(server.url, "wrong").send(1, metadata=RICH).status_code == 401


def test_a_copy_of_an_app_has_the_findings_of_its_messages(app: App, client: Client, group_id: int) -> None:
    client.send(group_id, "carl", metadata=RICH)
    before = kept(app, group_id)
    app.snapshot("before")
    fork = app.fork()
    imported = app.fork()
    imported.load_state(json.loads(json.dumps(app.state())))
    client.send(group_id, "carl")
    app.restore("before")

    assert [kept(copy, group_id) for copy in (app, fork, imported)] == [before] * 3


def test_one_can_wait_for_a_message_with_a_finding(app: App, client: Client, group_id: int) -> None:
    client.send(group_id, "carl", metadata=RICH)

    message = app.wait_for("message", {"findings": [{"path": "payload[0].titel"}, {"severity": "warning"}]})
    assert message.key == kept(app, group_id)[0]["key"]


def test_the_handle_has_them_as_values(app: App, client: Client, group_id: int) -> None:
    client.send(group_id, "carl", metadata=RICH)
    client.send(group_id, "carl")

    first, second = app.messages(group_id)
    error, warning = first.findings
    assert (error.path, error.severity, error.message, error.evidence) == tuple(MISSPELT.values())
    assert warning == SILENT
    assert second.findings == ()
    assert [len(request.findings) for request in app.requests()] == [0, 2, 0]


def test_messages_and_requests_are_as_the_document_of_the_control_api_says(
    app: App, client: Client, group_id: int
) -> None:
    client.send(group_id, "carl", metadata=RICH)
    client.send(group_id, "carl", metadata={"a": "b"})
    client.attach(group_id)
    client.call("POST", "/rest/ws/message/v2/send", data="{", params={"a": 1})
    client.call("GET", "/rest/ws/nothing")
    document = requests.get(f"{app.url}/_mock/openapi/control.json", timeout=60).json()
    described = schemathesis.openapi.from_dict(document)
    one: dict[str, Any] = {"application_id": app.application_id}
    asked = {
        "/_mock/apps/{application_id}/conversations/{conversation_id}/messages": one
        | {"conversation_id": group_id},
        "/_mock/apps/{application_id}/requests": one,
        "/_mock/apps/{application_id}/requests/{request_id}": one | {"request_id": 2},
    }

    for path, parameters in asked.items():
        described[path]["GET"].Case(path_parameters=parameters).call_and_validate(base_url=app.url)
    for name in ("MessageOutput", "EntryOutput"):
        findings = document["components"]["schemas"][name]["properties"]["findings"]
        assert findings["items"]["required"] == list(MISSPELT)
