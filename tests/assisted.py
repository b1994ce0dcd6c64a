"""A coding assistant: the SDK's own client of `mockkommunicate mcp`, over real stdin and stdout."""

import sys
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from anyio.from_thread import start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextResourceContents, Tool

PROGRAM = str(Path(sys.executable).parent / "mockkommunicate")


class Assistant:
    """An assistant with the options of the command, and its variables. Use it with `with`."""

    def __init__(self, *options: str, mode: str = "auto", environment: dict[str, str] | None = None) -> None:
        self._parameters = StdioServerParameters(command=PROGRAM, args=["mcp", *options], env=environment)
        self._mode = mode
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        """Start the command and shake hands."""
        self._portal = self._closing.enter_context(start_blocking_portal())
        client = Client(self._parameters, mode=self._mode, read_timeout_seconds=60)
        self.client = self._closing.enter_context(self._portal.wrap_async_context_manager(client))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close stdin, and wait for the command to end."""
        self._closing.close()

    def tools(self) -> list[Tool]:
        """List the tools."""
        return self._portal.call(self.client.list_tools).tools

    def result(self, tool: str, **arguments: object) -> CallToolResult:
        """Use a tool, whatever comes of it."""
        result: CallToolResult = self._portal.call(self.client.call_tool, tool, arguments)
        return result

    def later(self, tool: str, **arguments: object) -> Future[CallToolResult]:
        """Begin to use a tool."""
        return self._portal.start_task_soon(self.client.call_tool, tool, arguments)

    def use(self, tool: str, **arguments: object) -> Any:
        """Use a tool; answer what it answers."""
        result = self.result(tool, **arguments)
        assert not result.is_error, result.content
        return result.structured_content

    def refused(self, tool: str, **arguments: object) -> str:
        """Use a tool that refuses; answer in which words."""
        result = self.result(tool, **arguments)
        assert result.is_error
        (content,) = result.content
        return str(getattr(content, "text", ""))

    def resources(self) -> dict[str, str | None]:
        """List the resources by their URIs, each with its type."""
        return {one.uri: one.mime_type for one in self._portal.call(self.client.list_resources).resources}

    def read(self, uri: str) -> str:
        """Read a resource."""
        (content,) = self._portal.call(self.client.read_resource, uri).contents
        assert isinstance(content, TextResourceContents)
        return content.text
