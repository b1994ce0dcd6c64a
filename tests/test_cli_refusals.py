"""What the command line refuses: a bad value is one clear line on stderr, and the exit code 2."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy

from mockkommunicate.handle import call
from tests.served import Served, run, variable


def refused(*options: str, environment: Mapping[str, str] | None = None) -> str:
    """Try to serve; answer the one line on stderr that says why that is refused."""
    done = run("serve", "--port", "0", *options, environment=environment)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("mockkommunicate: error: ")
    return line


BAD = [
    ("port", "abc", "'abc'"),
    ("port", "65536", "65536"),
    ("port", "-1", "-1"),
    ("host", "203.0.113.7", "203.0.113.7"),
    ("database", "nonsense", "sqlite:///"),
    ("database", "sqlite:////no/such/folder/state.db", "/no/such/folder"),
    ("database", "sqlite:///:memory:", "memory"),
    ("database", "nosuch://host/name", "sqlite:///"),
    ("database", "postgresql+psycopg://postgres@127.0.0.1:1/none", "127.0.0.1"),
    ("database", "postgresql+psycopg://postgres@127.0.0.1:port/none", "sqlite:///"),
    ("scenario", "suport-team", "did you mean 'support-team'?"),
    ("scenario", "/no/such/file.yaml", "/no/such/file.yaml"),
    ("seed", "-1", "-1"),
    ("seed", "1.5", "'1.5'"),
    ("api-key", "two words", "'two words'"),
    ("application-id", "a/b", "'a/b'"),
    ("workers", "0", "0"),
    ("threads", "0", "0"),
    ("ready-file", "/no/such/folder/ready.json", "/no/such/folder"),
    ("ready-file", "/", "/"),
    ("log-format", "xml", "'text', 'json'"),
    ("control-token", "two words", "control-token"),
    ("max-apps", "0", "0"),
    ("max-body", "-5", "-5"),
    ("store-timeout", "soon", "'soon'"),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD, ids=[f"{name} {value}" for name, value, _ in BAD])
def test_a_bad_value_is_one_clear_line(name: str, value: str, said: str) -> None:
    assert said in refused(f"--{name}", value)


@pytest.mark.parametrize("name", ["host", "port", "database", "scenario", "workers", "ready-file"])
def test_a_bad_value_in_the_environment_is_one_clear_line_too(name: str) -> None:
    value, said = next((value, said) for known, value, said in BAD if known == name)
    # The command line would win over the environment, so the port is not on it here.
    done = run("serve", environment={variable("port"): "0", variable(name): value})

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line


def test_an_unknown_option_is_one_clear_line() -> None:
    assert "--prot" in refused("--prot", "1")


def test_a_port_in_use_is_one_clear_line() -> None:
    with Served() as served:
        assert str(served.port) in refused("--port", str(served.port))


def test_a_password_is_not_printed() -> None:
    for url in ("postgresql+psycopg://me:secret@127.0.0.1:1/none", "nosuch://me:secret@127.0.0.1/none"):
        assert "secret" not in refused("--database", url)


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100)

    assert "letter.db" in refused("--database", f"sqlite:///{file}")
    assert file.read_text() == "Dear Sir or Madam, " * 100


def test_a_database_of_another_schema_is_refused_with_both_numbers(database_url: str) -> None:
    with Served("--database", database_url):
        pass
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE mock_schema SET number = 999"))
    engine.dispose()

    line = refused("--database", database_url)

    assert "has schema 999" in line
    assert "needs" in line


def test_a_key_that_another_app_of_the_database_has_is_refused(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/state.db"
    with Served("--database", database) as served:
        call("POST", f"{served.url}/_mock/apps", {"apiKey": "taken"})

    assert "--api-key" in refused("--database", database, "--api-key", "taken")
    assert "--api-key" in refused("--database", database, "--application-id", "another")


FAULTS = {
    "no yaml": ("users: [\n", "line 2, column 1"),
    "an unknown field": ("users:\n  - {userId: a, role: agent, colour: red}\n", "line 2, column 30"),
    "an unknown role": ("users:\n  - {userId: a, role: boss}\n", "line 2, column 17"),
    "no mapping": ("- 1\n", "line 1, column 1"),
    "an unknown agent": ("settings:\n  routing: {defaultAgent: a}\n", "line 2, column 13"),
    "a user twice": (
        "users:\n  - {userId: a, role: agent}\n  - {userId: a, role: bot}\n",
        "line 3, column 6",
    ),
    "a client group id twice": (
        (
            "conversations:\n"
            "  - {name: x, members: [u], clientGroupId: c}\n"
            "  - {name: y, members: [u], clientGroupId: c}\n"
        ),
        "line 3, column 29",
    ),
    "an unknown locale": ("generate: {locale: xx_XX, customers: 1}\n", "line 1, column 12"),
}


@pytest.mark.parametrize(("content", "position"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_scenario_is_refused_with_file_and_position(
    tmp_path: Path, content: str, position: str
) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(content)

    line = refused("--scenario", str(file))

    assert str(file) in line
    assert position in line
