"""/_mock/metrics: what has happened in all processes of a server, counted for Prometheus."""

import sys
from collections.abc import Iterator

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from mockkommunicate import App, MockKommunicate
from tests.client import Client
from tests.postgres import wait_until
from tests.receivers import Receiver
from tests.served import Served
from tests.watching import Watcher


def scraped(url: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Answer the values of each metric by its labels, without those of buckets and of times of creation."""
    answer = requests.get(f"{url}/_mock/metrics", timeout=10)
    assert answer.status_code == 200, answer.text
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    values: dict[str, dict[tuple[str, ...], float]] = {}
    for sample in samples:
        if sample.name.rpartition("_")[2] not in {"bucket", "created"}:
            labels = tuple(str(sample.labels[name]) for name in sorted(sample.labels))
            values.setdefault(sample.name.removeprefix("mockkommunicate_"), {})[labels] = sample.value
    return values


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A server with several processes."""
    with Served("--workers", "3") as served:
        wait_until(lambda: len(served.workers) == 3)
        yield served


@pytest.fixture
def own() -> Iterator[MockKommunicate]:
    """A server of the test's own, in this process."""
    with MockKommunicate() as server:
        yield server


@pytest.fixture
def alone(own: MockKommunicate) -> App:
    """Its default app."""
    return own.default_app


def client_of(app: App) -> Client:
    return Client(app.url, app.api_key)


def test_requests_are_counted_by_operation_and_status(alone: App) -> None:
    for _ in range(3):
        client_of(alone).created("user-1")
    client_of(alone).call("POST", "/rest/ws/group/conversation", json={})
    client_of(alone).call("GET", "/rest/ws/group/conversation")
    requests.get(f"{alone.url}/_mock/apps/nobody/clock", timeout=10)

    counted = scraped(alone.url)
    assert counted["requests_total"] == {
        ("conversation.create", "200"): 3,
        ("conversation.create", "400"): 1,
        ("none", "405"): 1,
        ("control.clock.look", "404"): 1,
    }
    assert counted["request_duration_seconds_count"] == {
        ("conversation.create",): 4,
        ("none",): 1,
        ("control.clock.look",): 1,
    }
    assert 0 < counted["request_duration_seconds_sum"]["conversation.create",] < 60


def test_whatever_clients_ask_for_the_metrics_stay_as_few(alone: App) -> None:
    for number in range(20):
        client_of(alone).call(f"METHOD{number}", f"/rest/ws/{number}", headers={"X-Request-Id": str(number)})
        requests.get(f"{alone.url}/_mock/apps/app-{number}/clock", timeout=10)
        requests.get(f"{alone.url}/_mock/{number}", timeout=10)

    assert scraped(alone.url)["requests_total"] == {
        ("none", "404"): 40,
        ("control.clock.look", "404"): 20,
    }


def test_faults_are_counted_by_kind_once_they_have_struck(alone: App) -> None:
    alone.fail("user.detail", socket="empty", times=1)
    alone.fail("user.update", gateway=429, times=2)
    alone.slow("conversation.create", ms=1)
    with pytest.raises(requests.RequestException):
        client_of(alone).detail("user-1")
    for _ in range(3):
        client_of(alone).call("POST", "/rest/ws/user/update", json={})
    client_of(alone).created("user-1")

    counted = scraped(alone.url)
    assert counted["faults_total"] == {("empty",): 1, ("answer",): 2, ("latency",): 1}
    assert counted["requests_total"]["user.detail", "none"] == 1
    assert counted["requests_total"]["user.update", "429"] == 2


def test_deliveries_are_counted_by_kind_and_outcome(alone: App) -> None:
    answers = iter([503, 200, 503, 503])
    with Receiver(lambda _: (next(answers), b"")) as receiver:
        alone.settings({"webhook": {"url": receiver.url}, "deliveries": {"retries": [0]}})
        alone.disturb("webhook", duplicate=1, times=1)
        number = client_of(alone).created("user-1")["id"]
        client_of(alone).send(number)
        alone.settle()

    counted = scraped(alone.url)
    assert counted["deliveries_total"] == {
        ("webhook", "retried"): 2,
        ("webhook", "sent"): 1,
        ("webhook", "dead"): 1,
    }
    assert counted["faults_total"] == {("duplicate",): 1}
    assert counted["deliveries_pending"] == {(): 0}


def test_what_is_owed_and_the_apps_are_counted_as_they_are() -> None:
    with MockKommunicate(deliveries="inline") as server:
        app = server.create_app(settings={"webhook": {"url": "http://127.0.0.1:9/webhook"}})
        server.create_app()
        client_of(app).send(client_of(app).created("user-1")["id"])

        counted = scraped(server.url)
        assert counted["apps"] == {(): 3}
        assert counted["deliveries_pending"] == {(): 1}
        assert "deliveries_total" not in counted


def test_event_streams_are_counted_while_they_are_open(alone: App) -> None:
    with Watcher(alone.url), Watcher(alone.url):
        wait_until(lambda: scraped(alone.url)["event_streams"] == {(): 2})

    wait_until(lambda: scraped(alone.url)["event_streams"] == {(): 0})


def test_two_servers_of_a_process_count_apart(alone: App) -> None:
    with MockKommunicate() as other:
        client_of(other.default_app).created("user-1")

        assert scraped(other.url)["requests_total"] == {("conversation.create", "200"): 1}
        assert "requests_total" not in scraped(alone.url)


def test_all_processes_are_counted_together_even_those_that_have_died(served: Served) -> None:
    for _ in range(30):
        Client(served.url, served.ready["apiKey"]).detail("user-1")
    served.kill_worker()

    for _ in range(4):
        assert scraped(served.url)["requests_total"]["user.detail", "200"] == 30


def test_a_stream_of_a_process_that_has_died_is_no_longer_counted(served: Served) -> None:
    with Watcher(served.url):
        wait_until(lambda: scraped(served.url)["event_streams"][()] == 1)
        for _ in range(len(served.workers)):
            served.kill_worker()

        wait_until(lambda: scraped(served.url)["event_streams"].get((), 0) == 0)


def test_what_processes_share_is_removed_with_the_server() -> None:
    with Served("--workers", "2", environment={"PROMETHEUS_MULTIPROC_DIR": "/nowhere"}) as other:
        folder = other.folder
        assert len(list(folder.glob("mockkommunicate-metrics-*/*.db"))) > 0
        assert scraped(other.url)["event_streams"] == {(): 0}
        assert other.stop() == (0, "")
        assert list(folder.iterdir()) == []


def test_without_the_extra_the_answer_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with MockKommunicate() as server:
        assert client_of(server.default_app).created("user-1")
        answer = requests.get(f"{server.url}/_mock/metrics", timeout=10)

    assert answer.status_code == 501
    assert answer.json() == {
        "error": {
            "code": "METRICS",
            "message": "nothing is counted: prometheus-client is not installed",
            "hint": "the extra has it: pip install 'mockkommunicate[metrics]'",
        }
    }


def test_a_process_that_counts_for_something_else_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/somewhere")
    with MockKommunicate() as server:
        answer = requests.get(f"{server.url}/_mock/metrics", timeout=10)

    assert answer.status_code == 501
    assert answer.json()["error"]["message"] == (
        "nothing is counted: PROMETHEUS_MULTIPROC_DIR is set, for something else that counts in this process"
    )


def test_off_loopback_the_metrics_need_the_token() -> None:
    with MockKommunicate(host="0.0.0.0", control_token="token-1") as server:
        url = f"{server.url}/_mock/metrics"

        assert requests.get(url, timeout=10).status_code == 401
        assert requests.get(url, headers={"Authorization": "Bearer token-1"}, timeout=10).status_code == 200


def test_the_answer_is_as_prometheus_reads_it(alone: App) -> None:
    answer = requests.get(f"{alone.url}/_mock/metrics", timeout=10)

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE mockkommunicate_apps gauge" in answer.text
    assert requests.post(f"{alone.url}/_mock/metrics", timeout=10).status_code == 405
