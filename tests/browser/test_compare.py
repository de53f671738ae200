"""Compare as a visitor meets it, in a real browser."""

import base64
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import ganzoo
from ganzoo.data import DataError
from ganzoo.data.held_out import HeldOut, read_sprite, sprite_file
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.ui import reality
from tests.browser.test_page import drawn, tab
from tests.copies import copied, score

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]
Serve = Callable[..., str]


def decoded(image: Locator) -> Image.Image:
    """The picture that an image element shows, which must be one that came with the page's own answer."""
    address = image.get_attribute("src") or ""
    assert address.startswith("data:image/")
    return Image.open(BytesIO(base64.b64decode(address.partition(",")[2])))


def tiles(image: Locator, count: int, side: int, cell: int) -> Pixels:
    """The pictures of a column, out of the middle of their cells, in RGB."""
    found = np.asarray(decoded(image).convert("RGBA")).reshape(count, cell, cell, 4)
    edge = (cell - side) // 2
    inner = found[:, edge : edge + side, edge : edge + side]
    assert (inner[..., 3] == 255).all()
    assert found[..., 3].sum() == inner[..., 3].sum()  # around them the page is seen
    return inner[..., :3]


def is_crisp(image: Locator) -> bool:
    """Whether each pixel of the picture is a whole number of the screen's."""
    return bool(
        image.evaluate(
            """image => image.clientWidth % image.naturalWidth === 0
                && image.clientHeight / image.naturalHeight === image.clientWidth / image.naturalWidth
                && getComputedStyle(image).imageRendering === "pixelated" """
        )
    )


def open_compare(page: Page) -> Locator:
    """The columns' pictures."""
    tab(page, "Compare")
    return page.locator("#comparison .gz-strips .gz-sheet img")


def test_each_row_is_one_seed_and_each_column_what_a_model_makes_of_it(visit: Visit, zoo: Path) -> None:
    page = visit()
    images = open_compare(page)
    expect(images).to_have_count(2)  # the two that learnt from the first one's data
    page.get_by_role("checkbox", name="gamma").check()
    expect(images).to_have_count(3)
    expect(page.get_by_text("The models share the noise, not its meaning")).to_be_visible()
    expect(page.locator("#comparison h3")).to_have_text(["alpha", "beta", "gamma"])
    expect(page.locator("#comparison .gz-rows li")).to_have_text([str(seed) for seed in range(8)])
    for place, (name, side) in enumerate((("alpha", 28), ("beta", 28), ("gamma", 32))):
        told = page.get_by_role("region", name=name)
        for fact in ("parameters", "500 steps, 32,000 images, 5 s", "a picture on this CPU"):
            expect(told).to_contain_text(fact)
        image = images.nth(place)
        expect(image).to_have_attribute("alt", f"8 pictures drawn by {name}, seeds 0 to 7, truncation 1")
        assert (tiles(image, 8, side, 34) == drawn(zoo, name, range(8))).all()
        assert is_crisp(image)
    expect(page.locator(".gz-plots svg")).to_have_count(3)


def test_rows_are_level_across_columns_whose_heads_stay_in_sight(visit: Visit) -> None:
    page = visit()
    images = open_compare(page)
    page.get_by_role("checkbox", name="gamma").check()
    expect(images).to_have_count(3)
    strips = page.locator("#comparison .gz-tiles")
    tops = "all => all.map(one => [...one.children].map(tile => tile.getBoundingClientRect().top))"
    rows = strips.evaluate_all(tops)
    assert rows[0] == pytest.approx(rows[1])
    assert rows[0] == pytest.approx(rows[2])
    (labels,) = page.locator("#comparison .gz-rows").evaluate_all(tops)
    assert labels == pytest.approx(rows[0], abs=1)
    page.get_by_role("region", name="alpha").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 0
    for name in ("alpha", "beta", "gamma"):
        expect(page.locator("#comparison h3", has_text=name)).to_be_in_viewport()


def test_truncation_number_and_seed_hold_for_all_columns(visit: Visit, zoo: Path) -> None:
    page = visit()
    images = open_compare(page)
    for label, value in (("Seeds", "5"), ("Truncation", "0.5")):
        page.get_by_role("slider", name=label).locator("visible=true").fill(value)
    for place, name in enumerate(("alpha", "beta")):
        expect(images.nth(place)).to_have_attribute("alt", f"5 pictures drawn by {name}, seeds 0 to 4, truncation 0.5")
        assert (tiles(images.nth(place), 5, 28, 30) == drawn(zoo, name, range(5), 0.5)).all()
    page.get_by_role("button", name="New seed").locator("visible=true").click()
    field = page.get_by_role("spinbutton", name="Seed", exact=True).locator("visible=true")
    expect(field).not_to_have_value("0")
    first = int(field.input_value())
    for place, name in enumerate(("alpha", "beta")):
        alt = f"5 pictures drawn by {name}, seeds {first} to {first + 4}, truncation 0.5"
        expect(images.nth(place)).to_have_attribute("alt", alt)


def test_a_column_is_removed_where_it_stands_and_added_again(visit: Visit) -> None:
    page = visit()
    heads, alpha = page.locator("#comparison h3"), page.get_by_role("checkbox", name="alpha")
    open_compare(page)
    page.get_by_role("button", name="Remove alpha").click()
    expect(heads).to_have_text(["beta"])
    expect(alpha).not_to_be_checked()
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)  # one is left
    page.get_by_role("checkbox", name="beta").uncheck()
    expect(page.get_by_text("No model is ticked: tick those to compare.")).to_be_visible()
    page.get_by_role("checkbox", name="beta").check()
    alpha.check()
    expect(heads).to_have_text(["beta", "alpha"])


def test_arrows_lead_along_rows_and_columns_and_enter_outlines_a_row(visit: Visit) -> None:
    page = visit()
    open_compare(page)
    chosen = page.locator("#comparison").get_by_role("option", selected=True)
    page.locator("#comparison").get_by_role("option", name="seed 6", exact=True).first.click()
    expect(chosen).to_have_count(2)
    for place in range(2):
        expect(chosen.nth(place)).to_have_attribute("aria-label", "seed 6")
    page.locator("#comparison").get_by_role("listbox").first.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight"):  # there is nothing right of the last
        page.keyboard.press(key)
    beta = page.locator("#comparison").get_by_role("listbox").nth(1)
    expect(beta).to_be_focused()
    expect(beta.locator(".active")).to_have_attribute("aria-label", "seed 4")
    page.keyboard.press("Enter")
    for place in range(2):
        expect(chosen.nth(place)).to_have_attribute("aria-label", "seed 4")
    expect(page.get_by_text("Outlined: seed 4, the same noise for each model.")).to_be_visible()


def test_columns_that_have_not_the_room_stand_below_and_nothing_scrolls_sideways(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for number in range(8):
        copied(zoo / "alpha", tmp_path / f"model-{number}")
    page = visit(width=390, height=844, url=serve(tmp_path))
    images = open_compare(page)
    for number in range(4, 8):
        page.get_by_role("checkbox", name=f"model-{number}").check()
    expect(images).to_have_count(8)
    bands = page.locator(".gz-band")
    expect(bands).to_have_count(2)
    expect(bands.nth(1).locator("h3")).to_have_text([f"model-{number}" for number in range(4, 8)])
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(bands).to_have_count(1)


HOLD = """() => {
    const decode = HTMLImageElement.prototype.decode;
    let release, held = 0;
    const open = new Promise((resolve) => { release = resolve; });
    window.holding = () => held;
    window.release = async () => { release(); await new Promise((resolve) => setTimeout(resolve)); };
    HTMLImageElement.prototype.decode = async function () {
        await decode.call(this);
        if (held === 2 || !/HELD/.test(this.alt)) return;
        held += 1;
        await open;
    };
}"""
"""Has the next two pictures with this in their alternative text decode late: not before they are released."""


def test_columns_that_come_late_do_not_take_the_place_of_newer_ones(visit: Visit) -> None:
    page = visit()
    images = open_compare(page)
    page.evaluate(HOLD.replace("HELD", "^5 pictures"))
    seeds = page.get_by_role("slider", name="Seeds").locator("visible=true")
    seeds.fill("5")
    page.wait_for_function("window.holding() === 2")
    seeds.fill("3")
    alts = [f"3 pictures drawn by {name}, seeds 0 to 2, truncation 1" for name in ("alpha", "beta")]
    for image, alt in zip(images.all(), alts, strict=True):
        expect(image).to_have_attribute("alt", alt)
    page.evaluate("window.release()")
    assert [image.get_attribute("alt") for image in images.all()] == alts


def test_real_pictures_stand_beside_those_of_models_that_learnt_from_such(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for name in ("alpha", "beta"):
        copied(zoo / name, tmp_path / name, dataset="fashion-mnist")
    copied(zoo / "gamma", tmp_path / "gamma")
    page = visit(url=serve(tmp_path))
    images, heads = open_compare(page), page.locator("#comparison h3")
    expect(heads).to_have_text(["Real pictures", "alpha", "beta"])
    expect(images.first).to_have_attribute("alt", "8 real pictures of fashion-mnist")
    pictures = read_sprite(sprite_file("fashion-mnist")).pictures[:8].permute(0, 2, 3, 1).numpy()
    assert (tiles(images.first, 8, 28, 30) == pictures).all()
    expect(page.locator("#comparison .gz-tiles").first.get_by_role("option")).to_have_count(0)
    said = r"^D\(x\): mean 0\.\d\d on its samples, 0\.\d\d on real pictures$"
    expect(page.get_by_role("region", name="alpha").locator(".gz-scores p")).to_have_text(re.compile(said))
    page.get_by_role("checkbox", name="gamma").check()
    expect(heads).to_have_text(["alpha", "beta", "gamma"])
    expect(page.get_by_role("button", name="Show real pictures")).to_be_hidden()


def test_real_pictures_that_are_not_here_come_when_asked_for_or_it_is_said_why(
    visit: Visit, serve: Serve, zoo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = False

    def read(name: str, root: Path) -> HeldOut:
        if not there:
            raise DataError("There is no network.")
        return HeldOut(torch.full((20, 1, 28, 28), 7, dtype=torch.uint8), torch.zeros(20, dtype=torch.int64))

    monkeypatch.setattr(reality, "read_held_out", read)
    page = visit(url=serve(zoo))
    images = open_compare(page)
    ask = page.get_by_role("button", name="Show real pictures of mnist")
    ask.click()
    expect(page.get_by_text("There is no network.")).to_be_visible()
    expect(images).to_have_count(2)
    there = True
    ask.click()
    expect(images.first).to_have_attribute("alt", "8 real pictures of mnist")
    expect(page.get_by_text("There is no network.")).to_be_hidden()
    expect(ask).to_be_hidden()


def test_on_a_phone_heads_keep_to_their_columns_and_buttons_can_be_hit(visit: Visit) -> None:
    page = visit(width=390, height=844)
    open_compare(page)
    word, column = page.locator(".gz-heads").first.evaluate(
        """heads => {
            const word = document.createRange();
            word.selectNodeContents(heads.children[0]);
            return [word.getBoundingClientRect().right, heads.children[1].getBoundingClientRect().left];
        }"""
    )
    assert word < column
    for button in page.locator(".gz-remove").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def open_duel(page: Page) -> Locator:
    """The two sides' pictures, once they are there."""
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("tab", name="Blind duel").click()
    images = page.locator("#duel .gz-sheet img")
    expect(images.first).to_have_attribute("alt", re.compile("^Pictures on the left"))
    return images


def test_a_duel_names_nobody_before_the_choice_and_tells_the_truth_after_it(visit: Visit, zoo: Path) -> None:
    page = visit()
    images = open_duel(page)
    markup = page.locator("#duel").inner_html()
    words = set(re.split(r"\W+", re.sub(r'src="data:[^"]*"', "", markup)))
    assert not {"alpha", "beta", "gan", "dcgan"} & words
    shown = [np.asarray(decoded(images.nth(side)).convert("RGBA")) for side in range(2)]
    seed = int(re.findall(r"\d+", images.first.get_attribute("alt") or "")[0])
    page.get_by_role("button", name="Left is better").click()
    heads = page.locator("#duel h3")
    expect(heads.first).to_have_text(re.compile("^Left: (alpha|beta)$"))
    names = [head.partition(": ")[2] for head in heads.all_inner_texts()]
    assert sorted(names) == ["alpha", "beta"]
    for picture, name in zip(shown, names, strict=True):
        for i, tile in enumerate(drawn(zoo, name, range(seed, seed + 16))):
            top, left = (29 * place for place in divmod(i, 4))
            assert (picture[top : top + 28, left : left + 28, :3] == tile).all()
    expect(page.get_by_text(f"You chose {names[0]}.")).to_be_visible()


def test_a_duel_that_comes_late_leaves_the_newer_one_as_it_stands(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for dataset in ("some", "others"):
        for name in ("alpha", "beta"):
            copied(zoo / name, tmp_path / f"{name}-{dataset}", dataset=dataset)
    page = visit(url=serve(tmp_path))
    open_duel(page)
    page.get_by_role("button", name="Cannot tell").click()
    page.evaluate(HOLD.replace("HELD", "^Pictures on the"))
    page.get_by_role("button", name="Next pair").click()
    page.wait_for_function("window.holding() === 2")
    page.get_by_role("radio", name="some", exact=True).check()
    heads = page.locator("#duel h3")
    expect(heads).to_have_text(["Left", "Right"])
    page.get_by_role("button", name="Cannot tell").click()
    names = [re.compile(f"^{side}: .*-some$") for side in ("Left", "Right")]
    expect(heads).to_have_text(names)
    page.evaluate("window.release()")
    assert all(name.match(head) for name, head in zip(names, heads.all_inner_texts(), strict=True))


def test_picks_are_ranked_beside_the_scores_and_it_is_said_when_they_disagree(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for name, distance in (("alpha", 3.5), ("beta", 1.5)):
        copied(zoo / name, tmp_path / name, scores=[score("frechet-classifier-distance", distance)])
    page = visit(url=serve(tmp_path))
    open_duel(page)
    for turn in range(3):
        page.get_by_role("button", name="Cannot tell").press("Enter")
        again = page.get_by_role("button", name="Next pair")
        expect(again).to_be_focused()
        expect(page.locator(".gz-ranks h4").first).to_have_text(
            "By your pick" if not turn else f"By your {turn + 1} picks"
        )
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Cannot tell")).to_be_visible()
    expect(page.locator(".gz-ranks li").nth(2)).to_have_text("beta 1.5")
    expect(page.locator(".gz-ranks li").nth(3)).to_have_text("alpha 3.5")
    expect(page.get_by_text("Your picks do not contradict the measured scores.")).to_be_visible()
    models = [ganzoo.load(tmp_path / name, "cpu") for name in ("alpha", "beta")]
    image = page.locator("#duel .gz-sheet img").first
    seed = int(re.findall(r"\d+", image.get_attribute("alt") or "")[0])
    first = np.asarray(decoded(image).convert("RGB"))[:28, :28]
    is_alpha = (first == to_pixels(ganzoo.sample(models[0], [seed]))[0]).all()
    page.get_by_role("button", name="Left is better" if is_alpha else "Right is better").click()
    expect(page.get_by_text("The two disagree on 1 of 1 pairs: you prefer alpha to beta")).to_be_visible()
    expect(page.locator(".gz-ranks li").first).to_have_text(re.compile("^alpha"))
