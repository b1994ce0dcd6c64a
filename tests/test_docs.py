"""The documentation is as current as the files that it is made from."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def build(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the generator of a checkout."""
    command = [sys.executable, str(root / "docs" / "build.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def copy(folder: Path) -> Path:
    """Copy what the generator reads and writes."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copytree(ROOT / "fixtures" / "contract", folder / "fixtures" / "contract")
    return folder


def test_no_generated_page_is_out_of_date() -> None:
    done = build(ROOT, "--check")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_page_that_is_out_of_date_is_named_and_made_anew(tmp_path: Path) -> None:
    root = copy(tmp_path)
    contract = root / "fixtures" / "contract" / "conversations" / "status.json"
    contract.write_text(
        contract.read_text(encoding="utf-8").replace("already updated", "again"), encoding="utf-8"
    )

    checked = build(root, "--check")
    built = build(root)

    assert checked.returncode == 1
    assert "docs/endpoints.md is out of date" in checked.stdout
    assert built.returncode == 0
    assert build(root, "--check").returncode == 0
