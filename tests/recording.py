"""Records what the tests show of each parameter, and checks what `fixtures/fidelity/exercised.json` says of it.

A claim there names a test. Wherever that test runs and passes, it must have shown what is claimed; where the whole
suite runs, the test must be there. `pytest -n auto --record-fidelity` writes the record anew.
"""

import json
import re
from collections.abc import Generator, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import flask
import pytest

from tests.contract import examples
from tests.exercised import Claim, claims

RECORD = Path("fixtures", "fidelity", "exercised.json")
"""Where the record is, from the folder of the project."""

MADE_UP = ("hypothesis", "random", "schemathesis", "tests.random_calls", "tests.strategies")
"""What makes up requests at random: a test of a module that has it is no witness, for another run sends others."""

EVIDENCE = ("documented", "observed", "inferred")

Best = dict[Claim, str]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the option that writes the record."""
    parser.addoption(
        "--record-fidelity", action="store_true", help="write fixtures/fidelity/exercised.json anew"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin."""
    config.pluginmanager.register(Recorder(config), "fidelity-recorder")


def load(project: Path) -> Best:
    """Read the record: the test of each claim."""
    record = json.loads((project / RECORD).read_text(encoding="utf-8"))
    return {
        Claim(operation, place, axis): test
        for operation, places in record.items()
        for place, axes in places.items()
        for axis, test in axes.items()
    }


def written(best: Best) -> str:
    """Write the record, the same for the same claims."""
    record: dict[str, dict[str, dict[str, str]]] = {}
    for claim, test in sorted(best.items()):
        record.setdefault(claim.operation, {}).setdefault(claim.place, {})[claim.axis] = test
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def rank(claim: Claim, test: str) -> tuple[bool, int, bool, int, int, bool, str]:
    """Order the witnesses of a claim: examples of the contract files first, for they compare whole answers.

    Of these, the ones in the operation's own file, and of those that are about more than one operation the ones
    whose name has the parameter's in it; of these, the documented before the inferred, then those with the name, then
    what stands first in its file, where the plain case comes before its exceptions.
    """
    area, _, name = claim.operation.partition(".")
    places = (f"{area}s/{name}: ", "tests/contract/", "tests/node/", "tests/api/")
    place = next((number for number, part in enumerate(places) if part in test), len(places))
    example = test.partition("[")[2].partition("-")[2].removesuffix("]")
    evidence, order = _examples().get(example, (EVIDENCE[-1], 0))
    file, _, title = example.partition(": ")
    named = (place == 0 or file.startswith("everywhere/")) and _has_name(claim.place, title)
    about = named or place == 0
    return not about, EVIDENCE.index(evidence), not named, place, order, "postgresql" in test, test


def _has_name(place: str, title: str) -> bool:
    """Tell whether the name of an example has that of a parameter in it: one that is no word of English besides."""
    name = place.partition(" ")[2].removeprefix("metadata.")
    return name.lower() != name and re.search(rf"\b{re.escape(name)}\b", title) is not None


@cache
def _examples() -> dict[str, tuple[str, int]]:
    """Answer of each example of the contract files how sure it is, and its number there."""
    files = examples.load_files().items()
    return {
        f"{name}: {one['name']}": (one["evidence"], number)
        for name, file in files
        for number, one in enumerate(file["examples"])
    }


class Recorder:
    """Notes what each test shows; under xdist each worker has one, and the controller gathers what they found."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.records = config.getoption("--record-fidelity")
        self.named: dict[str, set[Claim]] = {}
        for claim, test in load(config.rootpath).items():
            self.named.setdefault(test, set()).add(claim)
        self.shown: set[Claim] | None = None
        self.best: Best = {}
        self.untrue: list[str] = []
        self.missing: set[str] = set()
        self.told: list[str] = []
        flask.request_finished.connect(self.note)

    def note(self, sender: flask.Flask, response: flask.Response, **_: object) -> None:
        """Note what a request shows, if the test that runs is one whose requests count."""
        rule, shown = flask.request.url_rule, self.shown
        if shown is None or rule is None:
            return
        described = getattr(sender.view_functions[rule.endpoint], "endpoint", None)
        if described is not None:
            shown.update(claims(described, response))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep which of the named tests are not there any more."""
        self.missing = {*self.named} - {item.nodeid for item in session.items}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note the requests of a test itself, not of its fixtures; they count if it passes."""
        if not (item.nodeid in self.named or (self.records and not _makes_up(item))):
            return (yield)
        self.shown = set()
        try:
            result = yield
            self._keep(item.nodeid, self.shown)
        finally:
            self.shown = None
        return result

    def _keep(self, test: str, shown: set[Claim]) -> None:
        for claim in self.named.get(test, set()) - shown:
            self.untrue.append(f"{' '.join(claim)}: {test} does not show it")
        if self.records:
            self._better(dict.fromkeys(shown, test))

    def _better(self, found: Best) -> None:
        for claim, test in found.items():
            self.best[claim] = min(self.best.get(claim, test), test, key=partial(rank, claim))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has found."""
        output = getattr(node, "workeroutput", {})
        self._better({Claim(*claim): test for *claim, test in output.get("fidelity_best", ())})
        self.untrue += output.get("fidelity_untrue", ())
        self.missing |= {*output.get("fidelity_missing", ())}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Hand over what was found, or judge it."""
        flask.request_finished.disconnect(self.note)
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput |= {
                "fidelity_best": [(*claim, test) for claim, test in self.best.items()],
                "fidelity_untrue": self.untrue,
                "fidelity_missing": sorted(self.missing),
            }
            return
        self.told = list(self._judged(interrupted=exitstatus >= pytest.ExitCode.INTERRUPTED))
        if self.told and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _judged(self, *, interrupted: bool) -> Iterator[str]:
        """Say what is claimed and not true; or write the record, if that is asked for."""
        whole = _is_whole(self.config) and not interrupted
        if self.records and whole:
            (self.config.rootpath / RECORD).write_text(written(self.best), encoding="utf-8")
        elif self.records:
            yield "the record was not written: it takes a run of the whole suite, to its end"
        else:
            yield from sorted(self.untrue)
            yield from (f"{test} is named and not there" for test in sorted(self.missing) if whole)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what is wrong with the record."""
        if self.told:
            terminalreporter.section("fixtures/fidelity/exercised.json")
            for line in self.told:
                terminalreporter.line(line)
            terminalreporter.line("See docs/contributing.md, Fidelity, for how to renew it.")


def _makes_up(item: pytest.Item) -> bool:
    """Tell whether a test's module makes up requests at random."""
    module = getattr(item, "module", None)
    origins = {
        getattr(value, "__module__", None) or getattr(value, "__name__", "")
        for value in vars(module).values()
    }
    return any(str(origin).startswith(MADE_UP) for origin in origins)


def _is_whole(config: pytest.Config) -> bool:
    """Tell whether the whole suite runs: no file, word or mark was named, nothing is left out."""
    chosen = ("keyword", "markexpr", "lf", "failedfirst", "deselect", "ignore", "ignore_glob", "maxfail")
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not any(
        getattr(config.option, name, None) for name in chosen
    )
