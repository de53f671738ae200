"""Links and saved pictures that restore the view they were made of."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

import ganzoo
from ganzoo.inference.pictures import to_pixels
from tests.browser.test_page import shows
from tests.hub.server import LoopbackHub

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

Visit = Callable[..., Page]
Serve = Callable[..., str]


def test_the_address_bar_holds_the_view_and_restores_it(visit: Visit) -> None:
    page = visit()
    page.get_by_role("radio", name="DCGAN").click()
    page.get_by_role("slider", name="Truncation").fill("0.5")
    shows(page.locator("#picture"), "64 pictures drawn by beta, seeds 0 to 63, truncation 0.5")
    page.get_by_role("tab", name="Interpolate").click()
    page.get_by_role("spinbutton", name="Seed A").fill("5")
    shows(page.locator("#walk"), "24 pictures by beta from seed 5 to seed 14 by slerp")
    page.wait_for_url("**/?model=beta&tab=interpolate&a=5&b=14&*steps=24&path=slerp")
    other = visit(url=page.url)
    shows(other.locator("#walk"), "24 pictures by beta from seed 5 to seed 14 by slerp")
    expect(other.get_by_role("radio", name="DCGAN")).to_be_checked()


def test_a_link_holds_the_controls_of_the_tabs_that_ask_more(visit: Visit, page_url: str) -> None:
    page = visit(url=f"{page_url}?model=beta&tab=critic&seed=7&count=9&truncation=0.5&critic=alpha")
    expect(page.locator("#criticism")).to_contain_text("beta, seeds 7 to 15, judged by the critic of alpha")
    page.get_by_role("spinbutton", name="Seed").locator("visible=true").fill("8")
    page.wait_for_url("**/?model=beta&tab=critic&seed=8&*critic=alpha")

    page.goto(f"{page_url}?model=alpha&tab=check&seed=3&truncation=0.5&copy-seed=12&copy-truncation=0.7")
    expect(page.locator("#meter")).to_contain_text("seeds 3 to 514")
    shows(page.locator("#copies"), "36 pictures drawn by alpha, seeds 12 to 47, truncation 0.7")
    page.get_by_role("spinbutton", name="Seed").locator("visible=true").last.fill("13")
    page.wait_for_url("**/?model=alpha&tab=check&seed=3&truncation=0.5&copy-seed=13&*")

    page.goto(f"{page_url}?model=alpha&tab=paint&together=true")
    together = page.get_by_role("checkbox", name="All models of these pictures")
    expect(together).to_be_checked()
    together.uncheck()
    page.wait_for_url("**/?model=alpha&tab=paint&*together=false")

    page.goto(
        f"{page_url}?tab=lab&data=grid&loss=hinge&penalty=R1&updates=3&rate=0.01&generator-rate=0.001&average=true"
    )
    for name, value in {"Data": "grid", "Loss": "hinge", "Penalty or constraint": "R1", "Its rate": "0.01"}.items():
        expect(page.get_by_label(name, exact=True).locator("visible=true")).to_have_value(value)
    expect(page.get_by_role("checkbox", name="Average")).to_be_checked()
    for example in ("Converge", "Collapse"):
        expect(page.get_by_role("radio", name=example)).not_to_be_checked()
    expect(page.locator("#lab")).to_contain_text("Step 0")  # nothing is learnt until somebody asks
    page.get_by_role("checkbox", name="Average").uncheck()
    page.wait_for_url("**/?*tab=lab&data=grid&*average=false")


def test_a_link_names_the_class_wherever_there_are_classes(visit: Visit, serve: Serve, conditional: Path) -> None:
    url = serve(conditional)
    for view in ("critic&class=3", "check&copy-class=3", "paint&class=3"):
        page = visit(url=f"{url}?model=delta&tab={view}")
        expect(page.get_by_label("Class").locator("visible=true")).to_have_value("dress")


def test_a_link_names_what_a_translator_does(visit: Visit, serve: Serve, translators: Path) -> None:
    url = serve(translators)
    page = visit(url=url)
    page.get_by_role("tab", name="Translate").click()
    way = re.compile("^epsilon: ")
    page.get_by_role("radio", name=way).last.click()
    page.wait_for_url("**/?*tab=translate&way=epsilon*")
    other = visit(url=page.url)
    expect(other.get_by_role("radio", name=way).last).to_be_checked()
    expect(other.locator("#translation img").first).to_be_visible()


def test_what_a_link_has_chosen_outlives_an_offer_that_comes_late(
    visit: Visit, serve: Serve, translators: Path
) -> None:
    held: dict[str, Route] = {}

    def hold(route: Route) -> None:
        asked = route.request.post_data_json or {}
        if "query" in (asked.get("event_data") or {}):
            held["link"] = route
        elif asked.get("data") == [[], "delta: enlarge"]:  # what the page asks of translators once it stands
            held["offer"] = route
        else:
            route.continue_()

    page = visit(url=f"{serve(translators)}?tab=translate&way=epsilon: pictures to outlines", gate=hold)
    while len(held) < 2:
        page.wait_for_timeout(20)
    chosen = page.get_by_role("radio", name="epsilon: pictures to outlines")
    held["link"].continue_()
    expect(chosen).to_be_checked()
    with page.expect_response(lambda answer: answer.request == held["offer"].request):
        held["offer"].continue_()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(chosen).to_be_checked()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("model=omega&tab=sample", "There is no model 'omega' here"),
        ("tab=cellar", "The page has no tab 'cellar'"),
        ("tab=sample&truncation=9", "The link has '9' as its truncation"),
        ("tab=explore&directions=pca:9", "The link has '9' as its directions"),
        ("tab=sample&seed=<img src=x onerror=alert(1)>", "The link has '<img src=x onerror=alert(1)>' as its seed"),
    ],
)
def test_a_link_that_cannot_be_shown_is_one_sentence_and_changes_nothing(
    visit: Visit, page_url: str, query: str, said: str
) -> None:
    page = visit(url=f"{page_url}?{query}")
    expect(page.get_by_role("alert")).to_contain_text(said)
    shows(page.locator("#picture"), "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")


def test_a_model_of_the_hub_is_fetched_after_a_click_only(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub
) -> None:
    files = {path.name: path.read_bytes() for path in (zoo / "beta").iterdir()}
    commit = hub.put("alice/cats", files)
    page = visit(url=f"{serve(zoo)}?model=alice/cats@{commit}&tab=sample&seed=7&count=4")
    expect(page.get_by_label("Open a model of the Hub")).to_have_value(f"alice/cats@{commit}")
    shows(page.locator("#picture"), "4 pictures drawn by alpha, seeds 7 to 10, truncation 1")
    assert not hub.asked
    page.get_by_role("button", name="Open", exact=True).click()
    shows(page.locator("#picture"), f"4 pictures drawn by alice/cats@{commit}, seeds 7 to 10, truncation 1")
    page.wait_for_url(f"**/?model=alice%2Fcats%40{commit}&*")


def test_a_saved_picture_is_a_sound_png_that_restores_its_view(visit: Visit, zoo: Path, tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("radio", name="DCGAN").click()
    page.get_by_role("spinbutton", name="Seed").locator("visible=true").fill("40")
    shows(page.locator("#picture"), "64 pictures drawn by beta, seeds 40 to 103, truncation 1")
    page.locator("#picture [role=option]").nth(2).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save picture").locator("visible=true").click()
    file = tmp_path / "picture.png"
    saved.value.save_as(file)
    with Image.open(file) as picture:
        picture.load()  # checks the sums of all chunks
        assert (
            np.asarray(picture) == to_pixels(ganzoo.sample(ganzoo.load(zoo / "beta", "cpu"), [42]))[0, ..., 0]
        ).all()
    other = visit()
    other.locator("#link input[type=file]").set_input_files(file)
    shows(other.locator("#picture"), "one picture drawn by beta, seed 42, truncation 1")


def test_a_picture_that_is_dropped_on_the_page_restores_its_view_and_another_is_told_of(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit()
    page.get_by_role("slider", name="Pictures").fill("9")
    shows(page.locator("#picture"), "9 pictures drawn by alpha, seeds 0 to 8, truncation 1")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save grid").locator("visible=true").click()
    file, plain = tmp_path / "grid.png", tmp_path / "plain.png"
    saved.value.save_as(file)
    Image.new("L", (8, 8)).save(plain)
    other = visit()
    drop(other, plain)
    expect(other.get_by_role("alert")).to_contain_text("There is no recipe in it")
    drop(other, file)
    shows(other.locator("#picture"), "9 pictures drawn by alpha, seeds 0 to 8, truncation 1")


def drop(page: Page, file: Path) -> None:
    transfer = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
            return transfer;
        }""",
        list(file.read_bytes()),
    )
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})
