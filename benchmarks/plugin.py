"""The pytest plugin's price: for a test that uses the fixture, and for a run that does not use it at all."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.options import ROOT, Options
from benchmarks.report import NO_TARGET, Table, Target, median, milliseconds

MEDIAN = Target(5.0, unit=" ms")
SLOWEST = Target(10.0, unit=" ms")
UNUSED = Target(10.0, unit=" ms")

_TESTS = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_with(kommunicate, number):
    pass

@pytest.mark.parametrize("number", range({count}))
def test_without(number):
    pass
"""

_RECORDER = """
import collections, json, pathlib

took = collections.defaultdict(float)

def pytest_runtest_logreport(report):
    took[report.nodeid] += report.duration * 1000

def pytest_sessionfinish():
    pathlib.Path("took.json").write_text(json.dumps(took))
"""

_OTHERS = (
    "cacheprovider",
    "randomly",
    "xdist",
    "schemathesis",
    "asyncio",
    "faker",
    "hypothesispytest",
    "timeout",
)
"""Plugins that would only add noise."""

_QUIET = ["-q", *(part for name in _OTHERS for part in ("-p", f"no:{name}"))]


def measure(options: Options) -> Table:
    """Run pytest as its users do, in a folder of its own."""
    table = Table("The pytest plugin", ("one test or one start", "ms", "target", "met"))
    with tempfile.TemporaryDirectory() as folder:
        added = _added(Path(folder), options.apps * 2)
        unused = _unused(Path(folder), options.starts * 3)
    p99 = sorted(added)[int(len(added) * 0.99)]
    for title, value, target in (
        ("a test with the fixture takes longer: median", median(added), MEDIAN),
        ("... p99", p99, SLOWEST),
        ("pytest starts with the plugin unused, processor time more: median", median(unused), UNUSED),
    ):
        table.rows.append((title, milliseconds(value), *target.cells(value)))
    table.rows.append(("... slowest", milliseconds(max(unused)), *NO_TARGET))
    return table


def _added(folder: Path, count: int) -> list[float]:
    """Answer by how many milliseconds each test with the fixture took longer than the middle one without it."""
    (folder / "conftest.py").write_text(_RECORDER, encoding="utf-8")
    (folder / "test_speed.py").write_text(_TESTS.format(count=count), encoding="utf-8")
    _pytest(folder, "test_speed.py")
    took = json.loads((folder / "took.json").read_text(encoding="utf-8"))
    without = median([ms for name, ms in took.items() if "test_without" in name])
    # The first starts the server, which is the session's price and not a test's.
    return [ms - without for name, ms in took.items() if "test_with[" in name][1:]


def _unused(folder: Path, count: int) -> list[float]:
    """Answer how many milliseconds more a run that uses nothing of ours computes with the plugin, run by run in turn.

    A start does nothing but compute; how long it lasts depends on who else does, by more than the plugin's part.
    """
    (folder / "conftest.py").unlink()
    (folder / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    differences = []
    for _ in range(count):
        with_it, without = (_timed(folder, *extra) for extra in ((), ("-p", "no:mockkommunicate")))
        differences.append(with_it - without)
    return differences


def _timed(folder: Path, *extra: str) -> float:
    began = _computed()
    _pytest(folder, "test_nothing.py", *extra)
    return (_computed() - began) * 1e3


def _computed() -> float:
    """Answer how many seconds the processes that this one has started have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _pytest(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pytest", *_QUIET, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
