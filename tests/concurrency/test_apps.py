"""Apps at once: made once, and each a world of its own."""

import json
import re
import secrets
from typing import Any

from mockkommunicate import App
from mockkommunicate.handle import call
from tests.client import ok
from tests.concurrency.crowd import CALLERS, Caller, Crowd, scaled
from tests.served import Served

STEPS = scaled(10)
KEYS = scaled(4)


def begin_a_world(caller: Caller, key: str) -> int:
    own = Caller(App(caller.url, key.removeprefix("auto-"), key))
    return int(own.created("user-1")["id"])


def look_into_a_new_world(caller: Caller, key: str) -> int:
    own = Caller(App(caller.url, key.removeprefix("auto-"), key))
    return len(own.detail("admin@example.com", "bot").json())


def live(caller: Caller, credentials: tuple[str, str]) -> list[Any]:
    """Do a series of things in an app of one's own; answer all answers, without times."""
    own = Caller(App(caller.url, *credentials))
    answers: list[Any] = []
    for step in range(STEPS):
        created = own.create(f"customer-{step % 3}", clientGroupId=f"order-{step}")
        group = ok(created)
        answers += [
            created,
            own.create(clientGroupId=f"order-{step}"),
            own.send(group["id"], f"customer-{step % 3}", message=f"{step}"),
            own.assign(group["id"], "jane@example.com"),
            own.status(group["id"], step % 4),
            own.detail("customer-0", "jane@example.com"),
        ]
    return [_timeless(answer.text) for answer in answers]


def _timeless(text: str) -> Any:
    return json.loads(re.sub(r"\d{13}", "0", text))


def test_a_made_up_key_makes_one_app_however_many_use_it_first(crowd: Crowd, served: Served) -> None:
    keys = [f"auto-{secrets.token_hex(8)}" for _ in range(KEYS)]

    ids = crowd.throw(begin_a_world, served.app, [key for key in keys for _ in range(CALLERS)])

    for number in range(KEYS):
        own = sorted(ids[number * CALLERS : (number + 1) * CALLERS])
        assert own == list(range(own[0], own[0] + CALLERS))
    known = [app["apiKey"] for app in call("GET", f"{served.url}/_mock/apps")["apps"]]
    assert [known.count(key) for key in keys] == [1] * KEYS


def test_a_made_up_key_may_be_used_first_to_read(crowd: Crowd, served: Served) -> None:
    key = f"auto-{secrets.token_hex(8)}"

    found = crowd.throw(look_into_a_new_world, served.app, [key] * CALLERS)

    assert found == [2] * CALLERS


def test_apps_of_one_seed_answer_alike_however_busy_the_others_are(crowd: Crowd, served: Served) -> None:
    wanted = {"seed": 7, "users": [{"userId": "jane@example.com", "role": "agent", "handlingLimit": 4}]}
    made = [call("POST", f"{served.url}/_mock/apps", wanted) for _ in range(CALLERS)]

    lives = crowd.throw(live, served.app, [(app["applicationId"], app["apiKey"]) for app in made])

    assert lives == [lives[0]] * CALLERS
