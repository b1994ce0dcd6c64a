"""Several servers on one database: they may all start at once, and count together."""

from contextlib import ExitStack

import pytest

from mockkommunicate.handle import call
from tests.concurrency.crowd import scaled
from tests.served import Served

REPLICAS = 4
STARTS = scaled(1)


def start_together(stack: ExitStack, *options: str) -> list[Served]:
    """Start servers without waiting for any, then wait for all."""
    replicas = [Served(*options) for _ in range(REPLICAS)]
    for replica in replicas:
        stack.callback(replica.__exit__, None, None, None)
    for replica in replicas:
        replica.wait_for_ready()
    return replicas


@pytest.mark.parametrize("start", range(STARTS))
def test_replicas_that_start_at_once_make_the_default_app_once(database_url: str, start: int) -> None:
    with ExitStack() as stack:
        replicas = start_together(stack, "--database", database_url, "--workers", "2", "--seed", str(start))

        apps = [call("GET", f"{replica.url}/_mock/apps")["apps"] for replica in replicas]
        ids = [replica.client.created()["id"] for replica in replicas]

    assert [app["applicationId"] for app in apps[0]] == ["mock-app"]
    assert apps == [apps[0]] * REPLICAS
    assert ids == list(range(ids[0], ids[0] + REPLICAS))


def test_replicas_share_one_scenario(database_url: str) -> None:
    with ExitStack() as stack:
        replicas = start_together(stack, "--database", database_url, "--scenario", "at-capacity")

        held = [replica.app.conversations() for replica in replicas]

    assert held == [held[0]] * REPLICAS
    assert len(held[0]) == 3
