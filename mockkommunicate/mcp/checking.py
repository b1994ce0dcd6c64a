"""Tools that spoil, wait and verify: faults, the clock, what shall have come."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from mockkommunicate.handle import RunningServer, VerificationFailed
from mockkommunicate.mcp.arguments import (
    Answer,
    AppId,
    Awaited,
    Effect,
    Matcher,
    Object,
    Seconds,
    When,
    given,
)
from mockkommunicate.mcp.presenting import shortened


def add_fault(
    server: RunningServer,
    *,
    match: Matcher,
    do: Annotated[Effect | None, Field(description="Left out only for a rate limit.")] = None,
    when: When | None = None,
    phase: Annotated[
        Literal["before", "after"] | None,
        Field(description="after: the operation is done, but its answer is lost."),
    ] = None,
    ttl_ms: Annotated[int | None, Field(description="After how long the rule goes.")] = None,
    app: AppId = "default",
) -> Answer:
    """Let requests fail or wait, or disturb what is sent to webhooks and bots (match.delivery, do.deliver).

    {"match": {"operation": "message.send"}, "when": {"times": 2}, "do": {"gateway": 503}} refuses the next two messages.
    The page docs/faults.md has every effect. look_at_app lists the faults with how often each has struck.
    """
    rule = given(match=match, do=do, when=when, phase=phase, ttlMs=ttl_ms)
    return server.app(app).control("POST", "faults", rule)


def remove_faults(
    server: RunningServer,
    *,
    fault: Annotated[int | None, Field(description="The one to remove, by its id; all, if left out.")] = None,
    app: AppId = "default",
) -> Answer:
    """Remove a fault, or all of them."""
    return server.app(app).control("DELETE", "faults" if fault is None else f"faults/{fault}")


def move_clock(
    server: RunningServer,
    *,
    freeze: Annotated[str, Field(description="now, or ISO 8601: the clock stands still there.")] = "",
    to: Annotated[str, Field(description="ISO 8601: set it, running or standing still as before.")] = "",
    advance: Annotated[str, Field(description="PT1H, 90s, 5m: move it ahead.")] = "",
    resume: Annotated[bool, Field(description="Let it run, from where it is.")] = False,
    app: AppId = "default",
) -> Answer:
    """Move an app's clock: retries, faults that end and everything else with a time in it obey it.

    `ran` names the deliveries that fell due on the way. Without any argument it shows the time.
    """
    how = given(set=to, advance=advance, resume=resume or None)
    how |= given(freeze=True if freeze == "now" else freeze)
    return server.app(app).control("POST" if how else "GET", "clock", how or None)


def verify(
    server: RunningServer,
    *,
    request: Annotated[Matcher | None, Field(description="The request that shall have come.")] = None,
    sequence: Annotated[
        list[Matcher] | None, Field(description="Instead: requests, one after the other.")
    ] = None,
    times: Annotated[int | None, Field(description="How often exactly; at least once, if left out.")] = None,
    at_least: int | None = None,
    at_most: int | None = None,
    app: AppId = "default",
) -> Answer:
    """Verify that the code under test sent a request; `matched` says so.

    Where it did not, `told` says what was expected, which requests are nearest, and how each differs.
    """
    bounds = given(atLeast=at_least, atMost=at_most)
    asked = given(request=request, sequence=sequence, times=times if times is not None else bounds or None)
    answer = server.app(app).control("POST", "requests/verify", asked)
    told = {} if answer["matched"] else {"told": str(VerificationFailed(asked, answer))}
    return {**told, **shortened(answer)}


def wait_for(
    server: RunningServer,
    *,
    what: Awaited,
    matching: Annotated[
        Object, Field(description="What it shall be like: of a request, a matcher as verify takes it.")
    ] = None,
    timeout: Seconds = 5.0,
    app: AppId = "default",
) -> Answer:
    """Wait for a message, a request, a delivery or an assignment; `met` says whether it is there, `found` what it is.

    One that is there already counts.
    """
    wanted: Mapping[str, object] = {
        "for": what,
        "matching": matching or {},
        "timeoutMs": round(timeout * 1_000),
    }
    return server.app(app).control("POST", "wait", wanted)


def settle(server: RunningServer, *, timeout: Seconds = 10.0, app: AppId = "default") -> Answer:
    """Wait until nothing is owed to webhooks and bots; `timedOut` says that something still is.

    Where the clock stands still, what is due later stays pending: move_clock makes it due.
    """
    return shortened(server.app(app).control("POST", "settle", {"timeoutMs": round(timeout * 1_000)}))
