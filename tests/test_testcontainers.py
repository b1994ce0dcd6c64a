"""The container of the Testcontainers library, on an engine that runs a real server as a process for it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testcontainers.core.config import ConnectionMode, testcontainers_config
from testcontainers.core.exceptions import ContainerStartException
from testcontainers.core.network import Network

from mockkommunicate.cli import serve
from mockkommunicate.handle import ControlFailed, RunningServer
from mockkommunicate.testcontainers import HOST, PORT, MockKommunicateContainer, variables
from tests.client import Client
from tests.engine import DOCKERFILE, Container, Engine, image
from tests.pages.blocks import named

IMAGE = "mockkommunicate:latest"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine of the test's own, which the library talks to."""
    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
    monkeypatch.setattr(testcontainers_config, "tc_host_override", "127.0.0.1")
    monkeypatch.setattr(testcontainers_config, "connection_mode_override", ConnectionMode.docker_host)
    with Engine(IMAGE) as running:
        monkeypatch.setenv("DOCKER_HOST", running.url)
        yield running


def created(engine: Engine) -> Container:
    """Answer the one container there is."""
    (container,) = engine.containers.values()
    return container


def test_a_container_serves_until_it_is_stopped(engine: Engine) -> None:
    with MockKommunicateContainer(scenario="support-team", seed=7, api_key="my-key") as kommunicate:
        app = kommunicate.app
        conversation = Client(kommunicate.url, app.api_key).created("carl")
        own = kommunicate.create_app()

        assert (app.api_key, app.seed) == ("my-key", 7)
        assert app.conversation(conversation["id"]).name == "A question"
        assert app.verify("POST", "/rest/ws/group/conversation", times=1) == 1
        assert own.requests() == []
        with pytest.raises(ControlFailed, match="the control API needs its token"):
            RunningServer(kommunicate.url).info()
        process = created(engine).process

    assert engine.containers == {}
    assert process is not None
    assert process.returncode == 0


def test_it_is_created_with_its_port_its_environment_and_a_name_for_this_machine(engine: Engine) -> None:
    hosts = {"db": "10.0.0.2"}
    kommunicate = MockKommunicateContainer(
        port=9000,
        control_token="t",
        allow_outbound=["*.x.io"],
        max_apps=5,
        extra_hosts=hosts,
        env={"TZ": "UTC"},
    )
    with kommunicate:
        wanted = created(engine).wanted
        environment = created(engine).environment

    assert wanted["Image"] == IMAGE
    assert wanted["ExposedPorts"] == {"9000/tcp": {}}
    assert wanted["HostConfig"]["ExtraHosts"] == ["db:10.0.0.2", f"{HOST}:host-gateway"]
    assert environment == {
        "MOCKKOMMUNICATE_HOST": "0.0.0.0",
        "MOCKKOMMUNICATE_PORT": "9000",
        "MOCKKOMMUNICATE_CONTROL_TOKEN": "t",
        "MOCKKOMMUNICATE_ALLOW_OUTBOUND": f"{HOST} *.x.io",
        "MOCKKOMMUNICATE_MAX_APPS": "5",
        "TZ": "UTC",
    }
    assert kommunicate.host_url(5000, "/hook") == "http://host.docker.internal:5000/hook"


@pytest.mark.usefixtures("engine")
def test_other_containers_have_a_url_of_their_own_for_it() -> None:
    network = Network()
    named = MockKommunicateContainer(network=network, network_aliases=["kommunicate", "km"])

    assert named.network_url == "http://kommunicate:8080"
    with pytest.raises(ValueError, match="give it network= and network_aliases="):
        _ = MockKommunicateContainer().network_url


def test_one_that_does_not_start_says_why_at_once(engine: Engine) -> None:
    with (
        pytest.raises(
            ContainerStartException, match=r"the emulator did not start: mockkommunicate: error: .*nowhere"
        ),
        MockKommunicateContainer(scenario="nowhere"),
    ):
        pass

    assert engine.containers == {}


def test_an_image_that_is_not_there_is_an_error_that_names_it(engine: Engine) -> None:
    with pytest.raises(Exception, match="pull access denied"), MockKommunicateContainer("elsewhere/mock:9"):
        pass

    assert "POST /images/create" in engine.asked


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": "127.0.0.1"}, "host cannot be set: in a container it listens on every address"),
        ({"ready_file": "/x"}, "ready_file cannot be set: start"),
    ],
    ids=["host", "ready file"],
)
@pytest.mark.usefixtures("engine")
def test_what_a_container_decides_itself_cannot_be_set(options: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        MockKommunicateContainer(**options)


@pytest.mark.usefixtures("engine")
def test_before_the_start_there_is_neither_url_nor_app() -> None:
    kommunicate = MockKommunicateContainer()

    with pytest.raises(ContainerStartException):
        _ = kommunicate.url
    with pytest.raises(ContainerStartException, match="use it with `with`"):
        _ = kommunicate.app


def test_the_test_of_the_documentation_passes(engine: Engine) -> None:
    example = named("docs/testcontainers.md", "test")
    webhook = named("docs/testcontainers.md", "webhook")

    class Service:
        def __init__(self, *, url: str, api_key: str) -> None:
            self.client = Client(url, api_key)

        def escalate(self, customer: str) -> None:
            metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane@example.com"}
            self.client.created(customer, metadata=metadata)

    names: dict[str, Any] = {"my_service": Service}
    exec(example + "".join(f"        {line}\n" for line in webhook.splitlines()), names)
    names["test_a_customer_reaches_an_agent"]()

    assert engine.containers == {}


@pytest.mark.usefixtures("engine")
def test_the_image_and_the_module_agree() -> None:
    ours = image()

    assert ours["MOCKKOMMUNICATE_PORT"] == str(PORT)
    assert f"EXPOSE {PORT}\n" in DOCKERFILE
    assert ours["MOCKKOMMUNICATE_HOST"] == MockKommunicateContainer().env["MOCKKOMMUNICATE_HOST"]
    assert "/_mock/readyz" in re.findall("^HEALTHCHECK.*?^[A-Z]", DOCKERFILE, re.DOTALL | re.MULTILINE)[0]
    assert 'ENTRYPOINT ["mockkommunicate"]\nCMD ["serve"]\n' in DOCKERFILE


def test_each_setting_has_the_name_that_the_command_reads() -> None:
    read = {option.envvar for option in serve.params}
    named = {option.name: "1" for option in serve.params if option.name}

    assert set(variables(named)) == read


def test_without_the_library_the_import_says_what_to_install(tmp_path: Path) -> None:
    missing = "raise ModuleNotFoundError(\"No module named 'testcontainers'\", name='testcontainers')\n"
    (tmp_path / "testcontainers.py").write_text(missing, encoding="utf-8")

    run = [sys.executable, "-c", "import mockkommunicate.testcontainers"]
    done = subprocess.run(run, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "ImportError: mockkommunicate.testcontainers needs the library" in done.stderr.splitlines()[-1]
