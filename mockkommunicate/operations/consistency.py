"""What in a scenario contradicts itself, though each field alone is right."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mockkommunicate.domain import limits
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import Problem
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.operations import generated


def check(scenario: dict[str, Any]) -> list[Problem]:
    """List the contradictions of a loaded scenario, each with its path."""
    return [Problem("", path, message) for path, message in _found(scenario)]


def _found(scenario: dict[str, Any]) -> Iterator[tuple[str, str]]:
    roles = {user["user_id"]: Role(user["role"]) for user in scenario["users"]}
    yield from _users(scenario)
    yield from _routing(scenario, roles)
    yield from _conversations(scenario, roles)
    yield from _limits(scenario)
    wanted = scenario.get("generate")
    if wanted is not None and not generated.is_locale(wanted["locale"]):
        yield "generate.locale", f"{wanted['locale']!r} is none of Faker's, such as en_US or de_DE"


def _users(scenario: dict[str, Any]) -> Iterator[tuple[str, str]]:
    taken = dict.fromkeys(
        generated.customer_ids(scenario.get("generate")), "is generated too; name it otherwise"
    )
    for index, user in enumerate(scenario["users"]):
        path = f"users[{index}].userId"
        if user["user_id"] in taken:
            yield path, f"{user['user_id']!r} {taken[user['user_id']]}"
        if user["user_id"] == SYSTEM_BOT and user["role"] != Role.BOT:
            yield f"users[{index}].role", f"must be bot: {SYSTEM_BOT!r} is the system user"
        taken[user["user_id"]] = "stands here twice"


def _routing(scenario: dict[str, Any], roles: dict[str, Role]) -> Iterator[tuple[str, str]]:
    routing = scenario.get("settings", {}).get("routing", {})
    agents = [user_id for user_id, role in roles.items() if role.is_agent]
    bots = [user_id for user_id, role in roles.items() if role is Role.BOT]
    if routing.get("default_agent") not in {None, *agents}:
        yield "settings.routing.defaultAgent", _must_be("an agent", agents)
    if routing.get("assign_new_conversations_to") not in {None, *bots}:
        yield "settings.routing.assignNewConversationsTo", _must_be("a bot", bots)


def _conversations(scenario: dict[str, Any], roles: dict[str, Role]) -> Iterator[tuple[str, str]]:
    staff = [user_id for user_id, role in roles.items() if role is not Role.CUSTOMER]
    taken: set[str] = set()
    for index, conversation in enumerate(scenario["conversations"]):
        if conversation.get("assignee") not in {None, *staff}:
            yield f"conversations[{index}].assignee", _must_be("an agent or bot", staff)
        client_group_id = conversation.get("client_group_id")
        if client_group_id in taken:
            yield f"conversations[{index}].clientGroupId", f"{client_group_id!r} stands here twice"
        taken |= {client_group_id} - {None}


def _limits(scenario: dict[str, Any]) -> Iterator[tuple[str, str]]:
    of_app = scenario.get("settings", {}).get("handling_limit")
    limits_of = {
        user["user_id"]: limits.effective(user.get("handling_limit"), of_app=of_app)
        for user in scenario["users"]
        if Role(user["role"]).is_agent
    }
    counts: Counter[str] = Counter()
    for index, conversation in enumerate(scenario["conversations"]):
        assignee = conversation.get("assignee")
        if assignee not in limits_of or Status[conversation.get("status", "open").upper()] not in limits.OPEN:
            continue
        if not limits.has_room(counts[assignee], limit=limits_of[assignee]):
            yield (
                f"conversations[{index}].assignee",
                f"{assignee!r} is at his handling limit of {limits_of[assignee]}",
            )
        counts[assignee] += 1


def _must_be(kind: str, known: list[str]) -> str:
    return f"must be {kind} of this scenario ({', '.join(known) or 'there is none'})"
