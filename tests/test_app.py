import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.hub.server import LoopbackHub
from tests.ports import free_port

ROOT = Path(__file__).parents[1]


@contextmanager
def started(**environment: str) -> Iterator[str]:
    """What ``python app.py`` prints once it is ready, while it runs. Before it gradio tells of the MCP server."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "GANZOO_"))}
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=clean | environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield next((line for line in process.stdout if line.startswith("ganzoo")), "")
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_a_taken_port_moves_to_the_next_free_one_and_says_so(zoo: Path) -> None:
    with closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 7860))
            other.listen()
        except OSError:
            pass  # somebody else has it, which serves as well
        with started(GANZOO_ZOO=str(zoo), GANZOO_DEVICE="cpu") as line:
            match = re.search(r"http://127\.0\.0\.1:(78[6-9]\d|79[0-5]\d)/", line)
            assert match, line
            assert match[1] != "7860"
            assert "because port 7860 is taken" in line
            with urllib.request.urlopen(f"{match[0]}config", timeout=30) as response:
                config = json.load(response)
            with urllib.request.urlopen(f"{match[0]}gradio_api/mcp/schema", timeout=30) as response:
                tools = {tool["name"] for tool in json.load(response)}
    assert {"models", "sample"} <= tools
    assert {dependency["api_name"] for dependency in config["dependencies"]} >= {"models", "sample"}
    assert "alpha" in json.dumps(config["components"])


SPACES = """
def GPU(*, duration):
    return lambda task: task

def gradio_auto_wrap(task):
    return task
"""
"""A stand-in for the package that a Space has."""

ZERO = """
import torch

def GPU(*, duration):
    def decorate(task):
        def lent(*args):
            raise RuntimeError("no GPU for so little")
        lent.zerogpu = None
        return lent
    return decorate

def gradio_auto_wrap(task):
    return task

torch.cuda.is_available = lambda: True
"""
"""The same on ZeroGPU, where PyTorch is made to claim that there is a GPU."""


@pytest.mark.parametrize("package", [SPACES, ZERO], ids=["cpu", "zerogpu"])
def test_it_serves_as_a_space_starts_it_and_asks_for_its_owners_models_without_a_token(
    zoo: Path, tmp_path: Path, hub: LoopbackHub, package: str
) -> None:
    port = free_port()
    (tmp_path / "spaces.py").write_text(package)
    environment = {
        "SYSTEM": "spaces",
        "SPACE_ID": "alice/zoo",
        "HF_TOKEN": "token-of-alice",
        "GANZOO_HUB_OWNERS": "alice, bob",
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_SERVER_PORT": str(port),
        "PYTHONPATH": str(tmp_path),
        "GANZOO_ZOO": str(zoo),
    }
    with started(**environment) as line:
        assert line.startswith(f"ganzoo is at http://localhost:{port}/. ")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/config", timeout=30) as response:
            config = json.load(response)
        while len(hub.asked) < 2:  # which is after the start
            time.sleep(0.05)
    assert config["space_id"] == "alice/zoo"
    components = json.dumps(config["components"])
    assert "CPU: 64 pictures in " in components
    assert "/spaces/alice/zoo?duplicate=true" in components
    assert [(asked.path, asked.authorization) for asked in hub.asked] == [("/api/models", "")] * 2


def test_a_device_that_is_not_there_is_one_sentence() -> None:
    environment = os.environ | {"GANZOO_DEVICE": "abacus"}
    process = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert process.returncode == 1
    assert process.stderr.strip().endswith("There is no device 'abacus': choose auto, cpu, cuda or mps.")
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize(
    ("reach", "opens"),
    [
        ({}, True),
        ({"GRADIO_SERVER_NAME": "0.0.0.0"}, False),
        ({"GRADIO_SHARE": "1"}, False),  # which gradio does not take for True: no tunnel is asked for
    ],
)
def test_the_owner_s_token_opens_models_for_this_computer_alone(
    zoo: Path, hub: LoopbackHub, tmp_path: Path, reach: dict[str, str], opens: bool
) -> None:
    hub.put("alice/secret", {path.name: path.read_bytes() for path in (zoo / "alpha").iterdir()}, private=True)
    environment = {"HF_TOKEN": "token-of-alice", "HF_ASSETS_CACHE": str(tmp_path), "GANZOO_HUB_OWNERS": "", **reach}
    with started(**environment, GANZOO_DEVICE="cpu") as line:
        address = f"{line.split()[3].rstrip('.')}gradio_api/call/open"
        event = httpx.post(address, json={"data": ["alice/secret", ""]}, timeout=30).json()["event_id"]
        told = httpx.get(f"{address}/{event}", timeout=30).text
    assert ("event: complete" in told) is opens
    assert ("The Hub shows no alice/secret" in told) is not opens
    assert {asked.authorization for asked in hub.asked} == {"Bearer token-of-alice" if opens else ""}


def test_options_that_it_does_not_take_are_one_sentence() -> None:
    done = subprocess.run([sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("app.py takes no options but variables")
