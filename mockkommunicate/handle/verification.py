"""A failed verification, and the words in which it says what was expected, what came, and how they differ."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockkommunicate.handle.results import Request

JSON = Mapping[str, Any]


class VerificationFailed(AssertionError):
    """What was verified is not so. `answer` is the control API's answer, `near_misses` one line for each request."""

    def __init__(self, asked: JSON, answer: JSON) -> None:
        super().__init__("\n".join(map(printable, _lines(asked, answer))))
        self.asked = _title(asked)
        self.answer = answer
        self.near_misses = [_short(near) for near in answer.get("nearest", ()) if near["diff"]]


def printable(line: str) -> str:
    """Escape whatever a terminal would obey, or a pipe could not encode."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def counted(times: int | None, at_least: int | None, at_most: int | None) -> Any:  # noqa: ANN401 - any JSON
    """Write how often something is expected as the control API takes it, None for its default."""
    bounds = {"atLeast": at_least, "atMost": at_most}
    given = {name: value for name, value in bounds.items() if value is not None}
    if times is not None and given:
        raise TypeError("verify() takes times, or at_least and at_most, not both")
    return given or times


def _lines(asked: JSON, answer: JSON) -> Iterator[str]:
    steps = asked.get("sequence") or [asked["request"]]
    yield f"expected {_times(asked)}: {_title(asked)}"
    for expected in steps:
        yield from (f"    {name}: {_json(expected[name])}" for name in _DETAILS if name in expected)
    count, nearest = answer["count"], answer.get("nearest", ())
    if "sequence" in asked:
        yield f"but {count} of {len(steps)} came in this order; then there was no {_name(steps[count])}"
        yield from _shown("the nearest requests:", nearest, as_expected="is as expected, but came too early")
    else:
        yield f"but there {'was' if count == 1 else 'were'} {count}"
        differing = any(near["diff"] for near in nearest)
        yield from _shown("the nearest requests:" if differing else "the last of them:", nearest)
    if not nearest and not count:
        yield "no request came at all"
    yield from _route(answer.get("route"))


def _shown(heading: str, nearest: Sequence[JSON], *, as_expected: str = "") -> Iterator[str]:
    if nearest:
        yield heading
    for near in nearest:
        yield f"  {_request(near['request'])}"
        differences = [_difference(difference) for difference in near["diff"]] or [as_expected]
        yield from (f"      {difference}" for difference in differences if difference)


_DETAILS = ("query", "headers", "body")


def _title(asked: JSON) -> str:
    return ", then ".join(_name(expected) for expected in asked.get("sequence") or [asked["request"]])


def _name(expected: JSON) -> str:
    named = [expected.get(name) for name in ("method", "path", "operation")]
    return " ".join(name if isinstance(name, str) else _json(name) for name in named if name is not None) or (
        "a request"
    )


def _times(asked: JSON) -> str:
    if "sequence" in asked:
        return "in this order"
    times = asked.get("times", {"atLeast": 1})
    if not isinstance(times, Mapping):
        return _often(times)
    bounds = {"at least": times.get("atLeast"), "at most": times.get("atMost")}
    return " and ".join(f"{word} {_often(count)}" for word, count in bounds.items() if count is not None)


def _often(count: object) -> str:
    return "once" if count == 1 else f"{count} times"


def _request(entry: JSON) -> str:
    operation = f" ({entry['operation']})" if entry.get("operation") else ""
    return f"#{entry['id']} {entry['method']} {entry['path']}{operation}, answered {entry.get('status', 'nothing')}"


def _difference(difference: JSON) -> str:
    got = _json(difference["actual"]) if "actual" in difference else "nothing"
    return f"{difference['field']}: expected {_json(difference['expected'])}, got {got}"


def _short(near: JSON) -> str:
    differences: Sequence[JSON] = near["diff"]
    return f"#{near['request']['id']} {'; '.join(map(_difference, differences))}"


def _route(route: JSON | None) -> Iterator[str]:
    if route:
        suffix = f"; the nearest is {route['nearest']}" if route.get("nearest") else ""
        yield f"{route['path']} is no route of the emulated API{suffix}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def what_came(requests: Sequence[Request]) -> str:
    """Say which requests came instead of what was waited for."""
    if not requests:
        return "no request came at all"
    came = [printable(f"  #{one.id} {one.method} {one.path} {one.body}") for one in requests]
    return "\n".join(["the last requests were:", *came])
