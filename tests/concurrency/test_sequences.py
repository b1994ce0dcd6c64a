"""Ids, message keys, turns and client group ids are exact, whatever many callers do at once."""

from collections import Counter
from typing import Any

from mockkommunicate import App
from tests.client import ok, refused
from tests.concurrency.crowd import CALLERS, Caller, Crowd, scaled

AGENTS = [f"agent-{number}@example.com" for number in range(5)]
ROUNDS = scaled(32)
MESSAGES = scaled(20)
CONTESTED = scaled(12)


def create(caller: Caller, member: str) -> dict[str, Any]:
    return caller.created(member)


def serve_a_customer(caller: Caller, member: str) -> str:
    group = caller.created(member)
    ok(caller.send(group["id"], member))
    assert ok(caller.status(group["id"], 2)) == "updated"
    return str(group["metadata"]["CONVERSATION_ASSIGNEE"])


def send(caller: Caller, what: tuple[int, str]) -> str:
    conversation_id, text = what
    return str(ok(caller.send(conversation_id, message=text))["messageKey"])


def claim(caller: Caller, client_group_id: str) -> str:
    response = caller.create(clientGroupId=client_group_id)
    return response.json()["status"] if "response" in response.json() else refused(response)["errorCode"]


def test_every_conversation_gets_the_next_id(crowd: Crowd, app: App) -> None:
    made = crowd.throw(create, app, [f"customer-{number}" for number in range(ROUNDS * 5)])

    ids = sorted(group["id"] for group in made)
    assert ids == list(range(ids[0], ids[0] + len(made)))
    assert ids == [conversation["id"] for conversation in app.conversations()]


def test_round_robin_gives_every_agent_exactly_his_share(crowd: Crowd, app: App) -> None:
    for agent in AGENTS:
        app.add_agent(agent)

    made = crowd.throw(create, app, [f"customer-{number}" for number in range(ROUNDS * len(AGENTS))])

    shares = Counter(group["metadata"]["CONVERSATION_ASSIGNEE"] for group in made)
    assert shares == dict.fromkeys(AGENTS, ROUNDS)
    ordered = [conversation["assignee"] for conversation in app.conversations()]
    assert ordered == AGENTS * ROUNDS


def test_turns_stay_exact_while_messages_and_statuses_change(crowd: Crowd, app: App) -> None:
    for agent in AGENTS:
        app.add_agent(agent)

    assignees = crowd.throw(
        serve_a_customer, app, [f"customer-{number}" for number in range(ROUNDS * len(AGENTS) // 2)]
    )

    shares = Counter(assignees)
    assert shares == Counter((AGENTS * ROUNDS)[: len(assignees)])


def test_every_message_of_a_conversation_is_kept_once_under_a_key_of_its_own(
    crowd: Crowd, app: App, caller: Caller
) -> None:
    conversation_id = caller.created("user-1")["id"]
    texts = [f"{number}" for number in range(MESSAGES * CALLERS)]

    keys = crowd.throw(send, app, [(conversation_id, text) for text in texts])

    stream = {message["key"]: message["message"] for message in app.messages(conversation_id)}
    assert stream == dict(zip(keys, texts, strict=True))
    assert len(stream) == len(texts)
    (admin,) = caller.detail("bot").json()
    assert admin["unreadCount"] == len(texts)


def test_the_stream_holds_a_callers_messages_in_the_order_in_which_they_were_answered(
    crowd: Crowd, app: App, caller: Caller
) -> None:
    conversation_id = caller.created("user-1")["id"]
    texts = [f"{number % CALLERS} {number // CALLERS}" for number in range(MESSAGES * CALLERS)]

    crowd.throw(send, app, [(conversation_id, text) for text in texts])

    stream = [message["message"].split() for message in app.messages(conversation_id)]
    for caller_number in range(CALLERS):
        own = [int(number) for who, number in stream if who == str(caller_number)]
        assert own == list(range(MESSAGES))


def test_keys_of_a_stream_rise(crowd: Crowd, app: App, caller: Caller) -> None:
    conversation_id = caller.created("user-1")["id"]

    crowd.throw(send, app, [(conversation_id, str(number)) for number in range(CALLERS * 4)])

    times = [int(message["key"].rpartition("-")[2]) for message in app.messages(conversation_id)]
    assert times == sorted(set(times))


def test_a_client_group_id_is_given_once_however_many_ask_for_it(crowd: Crowd, app: App) -> None:
    wanted = [f"order-{number}" for number in range(CONTESTED)]

    answers = crowd.throw(claim, app, [name for name in wanted for _ in range(CALLERS)])

    assert Counter(answers) == {"success": CONTESTED, "AL-G-02": CONTESTED * (CALLERS - 1)}
    made = app.conversations()
    assert sorted(conversation["clientGroupId"] for conversation in made) == sorted(wanted)
    assert made[-1]["id"] - made[0]["id"] == CONTESTED - 1
