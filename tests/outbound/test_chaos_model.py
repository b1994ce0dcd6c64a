"""Chaos against a pure model: whatever rules and messages come, a real receiver gets what the model says, in its order.

The model knows the documented rules and nothing of rows, threads and clocks: a lane is a list of messages.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mockkommunicate import App, MockKommunicate
from mockkommunicate.handle.results import Delivery
from mockkommunicate.store.deliveries import list_page
from tests.client import Client, ok
from tests.receivers import Receiver

NOON = 1_900_000_000_000
DAY = 86_400_000
LONGEST = 40

WHENS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"times": st.integers(1, 4)}),
    st.fixed_dictionaries(
        {},
        optional={
            "after": st.integers(0, 3),
            "every": st.integers(1, 3),
            "probability": st.sampled_from([0.2, 0.5, 0.9]),
        },
    ),
)
DOS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"deliver": st.just("duplicate"), "copies": st.integers(1, 3)}),
    st.fixed_dictionaries({"deliver": st.just("reorder"), "withinMs": st.integers(1, LONGEST)}),
    st.fixed_dictionaries({"deliver": st.just("delay"), "delayMs": st.integers(1, LONGEST)}),
    st.just({"deliver": "drop"}),
    st.just({"deliver": "corrupt", "part": "message"}),
)
RULES = st.lists(st.tuples(st.none() | st.integers(0, 1), WHENS, DOS), min_size=2, max_size=4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 1)),
        st.tuples(st.just("say"), st.integers(0, 1)),
        st.tuples(st.just("advance"), st.integers(1, LONGEST)),
        st.tuples(st.just("settle"), st.just(0)),
    ),
    min_size=8,
    max_size=25,
)


@dataclass
class Rule:
    """A rule of the model: for one conversation or all, with its own dice."""

    number: int
    lane: int | None
    when: dict[str, Any]
    do: dict[str, Any]
    seen: int = 0
    hits: int = 0

    def strikes(self, seed: int) -> bool:
        place = self.seen - self.when.get("after", 0)
        is_due = place > 0 and place % int(self.when.get("every", 1)) == 0
        is_left = self.hits < int(self.when.get("times", self.hits + 1))
        chance = float(self.when.get("probability", 1))
        return is_due and is_left and Random(f"{seed}:{self.number}:{self.seen}").random() < chance


@dataclass
class Model:
    """Two lanes as lists of what goes out, and for each until when its last message is held back."""

    seed: int
    rules: list[Rule]
    now: int = 0
    lanes: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    held_until: list[int] = field(default_factory=lambda: [0, 0])
    dropped: list[str] = field(default_factory=list)

    def say(self, lane: int, text: str) -> None:
        holds = self.now < self.held_until[lane]
        do = self._struck(lane, holds=holds)
        if do.get("deliver") == "drop":
            self.dropped.append(text)
            return
        damaged = text[: len(text) // 2] + "\ufffd" + text[len(text) // 2 :]
        first = damaged if do.get("deliver") == "corrupt" else text
        copies = do["copies"] if do.get("deliver") == "duplicate" else 0
        end = len(self.lanes[lane]) - holds
        self.lanes[lane][end:end] = [first, *[text] * copies]
        self.held_until[lane] = self.now + do["withinMs"] if do.get("deliver") == "reorder" else 0

    def _struck(self, lane: int, *, holds: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for rule in self.rules:
            if rule.lane not in {None, lane} or (rule.do["deliver"] == "reorder" and holds):
                continue
            rule.seen += 1
            if not found and rule.strikes(self.seed):
                rule.hits += 1
                found = rule.do
        return found


def run(server: MockKommunicate, app: App, model: Model, steps: list[tuple[str, int]]) -> list[int]:
    """Take the steps with an app and with the model; answer the conversations."""
    client = Client(app.url, app.api_key)
    lanes = [int(client.created("carl")["id"]) for _ in range(2)]
    for rule in model.rules:
        match = {"delivery": "webhook"} | ({} if rule.lane is None else {"conversation": lanes[rule.lane]})
        app.control("POST", "faults", {"match": match, "when": rule.when, "do": rule.do})
    for number, (step, value) in enumerate(steps):
        if step == "say":
            ok(client.send(lanes[value], "carl", message=f"message {number}"))
            model.say(value, f"message {number}")
        elif step == "advance":
            app.clock.advance(value)
            model.now += value
        else:
            app.settle()
        assert_each_lane_has_one_leader(server, app)
    app.clock.advance(DAY)
    app.settle()
    return lanes


def assert_each_lane_has_one_leader(server: MockKommunicate, app: App) -> None:
    """Look into the database: of what is owed in a lane the first leads, and nothing else."""
    with server._database.read() as connection:
        owed = list_page(connection, app.application_id, {"state": "pending"}, most=1_000)
    for lane in {delivery.lane for delivery in owed}:
        in_order = sorted((each.place, each.leads) for each in owed if each.lane == lane)
        assert [leads for _, leads in in_order] == [True] + [False] * (len(in_order) - 1)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.generate],  # to find the least example takes longer than a test may
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rules=RULES, steps=STEPS, seed=st.integers(0, 1_000))
def test_a_receiver_gets_what_the_model_says(
    sending: MockKommunicate, rules: list[Any], steps: list[tuple[str, int]], seed: int
) -> None:
    model = Model(seed, [Rule(number, *rule) for number, rule in enumerate(rules, start=1)])
    with Receiver() as receiver:
        app = sending.create_app(seed=seed, at=NOON, settings={"webhook": {"url": receiver.url}})
        lanes = run(sending, app, model, steps)
        deliveries = app.deliveries()
        counts = [(fault.rule["seen"], fault.hits) for fault in app.faults()]
        app.delete()

    got = [[each.json["message"] for each in receiver.got if each.json["groupId"] == id_] for id_ in lanes]
    assert got == list(model.lanes)
    assert counts == [(rule.seen, rule.hits) for rule in model.rules]
    assert [each.payload["message"] for each in deliveries if each.state == "failed"] == model.dropped
    assert all(len(each.attempts) == 1 for each in deliveries)


def test_the_same_seed_and_the_same_calls_give_the_same_chaos(sending: MockKommunicate) -> None:
    told: list[list[tuple[str, Any]]] = []
    for _ in range(2):
        with Receiver() as receiver:
            webhook = {"webhook": {"url": receiver.url}}
            app = sending.create_app(seed=7, at=NOON, settings=webhook)
            client = Client(app.url, app.api_key)
            group_id = client.created("carl")["id"]
            app.disturb("webhook", drop=True, probability=0.2)
            app.disturb("webhook", duplicate=True, probability=0.3)
            app.disturb("webhook", reorder=True, probability=0.5)
            for number in range(30):
                ok(client.send(group_id, "carl", message=str(number)))
            told.append([_told(each) for each in app.settle()])
            app.clock.advance(DAY)
            told[-1].append(("got", receiver.messages))

    assert told[0] == told[1]
    assert {"drop", "duplicate", "reorder"} <= {what["deliver"] for _, what in told[0][:-1] if what}


def _told(delivery: Delivery) -> tuple[str, Any]:
    return delivery.payload["message"], delivery.fault
