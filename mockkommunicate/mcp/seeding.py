"""Tools that make what a test begins with: apps, users, settings, snapshots."""

from typing import Annotated, Any

from pydantic import Field

from mockkommunicate.handle import ControlFailed, RunningServer
from mockkommunicate.mcp.arguments import (
    Answer,
    AppId,
    Availability,
    Object,
    Role,
    Scenario,
    Seed,
    User,
    UserId,
    given,
    query,
    segment,
)


def server_info(server: RunningServer) -> Answer:
    """Say where the emulator is, what it emulates, and which scenarios and apps there are.

    The code under test needs the `url` in place of https://services.kommunicate.io, and the `apiKey` of an app in its
    header Api-Key. `console` is a page to look at everything in a browser.
    """
    return {
        "url": server.url,
        "console": f"{server.url}/_mock/console",
        **server.info(),
        "apps": server.apps(),
    }


def look_at_app(server: RunningServer, *, app: AppId = "default") -> Answer:
    """Show an app: its key, seed, settings, clock, agents at work, faults and snapshots."""
    handle = server.app(app)
    return {
        **handle.control("GET", ""),
        "settings": handle.settings(),
        "clock": handle.control("GET", "clock"),
        **handle.control("GET", "agents"),
        **handle.control("GET", "faults"),
        **handle.control("GET", "snapshots"),
    }


def create_app(
    server: RunningServer,
    *,
    scenario: Scenario = "",
    seed: Seed = None,
    application_id: str = "",
    api_key: str = "",
    copy_of: Annotated[str, Field(description="Fork this app instead of filling one from a scenario.")] = "",
    snapshot: Annotated[str, Field(description="With copy_of: fork it as it was in this snapshot.")] = "",
    at: Annotated[str, Field(description="ISO 8601: the clock stands still there from the start.")] = "",
    settings: Object = None,
) -> Answer:
    """Create an app, a world of its own with its own API key; what is not given is made up.

    Use one for each independent test or experiment, so that none disturbs another.
    """
    wanted = given(
        scenario=scenario, seed=seed, applicationId=application_id, apiKey=api_key, snapshot=snapshot
    )
    wanted |= given(at=at, settings=settings, **{"from": copy_of})
    return server.create_app(**wanted).control("GET", "")


def delete_app(
    server: RunningServer, *, app: Annotated[str, Field(description="Its application id.")]
) -> Answer:
    """Delete an app and everything in it; its key is unknown from then on."""
    return server.app(app).control("DELETE", "")


def reset_app(
    server: RunningServer, *, app: AppId = "default", scenario: Scenario = "", seed: Seed = None
) -> Answer:
    """Empty an app and fill it again, from its own scenario and seed unless told otherwise.

    Journal, deliveries and faults are gone afterwards; its id, its key and its snapshots stay.
    """
    return server.app(app).reset(**given(scenario=scenario, seed=seed))


def change_settings(
    server: RunningServer,
    *,
    changes: Annotated[
        dict[str, Any], Field(description='Such as {"routing": {"rule": "notify_everybody"}}.')
    ],
    app: AppId = "default",
) -> Answer:
    """Merge changes into an app's settings, key by key; answer them whole. look_at_app shows them."""
    return server.app(app).settings(changes)


def list_users(
    server: RunningServer,
    *,
    role: Role | None = None,
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100,
    after: Annotated[str, Field(description="The `next` of the list before.")] = "",
    app: AppId = "default",
) -> Answer:
    """List the users of an app in order of creation."""
    return server.app(app).control("GET", f"users?{query(role=role, limit=limit, after=after)}")


def add_users(
    server: RunningServer,
    *,
    users: Annotated[list[User], Field(min_length=1)],
    app: AppId = "default",
) -> Answer:
    """Add agents, bots and customers, one after the other; one that is refused says which were added before."""
    handle = server.app(app)
    added: list[Any] = []
    for user in users:
        try:
            added.append(handle.control("POST", "users", dict(user)))
        except ControlFailed as error:
            names = ", ".join(str(one["userId"]) for one in added) or "nobody"
            message = f"{user.get('userId')!r} was refused: {error.message} (added before: {names})"
            raise ControlFailed(
                error.status, {"code": error.code, "message": message, "hint": error.hint}
            ) from error
    return {"users": added}


def change_user(
    server: RunningServer,
    *,
    user: UserId,
    availability: Availability | None = None,
    changes: Annotated[Object, Field(description="Any other field of a user; null takes one away.")] = None,
    app: AppId = "default",
) -> Answer:
    """Let an agent come online, go away or offline, or change anything else of a user; answer the user."""
    body = {**(changes or {}), **given(availability=availability)}
    return server.app(app).control("PATCH", f"users/{segment(user)}", body)


def save_snapshot(server: RunningServer, *, name: str, app: AppId = "default") -> Answer:
    """Keep an app as it is under a name, to go back to; one of the same name is replaced."""
    return dict(server.app(app).snapshot(name))


def restore_snapshot(server: RunningServer, *, name: str, app: AppId = "default") -> Answer:
    """Make an app as it was when the snapshot was taken; the journal stays as it is."""
    return server.app(app).control("POST", f"snapshots/{segment(name)}/restore")


def export_state(server: RunningServer, *, app: AppId = "default") -> Answer:
    """Export everything in an app as one JSON document, which `mockkommunicate state import` takes in again."""
    return server.app(app).state()
