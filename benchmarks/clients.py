"""The load clients: wrk where it is installed, else the bundled one."""

import shutil

from benchmarks import bundled, wrk
from benchmarks.load import Load, Outcome
from benchmarks.report import WrongAnswer


def name() -> str:
    """Name the client that is used."""
    return "wrk" if shutil.which("wrk") else "the bundled Python client"


def run(load: Load) -> Outcome:
    """Put a load on a server; raise WrongAnswer unless every request was answered with a success."""
    outcome = wrk.run(load) if shutil.which("wrk") else bundled.run(load)
    if outcome.wrong or not outcome.answers:
        what = f"{load.requests[0].method} {load.requests[0].path}"
        raise WrongAnswer(f"{what}: {outcome.wrong} of {outcome.answers} answers are wrong, {outcome.sample}")
    return outcome
