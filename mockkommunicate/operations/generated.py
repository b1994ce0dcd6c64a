"""Customers and conversations that Faker makes up from the app's seed."""

from itertools import cycle, islice
from typing import Any

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import Draft
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import users
from mockkommunicate.operations.work import Work
from mockkommunicate.store import users as user_rows


def make(work: Work, wanted: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Add the customers wanted, and answer the conversations wanted in the form of a scenario's."""
    if wanted is None:
        return []
    fake = _faker(wanted["locale"], work.app.seed)
    customers = [_customer(fake, *numbered) for numbered in enumerate(customer_ids(wanted), 1)]
    user_rows.add(
        work.connection, [users.new(work, role=Role.CUSTOMER, **customer) for customer in customers]
    )
    agents = [
        user.user_id
        for user in user_rows.list_staff(work.connection, work.app_id)
        if Role(user.role).is_agent
    ]
    people = islice(zip(cycle(customers), cycle(Status), strict=False), wanted["conversations"])
    return [
        _conversation(
            fake, customer["user_id"], status, agents[index % len(agents)] if agents else None, wanted
        )
        for index, (customer, status) in enumerate(people)
    ]


def is_locale(locale: str) -> bool:
    """Tell whether Faker knows a locale."""
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - not needed to serve

    return locale in AVAILABLE_LOCALES


def customer_ids(wanted: dict[str, Any] | None) -> list[str]:
    """List the ids of the customers that are made up."""
    count = 0 if wanted is None else wanted["customers"]
    return [f"customer-{index}" for index in range(1, count + 1)]


def _faker(locale: str, seed: int) -> Any:  # noqa: ANN401 - Faker is not needed to serve, so it is imported late
    from faker import Faker  # noqa: PLC0415

    fake = Faker(locale)
    fake.seed_instance(seed)
    return fake


def _customer(fake: Any, index: int, user_id: str) -> dict[str, Any]:  # noqa: ANN401
    return {
        "user_id": user_id,
        "display_name": fake.name(),
        "email": fake.unique.safe_email(),
        "phone_number": f"+1555{index:07d}",
    }


def _conversation(
    fake: Any,  # noqa: ANN401
    customer_id: str,
    status: Status,
    agent_id: str | None,
    wanted: dict[str, Any],
) -> dict[str, Any]:
    """Make up a conversation: who waits is assigned to nobody, else customer and agent write in turn."""
    assignee = None if status is Status.WAITING else agent_id
    writers = cycle([customer_id, assignee or customer_id])
    count = 0 if status is Status.INITIAL else wanted["messages"]
    return {
        "name": fake.sentence(nb_words=4).rstrip("."),
        "member_ids": [customer_id] if assignee is None else [customer_id, assignee],
        "assignee": assignee,
        "status": status.name.lower(),
        "messages": [
            {"sender_id": writer, "draft": Draft(text=fake.sentence())} for writer in islice(writers, count)
        ],
    }
