"""The OpenAPI documents, as a validator in Node sees them, which has nothing of the one in Python."""

import json
import subprocess
from pathlib import Path
from typing import Any

from mockkommunicate import openapi
from mockkommunicate.app import routes
from tests.node.conftest import HERE


def validated(packages: Path, folder: Path, *documents: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer what the validator says of documents."""
    (folder / "node_modules").symlink_to(packages, target_is_directory=True)
    (folder / "validate.mjs").write_bytes((HERE / "validate.mjs").read_bytes())
    files = [folder / f"{number}.json" for number in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_text(json.dumps(document), encoding="utf-8")
    command = ["node", "validate.mjs", *map(str, files)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_both_documents_are_valid_and_a_wrong_one_is_not(packages: Path, tmp_path: Path) -> None:
    app = routes()
    documents = [describe(app, "http://127.0.0.1:8080") for describe in openapi.DESCRIBED.values()]
    wrong = documents[0] | {"info": {"title": "It has no version"}}

    said = validated(packages, tmp_path, *documents, wrong)

    assert [(one["valid"], one["version"]) for one in said] == [(True, "3.1"), (True, "3.1"), (False, "3.1")]
    assert said[2]["errors"] > 0
