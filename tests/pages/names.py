"""Every name that a user can meet, taken from the code: routes, commands, options, settings, faults and so on."""

import contextlib
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import click
import pytest
from _pytest.fixtures import FixtureFunctionDefinition
from flask import Flask
from marshmallow import Schema, fields

import mockkommunicate
from mockkommunicate import App, pytest_plugin
from mockkommunicate.app import Background, create_app
from mockkommunicate.cli import cli
from mockkommunicate.domain import chaos, failures, faults
from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.handle.actor import Actor
from mockkommunicate.handle.clock import Clock
from mockkommunicate.handle.disturbances import Disturbance
from mockkommunicate.handle.faults import Fault, Rule
from mockkommunicate.operations import scenarios
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings as ServerSettings
from mockkommunicate.store.database import Database
from mockkommunicate.wire import effects
from mockkommunicate.wire.faults import FaultMatch, FaultRule, FaultWhen
from mockkommunicate.wire.settings import Settings
from tests.pages.blocks import ROOT

PACKAGE = ROOT / "mockkommunicate"


@contextlib.contextmanager
def application() -> Iterator[Flask]:
    """Make the whole application, without a server."""
    settings = ServerSettings()
    database = Database(settings.database, timeout=settings.store_timeout)
    emulator = Emulator(settings, database)
    try:
        yield create_app(emulator, Background(emulator))
    finally:
        database.close()


def routes() -> list[str]:
    """List every route of both planes, as `GET /_mock/apps/*`."""
    with application() as app:
        found = [(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()]
    return sorted({f"{method} {plain(rule)}" for method, rule in found if method not in {"HEAD", "OPTIONS"}})


def plain(path: str) -> str:
    """Answer a path with a star for each part that varies, however that is written."""
    return re.sub(r"<[^>]+>|\{\w+\}|(?<=/)[A-Z]+(?=/|\.\w+$|$)", "*", path.partition("?")[0].rstrip("/"))


def commands(command: click.Command = cli, *words: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command by its words."""
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from commands(each, *words, name)
    else:
        yield " ".join(words), command


def options() -> list[str]:
    """List the options of all commands."""
    return sorted(
        {name for _, command in commands() for one in command.params for name in one.opts if name[:2] == "--"}
    )


def variables() -> list[str]:
    """List the environment names: what the code reads or sets, but for those that have their command in them."""
    named = {str(option.envvar) for _, command in commands() for option in command.params if option.envvar}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    written = set(re.findall(r"\b(?:MOCK)?KOMMUNICATE_[A-Z]+(?:_[A-Z]+)*\b", sources))
    return sorted((named | written) - set(derived_variables()))


def derived_variables() -> list[str]:
    """List the environment names that follow from a command and its option."""
    return [
        f"MOCKKOMMUNICATE_{words} {option.opts[0][2:]}".upper().replace(" ", "_").replace("-", "_")
        for words, command in commands()
        for option in command.params
    ]


def settings(schema: Schema | None = None, before: str = "") -> Iterator[str]:
    """Yield the settings of an app as `routing.rule`; those of a team by their names alone."""
    for name, field in (schema or Settings()).fields.items():
        key = field.data_key or name
        if isinstance(field, fields.Nested):
            yield from settings(field.schema, f"{key}.")
        elif isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            yield key
            yield from settings(field.inner.schema)
        else:
            yield before + key


def plugin_fixtures() -> list[str]:
    """List the fixtures of the pytest plugin."""
    return [name for name, one in vars(pytest_plugin).items() if isinstance(one, FixtureFunctionDefinition)]


def plugin_options() -> list[str]:
    """List the options and the ini options of the pytest plugin."""
    parser = pytest.Parser(_ispytest=True)
    pytest_plugin.pytest_addoption(parser)
    return [
        *(name for group in parser._groups for one in group.options for name in one.names()),
        *parser._inidict,
    ]


def contributors_options() -> list[str]:
    """List the options of what a checkout has besides: the benchmarks, the making of pages."""
    sources = [*(ROOT / "benchmarks").glob("*.py"), ROOT / "docs" / "build.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return re.findall(r'add_argument\(\s*"(--[a-z-]+)"', text)


def calls() -> list[str]:
    """List what the handle of an app and its parts have, as `.name`."""
    return sorted({f".{name}" for kind in (App, Actor, Clock, Fault) for name in public(kind)})


def public(kind: type) -> set[str]:
    """Answer the public names of a class, besides what any mapping has."""
    own = {
        name for each in kind.__mro__ if each.__module__.startswith("mockkommunicate") for name in vars(each)
    }
    return {name for name in own if not name.startswith("_") and name != "of"}


def keywords() -> list[str]:
    """List the keywords of the marker, of `fail` and of `disturb`, as `name=`."""
    return [
        f"{name}=" for name in (*pytest_plugin.KEYWORDS, *Rule.__annotations__, *Disturbance.__annotations__)
    ]


def fault_fields() -> list[str]:
    """List the fields of a rule."""
    schemas = (FaultRule(), FaultMatch(), FaultWhen(), effects.Do())
    return [field.data_key or name for schema in schemas for name, field in schema.fields.items()]


def fault_kinds() -> list[str]:
    """List everything that may befall a request or a delivery."""
    kinds: list[Any] = [
        *failures.NAMES,
        *SocketKind,
        *faults.Phase,
        *chaos.Mishap,
        *chaos.Part,
        *Kind,
        *OPERATIONS,
    ]
    return [*map(str, kinds), *latencies()]


def latencies() -> list[str]:
    """List the distributions of a delay."""
    return [kind.__name__.lower() for kind in (faults.Uniform, faults.Lognormal)]


def statuses() -> list[str]:
    """List the statuses of the gateway and of error pages."""
    return sorted({str(status) for status in (*failures.GATEWAY, *failures.PAGES)})


def shipped() -> list[str]:
    """List the shipped scenarios."""
    return scenarios.names()


def extras() -> list[str]:
    """List the extras of the distribution."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(project["project"]["optional-dependencies"])


def codes() -> list[str]:
    """List the codes that we invented."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    return sorted(set(re.findall(r'"(MOCK-[A-Z]+)"', sources)))


def package() -> list[str]:
    """List the public names of the package."""
    return [name for name in mockkommunicate.__all__ if not name.startswith("_")]
