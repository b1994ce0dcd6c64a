"""What the tests of the emulated API share."""

import pytest

from mockkommunicate import App
from tests.api.faults import Faulty
from tests.client import Client


@pytest.fixture
def faulty(app: App, client: Client) -> Faulty:
    """An app of the test's own, whose clock stands still and into which faults can be put."""
    app.add_agent("jane")
    return Faulty(app, client)
