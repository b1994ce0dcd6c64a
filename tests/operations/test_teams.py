"""Teams over HTTP: conversations that name one, their rounds and queues, and moving to one by a message."""

from typing import Any

import pytest

from mockkommunicate import App
from tests.client import ADMIN, Client, ok
from tests.worlds import error

JANE, OMAR, LENA = "jane@example.com", "omar@example.com", "lena@example.com"
SALES, HELP = "103785933", "106336264"


@pytest.fixture
def app(app: App) -> App:
    """An app with two teams, one agent of which is in both; the admin is the default agent, and away."""
    app.control("PATCH", f"users/{ADMIN}", {"availability": "away"})
    for agent in (JANE, OMAR, LENA):
        app.add_agent(agent)
    app.settings(
        {"teams": [{"teamId": SALES, "agents": [OMAR, JANE]}, {"teamId": HELP, "agents": [OMAR, LENA]}]}
    )
    return app


def settings(app: App, *teams: dict[str, Any], **more: object) -> None:
    app.settings({"teams": list(teams), **more})


def create(client: Client, team: str | None = None, **metadata: object) -> dict[str, Any]:
    named = {} if team is None else {"KM_TEAM_ID": team}
    return client.created("user-1", metadata={**named, **metadata})


def assignee(client: Client, team: str | None = None) -> str | None:
    found: str | None = create(client, team)["metadata"].get("CONVERSATION_ASSIGNEE")
    return found


def test_each_team_has_a_round_of_its_own_in_the_order_of_its_agents(app: App, client: Client) -> None:
    served = [assignee(client, team) for team in (SALES, HELP, None) for _ in range(3)]

    assert served == [OMAR, JANE, OMAR, OMAR, LENA, OMAR, JANE, OMAR, LENA]
    assert app.state()["teamRotations"] == {SALES: [JANE, OMAR], HELP: [LENA, OMAR]}


def test_the_conversation_says_its_team_and_whose_rules_it_went_by(app: App, client: Client) -> None:
    group = create(client, SALES, KM_TAGS="a")

    assert group["metadata"] == {
        "KM_TAGS": "a", "KM_TEAM_ID": SALES, "CONVERSATION_ASSIGNEE": OMAR, "CONVERSATION_STATUS": "0",
    }  # fmt: skip
    assert group["membersId"] == ["user-1", OMAR, "bot"]
    conversation = app.conversation(group["id"])
    assert (conversation.team, conversation.routing["team"]) == (SALES, SALES)


@pytest.mark.parametrize("team", ["1", "", " ", "sales", "🦆", SALES.lower() + "0"])
def test_an_unknown_team_is_kept_and_the_apps_rules_decide(app: App, client: Client, team: str) -> None:
    group = create(client, team)

    assert group["metadata"] == {
        "KM_TEAM_ID": team, "CONVERSATION_ASSIGNEE": JANE, "CONVERSATION_STATUS": "0",
    }  # fmt: skip
    assert "team" not in app.conversation(group["id"]).routing


def test_where_unknown_input_is_refused_an_unknown_team_is_too(app: App, client: Client) -> None:
    app.settings({"strict": True})
    (entry,) = client.create(metadata={"KM_TEAM_ID": "103785934"}).json()["errorResponse"]

    assert (entry["errorCode"], entry["description"]) == (
        "MOCK-PARAM",
        (
            f"body 'metadata.KM_TEAM_ID': must be a team of this app ({SALES}, {HELP}); got '103785934'; "
            f"did you mean '{SALES}'?"
        ),
    )
    settings(app)
    assert create(client, "103785934")["metadata"]["KM_TEAM_ID"] == "103785934"


def test_a_team_id_is_text_whether_it_comes_as_a_number_or_not(app: App, client: Client) -> None:
    settings(app, {"teamId": 7, "agents": [LENA]})

    assert app.settings()["teams"][0]["teamId"] == "7"
    assert [assignee(client, team) for team in ("7", 7)] == [LENA, LENA]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"rule": "notify_everybody"}, (0, ADMIN)),
        ({"rule": "notify_everybody", "defaultAgent": JANE}, (0, JANE)),
        ({"assignNewConversationsTo": "robot"}, (0, "robot")),
        ({"waitingQueue": True}, (7, None)),
        ({}, (0, ADMIN)),
        ({"defaultAgent": LENA}, (0, LENA)),
        ({"defaultAgent": None}, (0, None)),
    ],
    ids=str,
)
def test_a_team_has_rules_of_its_own(
    app: App, client: Client, own: dict[str, Any], expected: tuple[int, str | None]
) -> None:
    app.add_bot("robot")
    settings(app, {"teamId": SALES, "agents": [OMAR], **own})
    app.control("PATCH", f"users/{OMAR}", {"availability": "away"})
    conversation = app.conversation(create(client, SALES)["id"])

    assert (conversation.status, conversation.assignee) == expected
    assert assignee(client) == JANE


def test_a_team_may_have_no_bot_where_its_app_has_one(app: App, client: Client) -> None:
    app.add_bot("robot")
    none = {"teamId": SALES, "agents": [OMAR], "assignNewConversationsTo": None}
    settings(app, none, routing={"assignNewConversationsTo": "robot"})

    assert (assignee(client, SALES), assignee(client)) == (OMAR, "robot")


def test_each_team_has_a_queue_of_its_own_and_the_app_another(app: App, client: Client) -> None:
    app.settings({"handlingLimit": 0, "routing": {"waitingQueue": True}})
    made = {team: [create(client, team)["id"] for _ in range(2)] for team in (SALES, HELP, None, "unknown")}

    assert ok(client.waiting(SALES)) == made[SALES]
    assert ok(client.waiting(HELP)) == made[HELP]
    assert ok(client.waiting("unknown")) == made["unknown"]
    assert ok(client.waiting()) == [one for several in made.values() for one in several]


def test_room_of_an_agent_goes_to_whoever_has_waited_longest_in_any_of_his_teams(
    app: App, client: Client
) -> None:
    app.settings({"handlingLimit": 0, "routing": {"waitingQueue": True}})
    help_one, sales, plain, other = (create(client, team)["id"] for team in (HELP, SALES, None, HELP))
    app.control("PATCH", f"users/{JANE}", {"handlingLimit": 1})
    assert app.waiting() == [help_one, plain, other]
    app.control("PATCH", f"users/{OMAR}", {"handlingLimit": 2})

    assert app.waiting() == [other]
    assert [app.conversation(one).assignee for one in (sales, help_one, plain)] == [JANE, OMAR, OMAR]


def test_a_team_without_room_does_not_keep_others_waiting(app: App, client: Client) -> None:
    app.settings({"handlingLimit": 1, "routing": {"waitingQueue": True}})
    first, second, stuck = (create(client, team)["id"] for team in (SALES, SALES, SALES))
    plain = create(client)["id"]
    assert app.conversation(plain).assignee == LENA
    waiting = create(client)["id"]
    ok(client.status(plain, 2))

    assert app.conversation(waiting).assignee == LENA
    assert app.waiting() == [stuck]
    assert [app.conversation(one).assignee for one in (first, second)] == [OMAR, JANE]


def test_a_team_that_is_taken_out_leaves_its_queue_to_the_app(app: App, client: Client) -> None:
    settings(app, {"teamId": SALES, "agents": []}, routing={"waitingQueue": True})
    waiting = create(client, SALES)["id"]
    settings(app)
    conversation = app.conversation(waiting)

    assert (conversation.assignee, conversation.team, conversation.status) == (JANE, SALES, 0)
    assert "teamRotations" not in app.state()


def test_an_agent_who_joins_a_team_serves_its_queue(app: App, client: Client) -> None:
    settings(app, {"teamId": SALES, "agents": []}, routing={"waitingQueue": True})
    waiting = create(client, SALES)["id"]
    settings(app, {"teamId": SALES, "agents": [LENA]})

    assert app.conversation(waiting).assignee == LENA


def test_opened_again_while_its_agent_is_full_it_goes_by_its_teams_rules(app: App, client: Client) -> None:
    app.settings({"handlingLimit": 1})
    first = create(client, SALES)["id"]
    ok(client.status(first, 2))
    second = create(client, HELP)["id"]
    assert app.conversation(second).assignee == OMAR
    ok(client.status(first, 0))

    assert app.conversation(first).assignee == JANE


def handed(app: App, client: Client) -> int:
    """Create a conversation that a bot has; answer its id."""
    app.add_bot("robot", displayName="Robot")
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})
    return int(create(client)["id"])


def move(client: Client, conversation_id: int, team: str, sender: str = "robot", **body: object) -> None:
    ok(client.send(conversation_id, sender, **{"metadata": {"KM_ASSIGN_TEAM": team}, **body}))


@pytest.mark.parametrize("sender", ["robot", "user-1", ADMIN])
def test_a_message_moves_a_bots_conversation_to_a_team(app: App, client: Client, sender: str) -> None:
    conversation_id = handed(app, client)
    move(client, conversation_id, SALES, sender, message="")

    conversation = app.conversation(conversation_id)
    assert (conversation.team, conversation.assignee, conversation.routing["team"]) == (SALES, OMAR, SALES)
    assert OMAR in conversation.members
    sent, notice = app.messages(conversation_id)
    assert (sent.sender, notice.sender, notice.text) == (sender, "robot", f"Assigned to {OMAR}")
    assert create(client, HELP)["metadata"]["CONVERSATION_ASSIGNEE"] == "robot"


@pytest.mark.parametrize(
    ("setting", "members"), [({"removeBotOnHandoff": True}, {"bot"}), ({}, {"bot", "robot"})]
)
def test_the_bots_leave_with_the_move_if_the_setting_says_so(
    app: App, client: Client, setting: dict[str, Any], members: set[str]
) -> None:
    conversation_id = handed(app, client)
    app.settings(setting)
    move(client, conversation_id, SALES)

    conversation = app.conversation(conversation_id)
    assert conversation.assignee == OMAR
    assert {"bot", "robot"} & set(conversation.members) == members


def test_moved_to_a_team_without_room_it_waits_there(app: App, client: Client) -> None:
    conversation_id = handed(app, client)
    settings(app, {"teamId": SALES, "agents": [OMAR], "waitingQueue": True}, handlingLimit=0)
    move(client, conversation_id, SALES)

    assert ok(client.waiting(SALES)) == [conversation_id]
    assert app.conversation(conversation_id).status == 7
    app.control("PATCH", f"users/{OMAR}", {"handlingLimit": 1})
    assert app.conversation(conversation_id).assignee == OMAR


def test_moved_to_a_team_in_which_nobody_can_take_it_the_bot_goes_on(app: App, client: Client) -> None:
    conversation_id = handed(app, client)
    settings(app, {"teamId": SALES, "agents": [], "defaultAgent": None})
    move(client, conversation_id, SALES)

    conversation = app.conversation(conversation_id)
    assert (conversation.team, conversation.assignee) == (SALES, "robot")
    assert len(app.messages(conversation_id)) == 1


@pytest.mark.parametrize("team", ["1", "", SALES + " ", "x" * 1_000])
def test_a_team_that_there_is_not_moves_nothing(app: App, client: Client, team: str) -> None:
    conversation_id = handed(app, client)
    move(client, conversation_id, team)

    conversation = app.conversation(conversation_id)
    assert (conversation.team, conversation.assignee) == (None, "robot")
    assert len(app.messages(conversation_id)) == 1


@pytest.mark.parametrize("assignee", [JANE, ADMIN])
def test_while_no_bot_is_assigned_a_message_moves_nothing(app: App, client: Client, assignee: str) -> None:
    conversation_id = handed(app, client)
    ok(client.assign(conversation_id, assignee))
    move(client, conversation_id, SALES, ADMIN)

    conversation = app.conversation(conversation_id)
    assert (conversation.team, conversation.assignee) == (None, assignee)


def test_a_message_by_the_control_api_and_an_attachment_move_as_well(app: App, client: Client) -> None:
    metadata = {"KM_ASSIGN_TEAM": HELP}
    first, second = handed(app, client), create(client)["id"]
    app.control("POST", f"conversations/{first}/messages", {"from": "robot", "metadata": metadata})
    client.attach(second, "robot", metadata=metadata)

    assert [app.conversation(one).assignee for one in (first, second)] == [OMAR, LENA]


def test_a_text_that_holds_the_key_moves_nothing(app: App, client: Client) -> None:
    conversation_id = handed(app, client)
    metadata = {"note": '"KM_ASSIGN_TEAM"', '"KM_ASSIGN_TEAM"': SALES}
    move(client, conversation_id, "", message='{"KM_ASSIGN_TEAM": "103785933"}', metadata=metadata)

    assert app.conversation(conversation_id).assignee == "robot"


WRONG: list[tuple[Any, str]] = [
    ({"teams": {}}, "body 'teams': must be a list of teams"),
    ({"teams": None}, "body 'teams': must be a list of teams"),
    ({"teams": [7]}, "body 'teams[0]': must be an object"),
    ({"teams": [{}]}, "body 'teams[0].teamId': is missing: the team's id, as KM_TEAM_ID names it"),
    ({"teams": [{}]}, "body 'teams[0].agents': is missing: the ids of its agents"),
    ({"teams": [{"teamId": "", "agents": []}]}, "body 'teams[0].teamId': must have 1 to 256 characters"),
    (
        {"teams": [{"teamId": "x" * 257, "agents": []}]},
        "body 'teams[0].teamId': must have 1 to 256 characters",
    ),
    (
        {"teams": [{"teamId": True, "agents": []}]},
        "body 'teams[0].teamId': must be a whole number or a string",
    ),
    ({"teams": [{"teamId": "1", "agents": "jane"}]}, "body 'teams[0].agents': must be a list of user ids"),
    ({"teams": [{"teamId": "1", "agents": [7]}]}, "body 'teams[0].agents[0]': must be a string"),
    (
        {"teams": [{"teamId": "1", "agents": ["jame@example.com"]}]},
        (
            f"body 'teams[0].agents[0]': must be an agent of this app ({ADMIN}, {JANE}, {OMAR}, {LENA}); "
            f"got 'jame@example.com'; did you mean '{JANE}'?"
        ),
    ),
    (
        {"teams": [{"teamId": "1", "agents": ["bot"]}]},
        "body 'teams[0].agents[0]': must be an agent of this app",
    ),
    (
        {"teams": [{"teamId": "1", "agents": [JANE, OMAR, JANE]}]},
        "body 'teams[0].agents[2]': stands here twice",
    ),
    (
        {"teams": [{"teamId": "1", "agents": []}, {"teamId": 1, "agents": []}]},
        "body 'teams[1].teamId': stands here twice",
    ),
    (
        {"teams": [{"teamId": "1", "agents": [], "rule": "best"}]},
        "body 'teams[0].rule': must be one of automatic",
    ),
    (
        {"teams": [{"teamId": "1", "agents": [], "defaultAgent": "bot"}]},
        "body 'teams[0].defaultAgent': must be an agent of this app",
    ),
    (
        {"teams": [{"teamId": "1", "agents": [], "assignNewConversationsTo": JANE}]},
        "body 'teams[0].assignNewConversationsTo': must be a bot of this app (bot)",
    ),
    (
        {"teams": [{"teamId": "1", "agents": [], "waitingQueue": "yes"}]},
        "body 'teams[0].waitingQueue': must be true or",
    ),
    (
        {"teams": [{"teamId": "1", "agents": [], "waitingqueue": True}]},
        "body 'teams[0].waitingqueue': is not known here; did you mean 'waitingQueue'?",
    ),
    (
        {"teams": [{"teamId": str(n), "agents": []} for n in range(1_001)]},
        "body 'teams': must have at most 1000",
    ),
]


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_with_teams_is_named_and_nothing_is_changed(
    app: App, client: Client, changes: dict[str, Any], message: str
) -> None:
    before = app.settings()
    response = client.call("PATCH", f"/_mock/apps/{app.application_id}/settings", json=changes)

    assert message in error(response, 400)["message"]
    assert app.settings() == before


def test_who_is_in_a_team_cannot_be_deleted_nor_be_something_else(app: App, client: Client) -> None:
    path = f"/_mock/apps/{app.application_id}/users/{LENA}"

    for response in (client.call("DELETE", path), client.call("PATCH", path, json={"role": "bot"})):
        entry = error(response, 409)
        assert (entry["code"], "(routing, teams)" in entry["hint"]) == ("USER_NEEDED", True)
    settings(app)
    assert client.call("DELETE", path).status_code == 200


def test_teams_go_from_state_to_state(app: App, client: Client) -> None:
    app.settings({"handlingLimit": 1, "routing": {"waitingQueue": True}})
    for team in (SALES, SALES, SALES, HELP, "unknown"):
        create(client, team)
    state = app.state()
    told = [(one["metadata"].get("KM_TEAM_ID"), one.get("queueNumber")) for one in state["conversations"]]
    app.reset()
    app.load_state(state)

    assert told == [(SALES, None), (SALES, None), (SALES, 1), (HELP, None), ("unknown", 2)]
    assert app.state() == state
    assert len(ok(client.waiting(SALES))) == 1
