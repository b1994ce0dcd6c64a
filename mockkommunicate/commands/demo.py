"""The command `demo`: a support team at work, to look at and to play with."""

import os
import signal
import sys
import threading
import webbrowser
from typing import Any

import click

from mockkommunicate.commands.options import flag, option
from mockkommunicate.settings import Settings

SCENARIO = "support-team"
LOOK_S = 0.2

WORDS = """\
A support team at work: three agents, a bot, and customers who write by themselves.

  console   {console}
  API       {url}
  app       {app}
  key       {key}
{token}
What to try:

  1. Open the console. Its first minute takes you round.
  2. Wait for a customer. The order bot answers, and hands over what it cannot answer to whoever's turn it is.
     Every conversation says why it has its assignee.
  3. Answer as the agent. Send an agent away under People, and see who gets the next conversation.
  4. Be a client yourself, and find the request in the Journal:

     curl -X POST {url}/rest/ws/group/conversation \\
          -H 'Content-Type: application/json' -H 'Api-Key: {key}' \\
          -d '{{"groupName": "Hello", "groupMemberList": ["me"]}}'

  5. Copy a request as pytest, paste it into a file, run pytest: it passes.
  6. Let it fail: under Faults, add "Too many requests, twice", and see how your client takes it.

Ctrl-C ends it. Nothing is kept.
"""


@click.command("demo")
@option(
    "--host",
    of="demo",
    default=Settings.host,
    help="The address to listen on; off loopback it wants a token.",
)
@option(
    "--port",
    of="demo",
    type=click.IntRange(0, 65_535),
    default=Settings.port,
    help="The port; 0 takes a free one.",
)
@option(
    "--seed",
    of="demo",
    type=click.IntRange(0, 2**53),
    default=Settings.seed,
    help="What ids and names follow from.",
)
@option(
    "--pace",
    of="demo",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    help="How many times as fast as people the customers write.",
)
@flag("--no-browser", of="demo", help="Open no browser.")
def demo(*, pace: float, no_browser: bool, **server: Any) -> None:  # noqa: ANN401 - the fields of Settings
    """Show a support team at work.

    It serves the scenario support-team with a bot that answers and customers who write, opens the console in a browser,
    and says what to try. Ctrl-C ends it.
    """
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    _run(server, pace, ended, opens=not no_browser)
    click.echo("The demo has ended.")


def _run(server: dict[str, Any], pace: float, ended: threading.Event, *, opens: bool) -> None:
    from mockkommunicate.commands import demo_people  # noqa: PLC0415 - --help needs none of it
    from mockkommunicate.server import MockKommunicate  # noqa: PLC0415

    settings = Settings(scenario=SCENARIO, **server).guarded()
    token = settings.control_token
    with (
        MockKommunicate(scenario=SCENARIO, control_token=token, **server) as running,
        demo_people.at_work(running.default_app, pace),
    ):
        console = f"{running.url}/_mock/console"
        app = running.default_app
        shown = f"  token     {token} (the console asks for it)\n" if token else ""
        click.echo(
            WORDS.format(
                console=console, url=running.url, app=app.application_id, key=app.api_key, token=shown
            )
        )
        if opens and can_open():
            threading.Thread(target=webbrowser.open, args=[console], daemon=True).start()
        while not ended.wait(LOOK_S):  # another thread may get the signal, which would not wake this one
            pass


def can_open() -> bool:
    """Tell whether there is a screen: without one, what opens is a browser inside the terminal."""
    has_screen = sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    return has_screen and sys.stdout.isatty()
