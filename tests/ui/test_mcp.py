"""The endpoints as tools of the Model Context Protocol, by its own client."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ImageContent, TextContent
from PIL import Image

from ganzoo.ui.endpoints import Endpoints
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.theme import launch_options
from tests.ports import free_port
from tests.ui.test_endpoints import drawn, tiles


@pytest.fixture(scope="module")
def mcp_url(zoo: Path) -> Iterator[str]:
    """Where the page serves ``zoo`` with its tools."""
    demo = build(Models([zoo], device="cpu"))
    _, url, _ = demo.launch(
        **launch_options(), mcp_server=True, server_port=free_port(), quiet=True, prevent_thread_lock=True
    )
    yield f"{url}gradio_api/mcp/"
    demo.close(verbose=False)


Ask = Callable[[ClientSession], Coroutine[Any, Any, Any]]


def asked(mcp_url: str, ask: Ask) -> Any:
    async def answer() -> Any:
        async with (
            streamable_http_client(mcp_url) as (inward, outward, _),
            ClientSession(inward, outward) as session,
        ):
            await session.initialize()
            return await ask(session)

    with ThreadPoolExecutor(1) as apart:  # the browser of other tests has an event loop in this thread
        return apart.submit(asyncio.run, answer()).result()


def called(mcp_url: str, tool: str, **arguments: object) -> CallToolResult:
    result = asked(mcp_url, lambda session: session.call_tool(tool, arguments))
    assert isinstance(result, CallToolResult)
    return result


def test_every_endpoint_is_a_tool_whose_arguments_are_described(mcp_url: str) -> None:
    tools = {tool.name: tool for tool in asked(mcp_url, lambda session: session.list_tools()).tools}
    assert set(tools) == {name for name in vars(Endpoints) if not name.startswith("_")}
    for tool in tools.values():
        assert tool.description
        assert all(argument["description"] for argument in tool.inputSchema["properties"].values())
    assert tools["sample"].inputSchema["required"] == ["model", "seed"]


def test_a_tool_draws_what_the_library_draws(mcp_url: str, zoo: Path) -> None:
    result = called(mcp_url, "sample", model="gamma", seed=40, count=12, truncation=0.7)
    (content,) = (it for it in result.content if isinstance(it, ImageContent))
    sheet = Image.open(BytesIO(b64decode(content.data)))
    assert (tiles(sheet, 12, (32, 32)) == drawn(zoo, "gamma", range(40, 52), 0.7)).all()


def test_a_tool_takes_a_list_of_models(mcp_url: str) -> None:
    result = called(mcp_url, "compare", models=["alpha", "beta"], seed=0)
    assert not result.isError, result.content
    assert all(name in json.dumps(result.model_dump(mode="json")) for name in ("alpha.png", "beta.png"))


def test_a_tool_refuses_in_one_sentence(mcp_url: str) -> None:
    result = called(mcp_url, "sample", model="nobody", seed=0)
    (content,) = result.content
    assert result.isError
    assert isinstance(content, TextContent)
    assert content.text.startswith("There is no model ")
