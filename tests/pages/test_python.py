"""Every block of Python in the README and docs/ passes when it is pasted, in one run of pytest."""

import ast
import re
from pathlib import Path
from textwrap import indent

from tests.pages.blocks import Block, of
from tests.pytest_runs import run

GIVEN = Path(__file__).parent / "given"


def is_fragment(block: Block) -> bool:
    """Tell whether a block is statements of a test, and no module of tests."""
    return not any(isinstance(part, ast.FunctionDef | ast.ClassDef) for part in ast.parse(block.text).body)


def source(block: Block) -> str:
    """Answer the module of tests that a block is, behind what its page finds at hand."""
    given = GIVEN / f"{block.stem}.py"
    before = given.read_text(encoding="utf-8") if given.exists() else ""
    if not is_fragment(block):
        return before + block.text
    return f"{before}\n\ndef test_fragment(kommunicate):\n{indent(block.text, '    ')}"


def write(folder: Path, blocks: list[Block]) -> list[str]:
    """Write blocks into a folder for each page; answer the names of the modules of tests."""
    names = []
    for block in blocks:
        name = block.argument or f"test_{block.stem}_{block.line}.py"
        (folder / block.stem).mkdir(exist_ok=True)
        (folder / block.stem / name).write_text(source(block) if not block.argument else block.text)
        names += [f"{block.stem}/{name}"] if name.startswith("test_") else []
    return names


def passed(output: str) -> set[str]:
    """Answer the modules in which a test has passed."""
    return set(re.findall(r"^PASSED (\S+?)::", output, re.MULTILINE))


def test_every_block_of_python_passes(tmp_path: Path) -> None:
    names = write(tmp_path, of("python", "", "file"))

    done = run(tmp_path, "")

    assert done.code == 0, done.output
    assert sorted(passed(done.output)) == sorted(names)


def test_statements_are_a_test_and_a_module_of_tests_stays_as_it_is() -> None:
    fragment = Block("docs/new.md", 7, "python", "", "", "assert kommunicate.users()\n")
    module = Block("docs/new.md", 9, "python", "", "", "def test_it(kommunicate):\n    assert kommunicate\n")

    assert source(fragment) == "\n\ndef test_fragment(kommunicate):\n    assert kommunicate.users()\n"
    assert source(module) == module.text
