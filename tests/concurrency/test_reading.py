"""What was answered is there for whoever asks next, whichever worker he asks."""

from mockkommunicate import App
from tests.client import ok
from tests.concurrency.crowd import CALLERS, Caller, Crowd, scaled

JANE = "jane@example.com"
VISITS = scaled(3)


def read_what_one_writes(caller: Caller, customer: str) -> None:
    group = caller.created(customer, metadata={"SKIP_ROUTING": "true"})
    path = f"conversations/{group['id']}"
    assert sorted(caller.look(path)["membersId"]) == sorted(group["membersId"])

    key = ok(caller.send(group["id"], customer))["messageKey"]
    assert [message["key"] for message in caller.look(f"{path}/messages")["messages"]] == [key]

    assert ok(caller.assign(group["id"], JANE)) == "updated"
    assert caller.look(path)["assignee"] == JANE
    assert ok(caller.assign(group["id"], JANE)) == "already updated"

    assert ok(caller.status(group["id"], 2)) == "updated"
    assert caller.look(path)["status"] == 2
    assert ok(caller.status(group["id"], 2)) == "already updated"

    assert ok(caller.update(customer, displayName=f"Name of {customer}")) == "success"
    (read,) = caller.detail(customer).json()
    assert read["displayName"] == f"Name of {customer}"

    notices = [message["message"] for message in caller.look(f"{path}/messages")["messages"]]
    assert len(notices) == 3


def test_everybody_reads_at_once_what_he_wrote(crowd: Crowd, app: App) -> None:
    app.add_agent(JANE)

    crowd.throw(read_what_one_writes, app, [f"customer-{number}" for number in range(VISITS * CALLERS)])

    assert len(app.conversations(status=2, assignee=JANE)) == VISITS * CALLERS
