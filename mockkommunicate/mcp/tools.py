"""The tools: functions as the SDK takes them, strict about their arguments, with refusals that say what would be right."""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import create_model

from mockkommunicate.handle import ControlFailed, RunningServer, Unreachable
from mockkommunicate.mcp import acting, checking, looking, seeding
from mockkommunicate.mcp.arguments import Answer
from mockkommunicate.mcp.presenting import presentable

Function = Callable[..., Answer]

_LOOKS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_REPLACES = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)

TOOLS: Sequence[tuple[Function, ToolAnnotations]] = (
    (seeding.server_info, _LOOKS),
    (seeding.look_at_app, _LOOKS),
    (seeding.create_app, _ADDS),
    (seeding.delete_app, _REPLACES),
    (seeding.reset_app, _REPLACES),
    (seeding.change_settings, _REPLACES),
    (seeding.list_users, _LOOKS),
    (seeding.add_users, _ADDS),
    (seeding.change_user, _REPLACES),
    (seeding.save_snapshot, _REPLACES),
    (seeding.restore_snapshot, _REPLACES),
    (seeding.export_state, _LOOKS),
    (acting.write_message, _ADDS),
    (acting.change_conversation, _REPLACES),
    (acting.bot_reply, _ADDS),
    (acting.call_api, _REPLACES),
    (looking.list_conversations, _LOOKS),
    (looking.get_conversation, _LOOKS),
    (looking.list_requests, _LOOKS),
    (looking.get_request, _LOOKS),
    (looking.list_ignored, _LOOKS),
    (looking.list_deliveries, _LOOKS),
    (looking.redeliver, _ADDS),
    (checking.add_fault, _ADDS),
    (checking.remove_faults, _REPLACES),
    (checking.move_clock, _REPLACES),
    (checking.verify, _LOOKS),
    (checking.wait_for, _LOOKS),
    (checking.settle, _LOOKS),
)
"""Every tool, and what a client may know of it before it lets an assistant use it."""


def make(server: RunningServer) -> list[Tool]:
    """Make the tools that work on a server."""
    return [
        _strict(Tool.from_function(_bound(function, server), annotations=hints)) for function, hints in TOOLS
    ]


def _strict(tool: Tool) -> Tool:
    """Let a tool refuse an argument that it does not have: the SDK would leave it out, and nobody would know."""
    given = tool.fn_metadata.arg_model
    strict = create_model(given.__name__, __base__=given, __cls_kwargs__={"extra": "forbid"})
    tool.fn_metadata.arg_model = strict
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


def _bound(function: Function, server: RunningServer) -> Function:
    """Bind a function to a server, and make what is refused a result that says so."""

    @functools.wraps(function)
    def call(**arguments: Any) -> Any:  # noqa: ANN401 - what the SDK takes as a result
        try:
            return presentable(function(server, **arguments))
        except ControlFailed as error:
            return _refused(error.code, error.message, error.hint)
        except Unreachable as error:
            return _refused("UNREACHABLE", str(error), "is it running, and is --url right?")

    signature = inspect.signature(function)
    own = [parameter for name, parameter in signature.parameters.items() if name != "server"]
    call.__signature__ = signature.replace(parameters=own)  # type: ignore[attr-defined]
    call.__doc__ = inspect.cleandoc(function.__doc__ or "")
    return call


def _refused(code: str, message: str, hint: str) -> CallToolResult:
    error = presentable({"code": code, "message": message, "hint": hint})
    words = f"{error['code']}: {error['message']}" + (f"\nHint: {error['hint']}" if hint else "")
    return CallToolResult(
        is_error=True, content=[TextContent(type="text", text=words)], structured_content={"error": error}
    )
