"""Measure the emulator beside its floor, in one run. From the root of a checkout:

    python -m benchmarks                    everything, six to eight minutes
    python -m benchmarks --quick            less of everything, a minute
    python -m benchmarks --only load apps   some sections
    python -m benchmarks --database postgresql+psycopg://user@host/name

It needs the package and the standard library; the load comes from `wrk` where that is installed. It prints Markdown:
medians, and ratios to the floor, which is an empty Flask app under the emulator's own gunicorn options that answers a
JSON of the same size, and the same with one insert. Servers take turns, so that drift of the machine cancels.

Every server gets a new database: the embedded one, or one beside that of --database (on PostgreSQL a database of its
own, which its user must be allowed to create). The exit code is 0 also where a target is missed, 1 where an answer was
wrong.
"""  # noqa: D400 - the usage is part of it

import argparse
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks import apps, clients, console, growth, journal, plugin, starting, throughput, webhook
from benchmarks.options import QUICK, Options
from benchmarks.report import Table, WrongAnswer

SECTIONS: dict[str, Callable[[Options], Table]] = {
    "start": starting.measure,
    "load": throughput.measure,
    "growth": growth.measure,
    "apps": apps.measure,
    "journal": journal.measure,
    "webhook": webhook.measure,
    "console": console.measure,
    "plugin": plugin.measure,
}


def main() -> int:
    """Run the sections asked for, and print each when it is measured."""
    arguments = _parser().parse_args()
    options = _options(arguments)
    print(_heading(options), flush=True)
    problems = []
    for name in arguments.only or SECTIONS:
        began = time.monotonic()
        table = _measured(name, options)
        print(table.markdown(), flush=True)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
        problems += [f"{table.title}: {problem}" for problem in table.problems]
    for problem in problems:
        print(f"wrong answers: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _measured(name: str, options: Options) -> Table:
    try:
        return SECTIONS[name](options)
    except WrongAnswer as wrong:
        return Table(name, ("not measured: an answer was wrong",), problems=[str(wrong)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="smaller numbers, for CI")
    parser.add_argument(
        "--only", nargs="+", choices=SECTIONS, metavar="NAME", help=f"of {', '.join(SECTIONS)}"
    )
    parser.add_argument("--database", metavar="URL", help="sqlite:///file.db or postgresql+psycopg://...")
    parser.add_argument("--seconds", type=int, help="how long each load runs, in whole seconds")
    parser.add_argument("--rounds", type=int, help="how often the servers take turns")
    parser.add_argument("--workers", type=int, help="processes of every server")
    parser.add_argument("--threads", type=int, help="threads of each process")
    return parser


def _options(arguments: argparse.Namespace) -> Options:
    options = QUICK if arguments.quick else Options()
    names = ("database", "seconds", "rounds", "workers", "threads")
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    return replace(options, **given)


def _heading(options: Options) -> str:
    database = (
        options.database.split(":")[0] if options.database else f"embedded SQLite {sqlite3.sqlite_version}"
    )
    facts = (
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"Python {platform.python_version()}",
        f"{platform.machine()} with {os.cpu_count()} cores",
        database,
        f"{options.workers} x {options.threads} threads",
        f"load by {clients.name()}: {options.rounds} rounds of {options.seconds} s",
    )
    return f"# Benchmarks\n\n{'; '.join(facts)}.\n"


if __name__ == "__main__":
    sys.exit(main())
