"""docs/webhooks-testing.md is true: its test tells the consumers apart as the page says."""

import re
from pathlib import Path

from tests.pytest_runs import run

PAGE = (Path(__file__).parents[1] / "docs" / "webhooks-testing.md").read_text(encoding="utf-8")
CONSUMERS, TEST = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
(FAILURES,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_careful_consumer_passes_and_the_naive_one_fails_as_it_is_documented(tmp_path: Path) -> None:
    done = run(tmp_path, "", "test_consumers.py", consumers__py=CONSUMERS, test_consumers__py=TEST)
    failed = {name for name, outcome in done.outcomes.items() if outcome == "failed"}

    assert failed == set(FAILURES.split()), done.output
    assert set(done.outcomes.values()) == {"passed", "failed"}
    assert len(done.outcomes) == 14
