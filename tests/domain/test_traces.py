"""What a request says of its trace, as W3C Trace Context wants it, and how that is handed on."""

import pytest

from mockkommunicate.domain import traces

ID, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def found(parent: str, state: str | None = None) -> traces.Trace | None:
    headers = [("Accept", "*/*"), ("Traceparent", parent)]
    return traces.find([*headers, *([] if state is None else [("Tracestate", state)])])


def test_a_call_goes_on_in_the_same_trace_as_another_span() -> None:
    trace = found(f"00-{ID}-{PARENT}-01", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7")

    assert trace is not None
    assert trace.headers("1234567890abcdef") == {
        "traceparent": f"00-{ID}-1234567890abcdef-01",
        "tracestate": "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
    }


def test_a_span_of_ours_is_itself_the_parent_of_what_follows() -> None:
    trace = traces.find([("traceparent", f"00-{ID}-{PARENT}-00")], ours=True)

    assert trace is not None
    assert trace.headers("1234567890abcdef") == {"traceparent": f"00-{ID}-{PARENT}-00"}


@pytest.mark.parametrize(
    ("parent", "flags"),
    [
        (f"00-{ID}-{PARENT}-00", "00"),
        (f"00-{ID}-{PARENT}-ff", "01"),
        (f"00-{ID}-{PARENT}-02", "00"),
        (f"  00-{ID}-{PARENT}-01 ", "01"),
        (f"01-{ID}-{PARENT}-01", "01"),
        (f"cc-{ID}-{PARENT}-01-what-the-future-will-be-like", "01"),
    ],
)
def test_of_the_flags_only_the_known_one_and_of_the_versions_only_ours_is_handed_on(
    parent: str, flags: str
) -> None:
    trace = found(parent)

    assert trace is not None
    assert trace.headers("1234567890abcdef") == {"traceparent": f"00-{ID}-1234567890abcdef-{flags}"}


@pytest.mark.parametrize(
    "parent",
    [
        "",
        "00",
        f"00-{ID}-{PARENT}",
        f"00-{ID}-{PARENT}-1",
        f"00-{ID}-{PARENT}-01-",
        f"00-{ID}-{PARENT}-01-more",
        f"cc-{ID}-{PARENT}-01.more",
        f"ff-{ID}-{PARENT}-01",
        f"0g-{ID}-{PARENT}-01",
        f"00-{ID.upper()}-{PARENT}-01",
        f"00-{ID}-{PARENT.upper()}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"00-{ID[1:]}-{PARENT}-01",
        f"00-{ID}-{PARENT}-0x",
        f"00-{ID}-{PARENT}-01,00-{ID}-{PARENT}-01",
        f"00-{ID}-{PARENT}-01\nx",
        f"\u0660\u0660-{ID}-{PARENT}-01",
    ],
)
def test_what_is_not_as_the_specification_wants_it_is_ignored_with_its_state(parent: str) -> None:
    assert found(parent, "a=1") is None


def test_a_state_without_a_parent_is_ignored() -> None:
    assert traces.find([("tracestate", "a=1"), ("traceparenT-", "00")]) is None


MEMBERS = ",".join(f"k{number}=1" for number in range(32))


@pytest.mark.parametrize("state", ["a=1, b=2\t,,c=3", f"{'x' * 256}={'~' * 256}", "0t-_*/@x=a b!", MEMBERS])
def test_a_state_is_handed_on_as_it_came(state: str) -> None:
    trace = found(f"00-{ID}-{PARENT}-01", state)

    assert trace is not None
    assert trace.state == state


BROKEN = [
    "a",
    "=1",
    "a=",
    "A=1",
    "a =1",
    "a=1=2",
    "a=1,b",
    f"{'x' * 257}=1",
    f"a={'x' * 257}",
    f"{MEMBERS},x=1",
]


@pytest.mark.parametrize("state", ["", "   ", ",", "a=\x1b[31m", "a=1\nb", "ä=1", *BROKEN])
def test_a_state_that_is_none_is_left_out(state: str) -> None:
    trace = found(f"00-{ID}-{PARENT}-01", state)

    assert trace is not None
    assert trace.state is None
