"""The package as a whole: what it offers, what it imports, how large its modules are."""

import importlib
import importlib.metadata
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import mockkommunicate

ROOT = Path(__file__).parent.parent
PACKAGE = Path(mockkommunicate.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ["flask", "werkzeug", "sqlalchemy", "marshmallow", "gunicorn", "faker", "apispec", "yaml"]
LONGEST = 250
"""The most lines of a module."""


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def imported_by(statement: str) -> set[str]:
    """Answer what a new interpreter has imported of the heavy packages after a statement."""
    code = f"import sys; {statement}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import mockkommunicate",
        "import mockkommunicate.cli",
        "import mockkommunicate.domain.routing",
        "import mockkommunicate.handle",
        "import mockkommunicate.pytest_plugin",
    ],
)
def test_what_needs_nothing_heavy_imports_nothing_heavy(statement: str) -> None:
    assert imported_by(statement) == set()


def test_what_was_not_imported_is_imported_when_it_is_used() -> None:
    assert {"flask", "sqlalchemy"} <= imported_by("import mockkommunicate; mockkommunicate.MockKommunicate")


def test_a_request_needs_neither_faker_nor_apispec_nor_gunicorn() -> None:
    served = "from mockkommunicate import MockKommunicate; server = MockKommunicate().start(); server.stop()"

    assert not {"faker", "apispec", "gunicorn"} & imported_by(served)


def test_the_public_names_are_there() -> None:
    assert mockkommunicate.__all__ == [
        "App",
        "ControlFailed",
        "MockKommunicate",
        "RunningServer",
        "Unreachable",
        "VerificationFailed",
        "__version__",
    ]
    for name in mockkommunicate.__all__:
        assert getattr(mockkommunicate, name) is not None


def test_another_name_is_an_attribute_error_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'mockkommunicate' has no attribute 'Mock'"):
        mockkommunicate.Mock  # noqa: B018 - the look-up is the test


def test_the_version_is_that_of_the_project() -> None:
    assert mockkommunicate.__version__ == project()["project"]["version"]


def test_the_types_are_there_for_who_checks_them() -> None:
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_it_may_be(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_every_module_can_be_imported() -> None:
    for module in pkgutil.walk_packages([str(PACKAGE)], "mockkommunicate."):
        if module.name != "mockkommunicate.__main__":
            importlib.import_module(module.name)


def test_every_part_of_the_package_has_its_layer() -> None:
    (layers,) = [
        contract["layers"]
        for contract in project()["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    named = {part.strip() for layer in layers for part in layer.split("|")}
    there = {f"mockkommunicate.{module.name}" for module in pkgutil.iter_modules([str(PACKAGE)])}

    assert {
        name if name.startswith("mockkommunicate") else f"mockkommunicate.{name}" for name in named
    } == there


def test_every_dependency_is_used_and_every_import_a_dependency() -> None:
    names = {"PyYAML": "yaml"}
    wanted = {
        names.get(name, name)
        for name in (
            requirement.split(";")[0].split(">")[0].split("[")[0].strip()
            for requirement in project()["project"]["dependencies"]
        )
    }
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    used = {name for name in wanted if f"import {name}" in source or f"from {name}" in source}

    assert used == wanted


def test_the_image_is_built_with_everything_that_the_wheel_has() -> None:
    let_in = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    }
    wheel = project()["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], "pyproject.toml", "README.md", "LICENSE"}

    assert needed <= let_in


SCRIPTS = sorted((PACKAGE / "console" / "static").glob("*.js"))
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|parseFromString"
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_of_the_console_makes_markup_or_is_longer_than_it_may_be(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    allowed = {"dom.js": '"innerHTML", "outerHTML"', "html.js": "parseFromString outerHTML"}
    code = source
    for word in allowed.get(path.name, "").split(" "):
        code = code.replace(word, "", 1)

    assert MARKUP.findall(code) == []
    assert ("srcdoc" in code) == (path.name in {"dom.js", "html.js"})
    assert re.findall("https?://", source) == []
    assert len(source.splitlines()) <= LONGEST
