"""Agents, customers and conversations that Faker makes up from the app's seed.

Whatever is made up follows from seed and present time alone: neither from the order of hashes, nor from a random
generator that anybody else draws from, nor from the wall clock (which is why Faker's e-mail addresses are not used).
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import Draft
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import pace
from mockkommunicate.operations.story import Line, Story

PER_DAY = 40
"""How many conversations a working day has, unless the scenario says how many days there are."""

_ENGLISH = "en_US"
_SLOWEST_REPLY = 4 * pace.MINUTE
_LONGEST_TALK = 2 * pace.HOUR
_RECENT = (
    *(Status.OPEN, Status.PROGRESS, Status.UNRESPONDED, Status.WAITING, Status.SPAM),
    *(Status.DUPLICATE, Status.ARCHIVE, Status.CLOSED, Status.CLOSED, Status.CLOSED),
)
_LONG_AGO = (*(Status.SPAM, Status.DUPLICATE, Status.ARCHIVE), *[Status.CLOSED] * 7)
_UNANSWERED = {Status.WAITING, Status.SPAM}
_UNROUTED = {"SKIP_ROUTING": "true"}


def is_locale(locale: str) -> bool:
    """Tell whether Faker knows a locale."""
    return locale in locales()


def locales() -> list[str]:
    """List the locales that Faker knows."""
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - not needed to serve

    return sorted(AVAILABLE_LOCALES)


def agent_ids(wanted: dict[str, Any] | None) -> list[str]:
    """List the ids of the agents that are made up."""
    count = 0 if wanted is None else wanted["agents"]
    return [f"agent-{index}@example.com" for index in range(1, count + 1)]


def customer_ids(wanted: dict[str, Any] | None) -> list[str]:
    """List the ids of the customers that are made up."""
    count = 0 if wanted is None else wanted["customers"]
    return [f"customer-{index}" for index in range(1, count + 1)]


class Maker:
    """Makes up what one app shall hold: its people, and the stories of its conversations, each once."""

    def __init__(self, wanted: dict[str, Any], *, seed: int, now: int) -> None:
        self._wanted = wanted
        self._now = now
        self._names = _faker(wanted["locale"], "person", seed)
        texts = _faker(_language(wanted["locale"]), "lorem", seed)
        self._sentence, self._random = texts.sentence, texts.random

    def people(self) -> list[dict[str, Any]]:
        """Make up the agents and customers, as a scenario's users."""
        agents = [
            {"user_id": user_id, "role": Role.AGENT, "display_name": self._names.name()}
            for user_id in agent_ids(self._wanted)
        ]
        return [*agents, *self._customers()]

    def _customers(self) -> Iterator[dict[str, Any]]:
        taken: set[str] = set()
        for index, user_id in enumerate(customer_ids(self._wanted), 1):
            name = self._names.name()
            local = _ascii(name) or user_id
            local = f"{local}.{index}" if local in taken else local
            taken.add(local)
            yield {
                "user_id": user_id,
                "role": Role.CUSTOMER,
                "display_name": name,
                "email": f"{local}@example.com",
                "phone_number": f"+1555{index:07d}",
            }

    def stories(self) -> list[Story]:
        """Make up the conversations, in order of time."""
        customers = cycle(customer_ids(self._wanted))
        statuses = self._statuses()
        return [
            self._story(customer_id, status, began)
            for customer_id, status, began in zip(customers, statuses, self._beginnings(), strict=False)
        ]

    def _beginnings(self) -> list[int]:
        """Spread the conversations over the working hours of the last days, so that all have come to their end."""
        count: int = self._wanted["conversations"]
        days: int = self._wanted.get("days", -(-count // PER_DAY))
        span = days * pace.WORKDAY
        done = pace.worked(self._now - self._wanted["messages"] * self._slowest)
        places = [(index + self._random.random()) / count for index in range(count)]
        return [max(0, pace.at_work(done - 1 - int((1 - place) * span))) for place in places]

    @property
    def _slowest(self) -> int:
        """The longest that anybody lets the other wait; shorter, where there is much to say."""
        count: int = self._wanted["messages"]
        return min(_SLOWEST_REPLY, _LONGEST_TALK // max(1, count))

    def _statuses(self) -> Iterator[Status]:
        """Give the conversations of the last day every status, most of those before it the status closed."""
        old = max(0, self._wanted["conversations"] - PER_DAY)
        for index in range(0, self._wanted["conversations"], len(_RECENT)):
            yield from self._random.sample(_LONG_AGO if index < old else _RECENT, len(_RECENT))

    def _story(self, customer_id: str, status: Status, began: int) -> Story:
        """Make up a conversation: who waits is assigned to nobody, else the rules decide and it becomes what it is."""
        waits = status is Status.WAITING
        lines = self._lines(customer_id, status, began)
        return Story(
            name=(lines[0].draft.text if lines else self._sentence()).rstrip("."),
            member_ids=[customer_id],
            began=began,
            lines=lines,
            status=status if waits else Status.OPEN,
            metadata=_UNROUTED if waits else {},
            ends_as=None if waits else status,
        )

    def _lines(self, customer_id: str, status: Status, began: int) -> list[Line]:
        """Let customer and agent write in turn, the customer first; and last too, if nobody has answered yet."""
        count = self._wanted["messages"]
        lines = []
        at = began
        for index in range(count):
            at = min(self._now, at + self._random.randint(self._slowest // 8, self._slowest))
            unanswered = status in _UNANSWERED or (status is Status.UNRESPONDED and index == count - 1)
            sender = customer_id if unanswered or index % 2 == 0 else None
            lines.append(Line(sender, at, Draft(text=self._sentence())))
        return lines


def _faker(locale: str, provider: str, seed: int) -> Any:  # noqa: ANN401 - Faker is not needed to serve, so it is imported late
    from faker import Faker  # noqa: PLC0415

    fake = Faker(locale, providers=[f"faker.providers.{provider}"])
    fake.seed_instance(seed)
    return fake


def _language(locale: str) -> str:
    """Answer the locale of Faker's texts: it has none for most, and would write Latin."""
    import faker.providers.lorem  # noqa: PLC0415 - not needed to serve
    from faker.utils.loading import list_module  # noqa: PLC0415

    language = locale.partition("_")[0]
    known = [other for other in list_module(faker.providers.lorem) if other.partition("_")[0] == language]
    return min(known, key=lambda other: (other != locale, other != _ENGLISH, other), default=_ENGLISH)


def _ascii(name: str) -> str:
    """Write a name as the local part of an e-mail address, as far as ASCII goes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join(re.findall("[a-z]+", plain.lower()))
