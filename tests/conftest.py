"""What several kinds of test share: real pictures, a small zoo, its page, and a last word on tests left out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, sync_playwright
from torch import nn

from benchmarks.browser import open_browser
from ganzoo.checkpoints import save_checkpoint
from ganzoo.hub import fetching
from ganzoo.nn.dcgan import dcgan_networks
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig, mlp_networks
from ganzoo.recipe import Recipe
from ganzoo.zoo import RECIPES
from ganzoo.zoo.cyclegan import CycleGAN
from ganzoo.zoo.srgan import SRGAN
from ganzoo.zoo.stylegan2 import StyleGenerator, StyleGeneratorConfig
from tests import HUB_PORT
from tests.copies import score
from tests.hub.server import LoopbackHub
from tests.ports import free_port

HISTORY = [
    {"step": step, "images": 64 * step, "seconds": step / 100, "loss/generator": 0.7, "loss/discriminator": 1.4}
    for step in range(0, 500, 10)
]
SCORE = score("frechet-classifier-distance", 12.5, standard_error=0.25, real=1.5)


@pytest.fixture(scope="session")
def sample_root() -> Path:
    """A data root with a thousand real pictures of Fashion-MNIST, for which no network is needed."""
    return Path(__file__).parent / "sample"


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three untrained models, two of grey digits and one of colour."""
    folder = tmp_path_factory.mktemp("zoo")
    torch.manual_seed(0)
    networks = {
        "alpha": mlp_networks((1, 28, 28), width=8, z_dim=16),
        "beta": dcgan_networks((1, 28, 28), width=4, z_dim=12),
        "gamma": mlp_networks((3, 32, 32), width=8, z_dim=16),
    }
    for name, (generator, discriminator) in networks.items():
        for module in generator.modules():  # untrained, it would draw greys that hardly differ from seed to seed
            if isinstance(module, nn.Linear | nn.ConvTranspose2d):
                module.weight.data *= 3.0
        save_checkpoint(
            folder / name,
            networks={"generator": generator, "discriminator": discriminator},
            recipe={
                "variant": "dcgan" if name == "beta" else "gan",
                "data": {"dataset": "cifar10" if name == "gamma" else "mnist"},
                "seed": 0,
            },
            training={"steps": 500, "images": 32_000, "seconds": 5.0, "hardware": "none", "weights": "raw"},
            attachments={
                "history.jsonl": "\n".join(map(json.dumps, HISTORY)).encode(),
                **({"metrics.json": json.dumps([SCORE]).encode()} if name == "beta" else {}),
            },
        )
    return folder


@pytest.fixture(scope="session")
def conditional(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one untrained model, of garments, that is told their classes."""
    folder = tmp_path_factory.mktemp("conditional")
    torch.manual_seed(0)
    recipe = RECIPES["cgan"].model_validate({"data": {"dataset": "fashion-mnist"}, "width": 4, "z_dim": 12})
    players = recipe.game().players
    for parameter in players["generator"].parameters():  # or classes would hardly differ
        if parameter.ndim == 4:
            parameter.data *= 3.0
    for parameter in players["discriminator"].parameters():  # which begins by judging whatever the class
        if not parameter.any():
            nn.init.normal_(parameter, std=0.1)
    save_checkpoint(
        folder / "delta",
        networks=players,
        recipe={"variant": recipe.name, **recipe.model_dump(mode="json"), "seed": 0},
        training={"steps": 500, "images": 32_000, "seconds": 5.0, "hardware": "none", "weights": "raw"},
    )
    return folder


@pytest.fixture(scope="session")
def translators(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of untrained models that translate pictures of garments: ``delta`` enlarges them, ``epsilon`` turns
    outlines into them and them into outlines.
    """
    folder = tmp_path_factory.mktemp("translators")
    torch.manual_seed(0)
    tiny = {"data": {"dataset": "fashion-mnist"}, "width": 2, "blocks": 1}
    recipes: dict[str, Recipe] = {"delta": SRGAN.model_validate(tiny), "epsilon": CycleGAN.model_validate(tiny)}
    for name, recipe in recipes.items():
        save_checkpoint(
            folder / name,
            networks={"translator": recipe.game().model},
            recipe={"variant": recipe.name, **recipe.model_dump(mode="json"), "seed": 0},
            training={"steps": 500, "images": 32_000, "seconds": 5.0, "hardware": "none", "weights": "raw"},
            attachments={"history.jsonl": "\n".join(map(json.dumps, HISTORY)).encode()},
        )
    return folder


@pytest.fixture(scope="session")
def styled(zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two untrained models: ``alpha``, and ``sigma``, which has styles and noise."""
    folder = tmp_path_factory.mktemp("styled")
    shutil.copytree(zoo / "alpha", folder / "alpha")
    torch.manual_seed(0)
    generator = StyleGenerator(StyleGeneratorConfig(image_shape=(1, 28, 28), z_dim=16, width=4))
    generator(torch.randn(64, 16))  # the mean style leaves zero
    with torch.no_grad():
        for name, parameter in generator.named_parameters():
            if name.endswith("strength"):
                parameter.fill_(0.5)
    save_checkpoint(folder / "sigma", networks={"generator": generator}, recipe={}, training={})
    return folder


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one model, as small as they come, of pictures as large as they come."""
    folder = tmp_path_factory.mktemp("large")
    torch.manual_seed(0)
    generator = MLPGenerator(MLPGeneratorConfig(image_shape=(3, 1024, 1024), z_dim=1, hidden=(1,)))
    with pytest.MonkeyPatch.context() as patch:  # whether half the digits draw the same takes long to see at this size
        patch.setattr("ganzoo.checkpoints.writing._draws_the_same", lambda generator: False)
        save_checkpoint(folder / "large", networks={"generator": generator}, recipe={}, training={})
    return folder


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's fetched checkpoints are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(fetching, "cached_assets_path", folder.joinpath)
    return folder


@pytest.fixture
def hub(kept: Path) -> Iterator[LoopbackHub]:
    """An empty Hub on this computer, at which the client has its address."""
    with LoopbackHub(HUB_PORT) as hub:
        yield hub


Judge = Callable[[str | Path], dict[str, Any]]


@pytest.fixture(scope="module")
def judge(zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Opens a folder, or a model on the Hub, in another process; ``tests/judge.py`` says what it answers."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_ASSETS_CACHE": str(tmp_path_factory.mktemp("kept")),
    }
    command = [sys.executable, str(Path(__file__).with_name("judge.py")), str(zoo / "alpha")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        asked, told = process.stdin, process.stdout
        assert asked is not None
        assert told is not None

        def verdict(source: str | Path) -> dict[str, Any]:
            print(json.dumps(str(source)), file=asked, flush=True)
            return dict(json.loads(told.readline()))

        yield verdict
        asked.close()


@pytest.fixture(scope="session")
def page_url(zoo: Path) -> Iterator[str]:
    """The address at which the page serves ``zoo``."""
    from ganzoo.ui.models import Models
    from ganzoo.ui.page import build
    from ganzoo.ui.theme import launch_options

    demo = build(Models([zoo], device="cpu"))
    _, url, _ = demo.launch(**launch_options(), server_port=free_port(), quiet=True, prevent_thread_lock=True)
    yield url.rstrip("/")
    demo.close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Any Chromium or Chrome of this computer."""
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        if browser is None:
            pytest.skip("no Chromium or Chrome was found: install one and run them again")
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say last, where nobody misses it, that the page was not tried in a browser."""
    yield
    skipped = [report for report in terminalreporter.getreports("skipped") if "browser" in report.keywords]
    if skipped:
        reason = skipped[0].longrepr[2].removeprefix("Skipped: ")
        terminalreporter.write_line(f"{len(skipped)} browser tests did not run: {reason}", yellow=True, bold=True)
