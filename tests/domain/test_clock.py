"""The clock as a value, and the one module that reads the wall clock."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mockkommunicate
from mockkommunicate.domain import clock
from mockkommunicate.domain.clock import LATEST_MS, Clock

PACKAGE = Path(mockkommunicate.__file__).parent
INSTANTS = st.integers(0, LATEST_MS)
NOON = 1_900_000_000_000

WALL = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "asctime", "clock_gettime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}
"""What reads the wall clock, by the name of the module or class that has it. Not monotonic clocks: they tell no time."""


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: NOON)


def wall_clock_reads(path: Path) -> list[str]:
    """List where a module reads the wall clock: a call such as time.time(), and from time import time."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if node.attr in WALL.get(owner, ()):
                found.append(f"{path.name}:{node.lineno}")
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [f"{path.name}:{node.lineno}" for name in node.names if name.name in WALL["time"]]
    return found


def test_one_module_reads_the_wall_clock() -> None:
    readers = {path for path in PACKAGE.rglob("*.py") if wall_clock_reads(path)}

    assert readers == {PACKAGE / "domain" / "clock.py"}


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "from time import time_ns",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.utcnow()",
        "from datetime import date\nnow = date.today",
    ],
)
def test_a_module_that_reads_the_wall_clock_would_be_found(tmp_path: Path, source: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(source, encoding="utf-8")

    assert wall_clock_reads(module)


@pytest.mark.usefixtures("wall")
def test_a_new_clock_shows_the_wall_clocks_time() -> None:
    assert Clock().now() == NOON


@given(at=INSTANTS)
def test_a_frozen_clock_stands_still_at_its_instant(at: int) -> None:
    assert Clock().freeze(at).now() == at


@pytest.mark.usefixtures("wall")
def test_freezing_without_an_instant_stops_it_where_it_is() -> None:
    assert Clock(offset=5).freeze() == Clock(offset=5, frozen_at=NOON + 5)


@given(at=INSTANTS, to=INSTANTS)
def test_a_frozen_clock_that_is_set_is_still_frozen(at: int, to: int) -> None:
    assert Clock().freeze(at).set(to).frozen_at == to


@pytest.mark.usefixtures("wall")
def test_a_running_clock_that_is_set_runs_from_there() -> None:
    assert Clock().set(1_000) == Clock(offset=1_000 - NOON)


@given(at=INSTANTS, by=st.integers(0, 10**9), further=st.integers(0, 10**9))
def test_advances_add_up(at: int, by: int, further: int) -> None:
    start = Clock().freeze(at)

    assert start.advance(by).advance(further) == start.advance(by + further)


@pytest.mark.usefixtures("wall")
def test_a_running_clock_that_is_advanced_is_ahead() -> None:
    assert Clock().advance(3_600_000).now() == NOON + 3_600_000


@pytest.mark.usefixtures("wall")
def test_a_clock_resumes_from_where_it_stood() -> None:
    resumed = Clock().freeze(1_000).advance(500).resume()

    assert (resumed.now(), resumed.frozen_at) == (1_500, None)


def test_a_clock_that_runs_has_nothing_to_resume() -> None:
    assert Clock(offset=7).resume() == Clock(offset=7)
