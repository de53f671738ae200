"""The tab Critic in a real browser: what it shows is what the library says."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from ganzoo.data.held_out import read_sprite, sprite_file
from ganzoo.ui.critic import criticism_value
from ganzoo.ui.drawing import Studio
from ganzoo.ui.judges import criticised, opinion
from ganzoo.ui.models import Models
from ganzoo.ui.pictures import heated
from tests.browser.test_page import painted, shows, tab
from tests.copies import copied

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Serve = Callable[..., str]


def test_samples_stand_in_the_critic_s_order_with_what_mattered(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("option", name="seed 5", exact=True).click()
    page.get_by_role("button", name="What does the critic say?").click()
    sheet, studio = page.locator("#criticism"), Studio(Models([zoo], device="cpu"))
    expect(sheet).to_be_visible()  # or the slider would be that of the samples
    page.get_by_role("slider", name="Pictures").locator("visible=true").fill("16")
    for critic in (None, "beta"):
        if critic:
            page.locator("input").and_(page.get_by_label("Critic", exact=True)).click()
            page.get_by_role("option", name=critic, exact=True).click()
        said = criticised(studio, studio.samples("alpha", 5, 16, 1.0), critic)
        value = criticism_value(said)
        shows(sheet, value["alt"])
        assert (painted(sheet, 16, 28) == said.samples.pixels[said.order]).all()
        labels = sheet.get_by_role("option").evaluate_all("tiles => tiles.map(tile => tile.ariaLabel)")
        assert labels == value["labels"]
        expect(sheet.get_by_role("heading")).to_have_text(f"S{value['labels'][said.order.index(0)][1:]}")
        window = sheet.locator(".gz-loupe").nth(1)
        shot = np.asarray(Image.open(BytesIO(window.screenshot())).convert("RGB"))
        assert (shot[3::7, 3::7] == heated(said.samples.pixels, said.heat)[0]).all()
    page.get_by_role("radio", name="GAN cifar10").click()
    shows(sheet, criticism_value(criticised(studio, studio.samples("gamma", 5, 16, 1.0)))["alt"])


def test_real_pictures_stand_beside_drawn_ones_and_one_s_own_before_all_critics(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for name in ("alpha", "beta"):
        copied(zoo / name, tmp_path / name, dataset="fashion-mnist")
    page = visit(url=serve(tmp_path))
    tab(page, "Critic")
    expect(page.get_by_role("img", name="real, held out, 64 from")).to_be_visible()
    said = page.locator(".gz-opinions li")
    expect(said).to_have_count(2)  # of an example, without a click
    garment = read_sprite(sprite_file("fashion-mnist")).pictures[40:41]
    file = BytesIO()
    Image.fromarray(garment[0, 0].numpy()).save(file, "PNG")
    own: Any = {"name": "own.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator("#own input[type=file]").set_input_files(own)
    studio = Studio(Models([tmp_path], device="cpu"))
    expected = [opinion(studio, studio.models[name], garment[0]) for name in ("alpha", "beta")]
    expect(said).to_have_text([f"{one['critic']}{one['said']}" for one in expected])


def test_who_cannot_judge_has_no_critic(visit: Visit, serve: Serve, styled: Path) -> None:
    page = visit(url=serve(styled))
    ask = page.get_by_role("button", name="What does the critic say?")
    expect(ask).to_be_visible()
    page.get_by_role("radio", name="sigma").click()
    expect(ask).to_be_hidden()
    expect(page.get_by_role("button", name="Who are its neighbours?")).to_be_visible()
    tab(page, "Critic")
    sheet = page.locator("#criticism")
    expect(sheet).to_contain_text("sigma came without its critic: choose another model.")
    page.get_by_role("radio", name="GAN mnist").click()
    expect(sheet.get_by_role("option")).to_have_count(36)
    expect(page.get_by_text("came without its critic")).to_be_hidden()
