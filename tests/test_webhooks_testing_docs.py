"""docs/webhooks-testing.md is true: its test tells the consumers apart as the page says."""

from pathlib import Path

from tests.pages.blocks import named
from tests.pytest_runs import run

CONSUMERS = named("docs/webhooks-testing.md", "consumers")
TEST = named("docs/webhooks-testing.md", "test")
FAILURES = named("docs/webhooks-testing.md", "failures")


def test_the_careful_consumer_passes_and_the_naive_one_fails_as_it_is_documented(tmp_path: Path) -> None:
    done = run(tmp_path, "", "test_consumers.py", consumers__py=CONSUMERS, test_consumers__py=TEST)
    failed = {name for name, outcome in done.outcomes.items() if outcome == "failed"}

    assert failed == set(FAILURES.split()), done.output
    assert set(done.outcomes.values()) == {"passed", "failed"}
    assert len(done.outcomes) == 14
