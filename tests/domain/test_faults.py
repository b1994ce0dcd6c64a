"""When faults strike: how often, in which order, with which chance, over which limit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain import faults
from mockkommunicate.domain.faults import (
    LONGEST_DELAY_MS,
    Documented,
    Fault,
    Gateway,
    Lognormal,
    Phase,
    Tally,
    Uniform,
    When,
)
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.socket_kinds import SocketKind

COUNTS = st.integers(1, 20)
TIMES = st.lists(st.integers(0, 500), max_size=60).map(
    lambda steps: [sum(steps[:end]) for end in range(len(steps))]
)


SERIES_OF_42 = "..xxx..xxx.xx..."
UNIFORM_OF_42 = [16, 16, 14, 14, 10]
LOGNORMAL_OF_42 = [137, 288, 73, 68, 55]


def struck(when: When, times: list[int] | int, *, seed: int = 7, fault_id: int = 1) -> list[bool]:
    """Answer which of the requests at these times are struck, or of so many at once."""
    tally = Tally()
    series = []
    for now in [0] * times if isinstance(times, int) else times:
        tally = faults.count(when, tally, now=now)
        hit = faults.strikes(when, tally, dice=faults.dice_of(seed, fault_id, tally.seen))
        tally = tally._replace(hits=tally.hits + hit)
        series.append(hit)
    assert (tally.seen, tally.hits) == (len(series), sum(series))
    return series


def places(when: When, requests: int = 12) -> list[int]:
    """Answer which of the requests are struck, the first being 1."""
    return [place for place, hit in enumerate(struck(when, requests), start=1) if hit]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When(), [*range(1, 13)]),
        (When(times=1), [1]),
        (When(times=3), [1, 2, 3]),
        (When(after=10), [11, 12]),
        (When(after=12), []),
        (When(every=1), [*range(1, 13)]),
        (When(every=5), [5, 10]),
        (When(after=2, every=3), [5, 8, 11]),
        (When(after=2, times=2), [3, 4]),
        (When(every=4, times=2), [4, 8]),
        (When(after=1, every=2, times=3), [3, 5, 7]),
        (When(limit=3, window=1000), [*range(4, 13)]),
        (When(limit=0, window=1000), [*range(1, 13)]),
        (When(limit=3, window=1000, times=2), [4, 5]),
        (When(limit=3, window=1000, every=5), [5, 10]),
    ],
    ids=str,
)
def test_conditions_strike_the_requests_to_which_all_of_them_say_yes(when: When, expected: list[int]) -> None:
    assert places(when) == expected


@given(times=COUNTS, after=st.integers(0, 20), every=COUNTS, requests=st.integers(0, 100))
def test_hits_are_never_more_than_times(times: int, after: int, every: int, requests: int) -> None:
    series = struck(When(times=times, after=after, every=every), requests)

    assert sum(series) == min(times, max(0, requests - after) // every)


@given(after=st.integers(0, 20), every=COUNTS, requests=st.integers(0, 100))
def test_each_nth_is_struck_counted_from_behind_those_that_pass(
    after: int, every: int, requests: int
) -> None:
    hits = [place for place, hit in enumerate(struck(When(after=after, every=every), requests), 1) if hit]

    assert hits == list(range(after + every, requests + 1, every))


@given(limit=st.integers(0, 6), window=st.integers(1, 400), times=TIMES)
def test_no_window_lets_more_than_its_limit_through(limit: int, window: int, times: list[int]) -> None:
    begun: int | None = None
    seen = 0
    for now, hit in zip(times, struck(When(limit=limit, window=window), times), strict=True):
        if begun is None or now >= begun + window:
            begun, seen = now, 0
        seen += 1

        assert hit is (seen > limit)


def test_a_window_begins_with_its_first_request_and_ends_in_time() -> None:
    when = When(limit=2, window=1_000)

    assert struck(when, [500, 600, 700, 1_499, 1_500, 1_600, 2_499, 2_500]) == [
        *(False, False, True, True),
        *(False, False, True),
        False,
    ]


def test_a_clock_that_is_set_back_begins_a_window_of_its_own() -> None:
    assert struck(When(limit=1, window=1_000), [5_000, 5_001, 100, 101]) == [False, True, False, True]


@given(seed=st.integers(0, 2**53), fault_id=st.integers(1, 1_000), probability=st.floats(0.01, 1))
def test_the_same_seed_gives_the_same_series(seed: int, fault_id: int, probability: float) -> None:
    when = When(probability=probability)

    assert struck(when, 40, seed=seed, fault_id=fault_id) == struck(when, 40, seed=seed, fault_id=fault_id)


def test_the_series_of_a_seed_is_the_same_on_every_python() -> None:
    half = struck(When(probability=0.5), 16, seed=42)
    dice = [faults.dice_of(42, 1, seen) for seen in range(1, 6)]

    assert "".join("x" if hit else "." for hit in half) == SERIES_OF_42
    assert [Uniform(least=10, most=20).draw(one) for one in dice] == UNIFORM_OF_42
    assert [Lognormal(median=100, sigma=0.5).draw(one) for one in dice] == LOGNORMAL_OF_42


def test_seeds_and_rules_have_series_of_their_own() -> None:
    when = When(probability=0.5)
    several = {tuple(struck(when, 64, seed=seed, fault_id=number)) for seed in (1, 2) for number in (1, 2)}

    assert len(several) == 4


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_a_probability_is_met_in_the_long_run(probability: float) -> None:
    assert sum(struck(When(probability=probability), 2_000)) == pytest.approx(2_000 * probability, abs=80)


def test_a_probability_of_one_is_certain() -> None:
    assert all(struck(When(probability=1.0), 500))


@given(seen=st.integers(0, 10_000), bounds=st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted))
def test_a_uniform_delay_is_within_its_bounds(seen: int, bounds: list[int]) -> None:
    least, most = bounds

    assert least <= Uniform(least=least, most=most).draw(faults.dice_of(1, 1, seen)) <= most


def test_a_uniform_delay_reaches_both_of_its_bounds() -> None:
    drawn = {Uniform(least=3, most=5).draw(faults.dice_of(1, 1, seen)) for seen in range(200)}

    assert drawn == {3, 4, 5}


def test_half_of_the_lognormal_delays_are_over_the_median() -> None:
    drawn = sorted(Lognormal(median=200, sigma=1.0).draw(faults.dice_of(1, 1, seen)) for seen in range(2_001))

    assert drawn[1_000] == pytest.approx(200, rel=0.1)
    assert drawn[-1] > 2_000


@given(
    seen=st.integers(0, 10_000),
    median=st.integers(1, LONGEST_DELAY_MS),
    sigma=st.floats(0, 5, allow_nan=False),
)
def test_no_lognormal_delay_is_longer_than_the_longest(seen: int, median: int, sigma: float) -> None:
    assert 0 <= Lognormal(median=median, sigma=sigma).draw(faults.dice_of(1, 1, seen)) <= LONGEST_DELAY_MS


def rule(**parts: Any) -> Fault:
    """A rule for every request to send a message, which answers 503, but for `parts`."""
    plain = {
        "match": RequestMatcher(method="POST"),
        "when": When(),
        "phase": Phase.BEFORE,
        "effect": Gateway(status=503),
        "latency": None,
    }
    return Fault(**{**plain, **parts})


SEND = Received(method="POST", path="/rest/ws/message/v2/send", operation="message.send")


def test_a_rule_sees_what_it_matches() -> None:
    assert rule().sees(SEND, now=0)
    assert not rule(match=RequestMatcher(method="PATCH")).sees(SEND, now=0)


def test_a_rule_sleeps_from_its_until_on() -> None:
    awake = [rule(when=When(until=100)).sees(SEND, now=now) for now in (0, 99, 100, 101)]

    assert awake == [True, True, False, False]


@pytest.mark.parametrize(
    ("name", "operation", "sees"),
    [
        ("AL-G-01", "message.send", True),
        ("AL-G-02", "message.send", False),
        ("AGENT_IS_ALREADY_ENGAGED", "conversation.assignee", True),
        ("AGENT_IS_ALREADY_ENGAGED", "conversation.status", False),
        ("AL-U-01", None, False),
        ("AL-MA-01", None, True),
    ],
)
def test_a_documented_failure_is_only_for_operations_that_can_have_it(
    name: str, operation: str | None, *, sees: bool
) -> None:
    received = Received(method="POST", path="/", operation=operation)

    assert rule(effect=Documented(name=name)).sees(received, now=0) is sees


@pytest.mark.parametrize(
    ("phase", "effect", "runs"),
    [
        (Phase.BEFORE, Gateway(status=503), False),
        (Phase.AFTER, Gateway(status=503), True),
        (Phase.BEFORE, None, True),
        (Phase.AFTER, None, True),
        *((Phase.BEFORE, kind, kind in faults.SPOILING) for kind in SocketKind),
        *((Phase.AFTER, kind, True) for kind in SocketKind),
    ],
)
def test_an_operation_runs_where_its_own_answer_is_needed_or_only_lost(
    phase: Phase, effect: Any, *, runs: bool
) -> None:
    assert faults.runs(phase, effect) is runs
