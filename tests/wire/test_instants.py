"""Times and spans of time as callers write them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError, missing

from mockkommunicate.domain.clock import LATEST_MS
from mockkommunicate.wire.instants import Duration, Instant

NEW_YEAR_2030 = 1_893_456_000_000


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        (0, 0),
        (NEW_YEAR_2030, NEW_YEAR_2030),
        (1.0, 1),
        ("1893456000000", NEW_YEAR_2030),
        (LATEST_MS, LATEST_MS),
        ("2030-01-01", NEW_YEAR_2030),
        ("2030-01-01T00:00", NEW_YEAR_2030),
        ("2030-01-01 00:00:00", NEW_YEAR_2030),
        ("20300101T000000", NEW_YEAR_2030),
        ("2030-W01-2", NEW_YEAR_2030),
        ("2030-01-01T00:00:00Z", NEW_YEAR_2030),
        ("2030-01-01T00:00:00+00:00", NEW_YEAR_2030),
        ("2030-01-01T01:00:00+01:00", NEW_YEAR_2030),
        ("2029-12-31T19:00:00-05:00", NEW_YEAR_2030),
        ("2030-01-01T00:00:00.25", NEW_YEAR_2030 + 250),
        ("2030-01-01T00:00:00.001999Z", NEW_YEAR_2030 + 1),
        ("1970-01-01", 0),
        ("9999-12-31T23:59:59.999999Z", LATEST_MS),
        ("1969-12-31T23:00:00-01:00", 0),
    ],
)
def test_an_instant_is_milliseconds_or_iso_8601_which_is_utc_unless_it_says_otherwise(
    value: object, milliseconds: int
) -> None:
    assert Instant().deserialize(value) == milliseconds


NO_INSTANT: list[object] = [
    *("", "tomorrow", "now", "2030-13-01", "2030-02-30", "12:00", "2030-01-01T25:00", " 2030-01-01"),
    *("2030-01-01T00:00:00+25:00", "2030-01-01Z", "x" * 1_000, "1.5", "1e3", "²", "٢٠٣٠", "PT1H", "\ud800"),
    *(True, False, 1.5, [], {}, [NEW_YEAR_2030]),
]


@pytest.mark.parametrize("value", NO_INSTANT, ids=lambda value: repr(value)[:30])
def test_what_is_no_instant_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="must be an instant: milliseconds since 1970, or ISO 8601"):
        Instant().deserialize(value)


@pytest.mark.parametrize(
    "value",
    [-1, LATEST_MS + 1, 10**30, "-1", "1969-12-31T23:59:59.999Z", "0001-01-01", "9999-12-31T23:59:59-01:00"],
)
def test_an_instant_before_1970_or_after_9999_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="from the year 1970 to 9999"):
        Instant().deserialize(value)


def test_an_instant_is_not_null_nor_left_out_where_it_is_needed() -> None:
    field = Instant(required=True)

    with pytest.raises(ValidationError, match="must be an instant"):
        field.deserialize(None)
    with pytest.raises(ValidationError, match="is missing: an instant"):
        field.deserialize(missing)


@given(
    milliseconds=st.integers(0, LATEST_MS - 86_400_000),
    offset=st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_an_instant_is_read_back_from_every_offset(milliseconds: int, offset: timezone) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)

    assert Instant().deserialize(moment.isoformat()) == milliseconds
    assert Instant().deserialize(moment.replace(tzinfo=None).isoformat()) == milliseconds
    if moment.year > 1970:
        assert Instant().deserialize(moment.astimezone(offset).isoformat()) == milliseconds


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        (0, 0),
        (1_500, 1_500),
        ("1500", 1_500),
        ("PT0S", 0),
        ("PT1S", 1_000),
        ("PT0.5S", 500),
        ("PT0,25S", 250),
        ("PT1M", 60_000),
        ("PT1H30M", 5_400_000),
        ("P1D", 86_400_000),
        ("P1DT1H", 90_000_000),
        ("P2W", 1_209_600_000),
        ("P1.5D", 129_600_000),
        ("+PT1H", 3_600_000),
        ("PT36H", 129_600_000),
        ("PT0.0019S", 1),
        (LATEST_MS, LATEST_MS),
    ],
)
def test_a_duration_is_milliseconds_or_iso_8601(value: object, milliseconds: int) -> None:
    assert Duration().deserialize(value) == milliseconds


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("0ms", 0),
        ("500ms", 500),
        ("1s", 1_000),
        ("1.5s", 1_500),
        ("0.0019s", 1),
        ("10s", 10_000),
        ("5m", 300_000),
        ("1h", 3_600_000),
        ("1d", 86_400_000),
        ("253402300799999ms", LATEST_MS),
    ],
)
def test_a_duration_may_be_a_number_with_a_unit(value: object, milliseconds: int) -> None:
    assert Duration().deserialize(value) == milliseconds


@pytest.mark.parametrize(
    "value", ["P1M", "P1Y", "P1Y2M3D", "P1MT1H", "P0003-06-04T12:30:05", "P" + "9" * 50 + "Y"]
)
def test_months_and_years_have_no_fixed_length(value: str) -> None:
    with pytest.raises(ValidationError, match="without months and years, which have no fixed length"):
        Duration().deserialize(value)


NO_DURATION: list[object] = [
    *(
        "",
        "P",
        "PT",
        "P1DT",
        "h",
        "1 h",
        "1 hour",
        "1h30m",
        "1w",
        "-1s",
        "1.s",
        "1S",
        "PT1H1H",
        "pt1h",
        "PT1H\n",
        " PT1H",
        "PT-1H",
        "P-1D",
        "PTnanS",
    ),
    *("PT\uff11H", "P00010000T120000", "T1H", "1.5", "x" * 1_000, "2030-01-01", "PT\ud800S"),
    *(True, 1.5, [], {}, [1]),
]


@pytest.mark.parametrize("value", NO_DURATION, ids=lambda value: repr(value)[:30])
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(
        ValidationError, match="must be a duration: milliseconds, or ISO 8601 such as PT1H30M"
    ):
        Duration().deserialize(value)


@pytest.mark.parametrize(
    "value", [-1, "-1", "-PT1H", LATEST_MS + 1, "P9999999D", "9999999d", "P9999999999D", "P" + "9" * 50 + "D"]
)
def test_a_duration_is_not_negative_nor_too_long(value: object) -> None:
    with pytest.raises(ValidationError, match=f"from 0 to {LATEST_MS} milliseconds"):
        Duration().deserialize(value)


@pytest.mark.parametrize(
    ("value", "fits"), [(0, False), (1, True), ("PT0.0001S", False), (10, True), (11, False)]
)
def test_a_duration_has_the_bounds_it_is_given(value: object, *, fits: bool) -> None:
    field = Duration(least=1, most=10)
    if fits:
        assert field.deserialize(value) == value
        return
    with pytest.raises(ValidationError, match="from 1 to 10 milliseconds"):
        field.deserialize(value)


@given(st.timedeltas(timedelta(0), timedelta(days=100_000)))
def test_a_duration_is_read_back(duration: timedelta) -> None:
    text = f"P{duration.days}DT{duration.seconds}.{duration.microseconds:06}S"

    assert Duration().deserialize(text) == duration // timedelta(milliseconds=1)


@given(value=st.text() | st.from_regex(r"[+-]?P[0-9YMWDTHS.,]{0,40}") | st.from_regex(r"[0-9TZ:+ -]{1,40}"))
@example(value="P" + "9" * 63)
@example(value="P1e9D")
@pytest.mark.parametrize("field", [Instant(), Duration()], ids=["instant", "duration"])
def test_any_text_is_either_read_or_refused(field: Any, value: str) -> None:
    try:
        read = field.deserialize(value)
    except ValidationError:
        return
    assert 0 <= read <= LATEST_MS
