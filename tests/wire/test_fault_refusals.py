"""Rules of faults that are wrong: each is refused by name, saying what would be right."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain import failures
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.wire import reading
from mockkommunicate.wire.faults import FaultRule

MATCH = {"operation": "message.send"}
DO = {"status": 503}

EFFECTS = "status, documented, gateway, html, socket, deliver"
OPERATION = f"must be one of {', '.join(OPERATIONS)}, or a matcher"
DOCUMENTED = f"must be one of {', '.join(failures.NAMES)}"
SOCKET = f"must be one of {', '.join(SocketKind)}"
PAGE = "must be one of 400, 403, 404, 405, 408, 413, 414, 429, 500, 502, 503, 504"
COUNT = "must be from 1 to 1000000000"
SHARE = "must be a number above 0 and at most 1"
SERVERS = "is written by the server itself; leave it out"
NAME = "must have a name of ASCII letters, digits and -, without spaces"
TEXT = "must be a text of one line in Latin-1, or a whole number"
MS = "must be from 0 to 600000 milliseconds"
NO_BODY = "cannot be given: an answer of status {} has none"
ALONE = "cannot be given together with status: a rule has one effect"


def problems(**rule: Any) -> list[str]:
    """List what is wrong with a rule for message.send that answers 503, but for what is given."""
    _, wrong = reading.load(FaultRule(), {"match": MATCH, "do": DO, **rule}, "body")
    return [f"{problem.name}: {problem.message.partition('; got')[0]}" for problem in wrong]


MATCHES: list[tuple[Any, str]] = [
    (None, "match: must be an object"),
    ([], "match: must be an object"),
    (
        {},
        "match: must name at least one of method, path, operation, query, headers, body, delivery, conversation, url",
    ),
    ({"operation": "message.sned"}, f"match.operation: {OPERATION}; did you mean 'message.send'?"),
    ({"operation": "MESSAGE.SEND"}, f"match.operation: {OPERATION}; did you mean 'message.send'?"),
    (
        {"operation": {"$regx": "^m"}},
        (
            "match.operation: '$regx' is no matcher; did you mean '$regex'?; there are $equals, $type, $regex, $absent"
            "; keys that begin with $ are plain ones inside $equals"
        ),
    ),
    ({"operatoin": "message.send"}, "match.operatoin: is not known here; did you mean 'operation'?"),
]
WHENS: list[tuple[Any, str]] = [
    ([], "when: must be an object"),
    ({"timse": 1}, "when.timse: is not known here; did you mean 'times'?"),
    (
        {"x": 1},
        "when.x: is not known here; there are times, after, every, probability, until, limit, window",
    ),
    ({"times": 0}, f"when.times: {COUNT}"),
    ({"times": -1}, f"when.times: {COUNT}"),
    ({"times": 1.5}, "when.times: must be a whole number"),
    ({"after": -1}, "when.after: must be from 0 to 1000000000"),
    ({"every": 0}, f"when.every: {COUNT}"),
    ({"limit": -1, "window": 1}, "when.limit: must be from 0 to 1000000000"),
    ({"limit": 1}, "when.window: is missing: limit goes with it"),
    ({"window": 1}, "when.limit: is missing: window goes with it"),
    ({"limit": 1, "window": 0}, "when.window: must be a duration from 1 to 253402300799999 milliseconds"),
    *(({"probability": value}, f"when.probability: {SHARE}") for value in (0, -0.1, 1.01, "0.5", True, None)),
]
DOS: list[tuple[Any, str]] = [
    (None, "do: must be an object"),
    ({}, f"do: must name one of {EFFECTS}, or latencyMs"),
    ({"status": 503, "gateway": 429}, f"do.gateway: {ALONE}"),
    ({"status": 199}, "do.status: must be from 200 to 599"),
    ({"status": 600}, "do.status: must be from 200 to 599"),
    *(({"status": status, "body": ""}, f"do.body: {NO_BODY.format(status)}") for status in (204, 205, 304)),
    ({"gateway": 503, "body": "x"}, "do.body: belongs to status, which is missing"),
    ({"html": 503, "headers": {}}, "do.headers: belongs to status, which is missing"),
    ({"socket": "reset", "retryAfter": 1}, "do.retryAfter: belongs to gateway, which is missing"),
    ({"latencyMs": 1, "body": 1}, "do.body: belongs to status, which is missing"),
    (
        {"status": 500, "body": "\ud800"},
        "do.body: must be text that UTF-8 can write: it has half of a surrogate pair",
    ),
    ({"status": 500, "headers": []}, "do.headers: must be an object of texts"),
    ({"status": 500, "headers": None}, "do.headers: must be an object of texts"),
    ({"documented": "AL-U-02"}, f"do.documented: {DOCUMENTED}; did you mean 'AL-U-01'?"),
    ({"documented": "?"}, f"do.documented: {DOCUMENTED}"),
    ({"gateway": 500}, "do.gateway: must be one of 401, 429, 502, 503, 504"),
    ({"gateway": 429, "retryAfter": -1}, "do.retryAfter: must be from 0 to 31536000"),
    ({"html": 200}, f"do.html: {PAGE}"),
    ({"socket": "rest"}, f"do.socket: {SOCKET}; did you mean 'reset'?"),
    ({"latencyMs": -1}, f"do.latencyMs: {MS}"),
    ({"latencyMs": {"fixed": 600_001}}, f"do.latencyMs: {MS}"),
    ({"latencyMs": {"uniform": [0, 600_001]}}, f"do.latencyMs: {MS}"),
    ({"latencyMs": {"uniform": [20, 10]}}, "do.latencyMs: must have its lesser bound first"),
    (
        {"latencyMs": {"lognormal": {"median": 0, "sigma": 1}}},
        "do.latencyMs: must have a median from 1 to 600000 milliseconds",
    ),
    (
        {"latencyMs": {"lognormal": {"median": 1, "sigma": 5.1}}},
        "do.latencyMs: must have a sigma from 0 to 5",
    ),
    ({"latencyMs": 5, "latency": 5}, "do.latency: is not known here; did you mean 'latencyMs'?"),
]
OTHERS: list[tuple[str, Any, str]] = [
    ("phase", "later", "phase: must be one of before, after; did you mean 'after'?"),
    ("phase", 1, "phase: must be a string"),
    ("ttlMs", 0, "ttlMs: must be a duration from 1 to 253402300799999 milliseconds"),
    ("dos", DO, "dos: is not known here; did you mean 'do'?"),
]
WRONG = [
    *(("match", *case) for case in MATCHES),
    *(("when", *case) for case in WHENS),
    *(("do", *case) for case in DOS),
    *OTHERS,
]


@pytest.mark.parametrize(("part", "value", "problem"), WRONG, ids=lambda part: ascii(part)[:50])
def test_what_is_wrong_with_a_rule_is_said_by_name(part: str, value: Any, problem: str) -> None:
    assert problems(**{part: value}) == [problem]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = problems(
        match={"operation": "x"}, when={"times": 0}, do={"html": 1, "socket": "x"}, phase="", ttlMs="a"
    )

    assert [text.partition(":")[0] for text in said] == [
        *("match.operation", "when.times", "phase", "do.html", "do.socket", "ttlMs")
    ]


def test_a_rule_that_says_nothing_is_refused() -> None:
    wrong = [reading.load(FaultRule(), rule, "body")[1] for rule in ({}, {"match": MATCH})]

    assert [list(map(str, several)) for several in wrong] == [
        ["body 'match': is missing: an object"],
        ["body 'do': is missing: what becomes of the requests"],
    ]


MALFORMED_LATENCIES = [
    *("", "5", True, None, [], [5], {}, 1.5),
    *({"fixed": "5"}, {"fixed": 1.5}, {"fixed": True}, {"fixed": 1, "x": 1}),
    *({"uniform": 5}, {"uniform": [1]}, {"uniform": [1, 2, 3]}, {"uniform": ["1", 2]}, {"normal": [1, 2]}),
    *({"lognormal": 5}, {"lognormal": {"median": 5}}, {"lognormal": {"median": "5", "sigma": 1}}),
    {"lognormal": {"median": 5, "sigma": 1, "x": 1}},
]


@pytest.mark.parametrize("latency", MALFORMED_LATENCIES, ids=str)
def test_a_delay_of_another_form_is_refused(latency: Any) -> None:
    (problem,) = problems(do={"latencyMs": latency})

    assert problem.startswith("do.latencyMs: must be milliseconds")


NO_VALUES: list[Any] = ["a\r\nX-B: c", "a\n", "\0", "€", 1.5, True, None, ["a"], {}]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("Content-Length", "1", SERVERS),
        ("transfer-encoding", "chunked", SERVERS),
        ("X-Mock-Fault", "1", SERVERS),
        *((name, "x", NAME) for name in ("", "a b", "a:", "é", "a\n")),
        *(("X-A", value, TEXT) for value in NO_VALUES),
    ],
    ids=lambda part: ascii(part)[:30],
)
def test_a_header_that_no_server_could_send_is_refused(name: str, value: Any, problem: str) -> None:
    said = problems(do={"status": 500, "headers": {name: value}})

    assert said == [f"do.headers.{name}: {problem}"]


def test_a_header_is_given_once() -> None:
    said = problems(do={"status": 500, "headers": {"X-A": "1", "x-a": "2"}})

    assert said == ["do.headers.x-a: is repeated in other letters; give it once"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 700) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def objects(*names: str) -> st.SearchStrategy[Any]:
    """Any JSON, most of it objects with these names."""
    return JSON | st.dictionaries(st.sampled_from(names), JSON)


RULES = st.fixed_dictionaries(
    {},
    optional={
        "match": objects("operation", "method", "path") | st.just(MATCH),
        "when": objects("times", "after", "until", "limit", "window", "probability"),
        "do": objects(*EFFECTS.split(", "), "body", "headers", "latencyMs"),
        "phase": JSON,
        "ttlMs": JSON,
    },
)


@given(RULES)
def test_any_rule_is_either_read_or_refused_with_reasons(rule: dict[str, Any]) -> None:
    loaded, wrong = reading.load(FaultRule(), rule, "body")

    assert bool(loaded) is not bool(wrong)
    assert all(problem.message for problem in wrong)
