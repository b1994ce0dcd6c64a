"""Node and its packages, installed once outside of the tree; programs of this folder run with them."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent
PACKAGES = HERE / "package.json"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mockkommunicate-tests"
INSTALL = [
    *("install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
]

Run = Callable[..., str]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder of the packages."""
    return _packages()


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory, packages: Path) -> Path:
    """A folder with the programs, compiled, and the packages that they need."""
    folder = tmp_path_factory.mktemp("node")
    for source in HERE.iterdir():
        if source.suffix in {".js", ".mjs", ".ts", ".json"}:
            shutil.copy(source, folder)
    (folder / "node_modules").symlink_to(packages, target_is_directory=True)
    compiler = folder / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        ["node", str(compiler), "-p", "."], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture
def node(workshop: Path) -> Iterator[Run]:
    """Start a program with arguments; answer where it listens. It ends with the test."""
    with ExitStack() as running:

        def start(program: str, *arguments: str) -> str:
            return running.enter_context(_running(workshop, program, *arguments))

        yield start


@contextmanager
def _running(folder: Path, program: str, *arguments: str) -> Iterator[str]:
    process = subprocess.Popen(
        ["node", program, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )
    with process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def _packages() -> Path:
    """Install the packages, unless they are there; several may do so at once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        _missing("node and npm are not installed (apt-get install nodejs npm)")
    kept = CACHE / f"node-{hashlib.sha256(PACKAGES.read_bytes()).hexdigest()[:16]}"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=CACHE))
        shutil.copy(PACKAGES, fresh)
        done = subprocess.run(["npm", *INSTALL], cwd=fresh, capture_output=True, text=True, check=False)
        if not done.returncode:
            with suppress(OSError):  # another was faster
                fresh.rename(kept)
        shutil.rmtree(fresh, ignore_errors=True)
        if done.returncode:
            _missing(f"npm install: {done.stderr}")
    return kept / "node_modules"


def _missing(what: str) -> NoReturn:
    """Fail in CI, skip elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
