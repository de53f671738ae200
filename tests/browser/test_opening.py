"""Opening a model of the Hub, as a visitor meets it. The Hub is on this computer; the browser must not ask it."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page, Route, expect

from ganzoo.hub import index
from ganzoo.hub.index import Index
from tests.browser.test_page import tab
from tests.hub.server import LoopbackHub

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

Visit = Callable[..., Page]
Serve = Callable[..., str]
EVIL = "<img src=x onerror=alert(1)>"


def files(zoo: Path, name: str) -> dict[str, bytes]:
    """What a repository with this model holds."""
    return {path.name: path.read_bytes() for path in (zoo / name).iterdir()} | {
        "README.md": b"---\ntags: [ganzoo]\n---"
    }


def answered(known: Index) -> Index:
    """The same, once the Hub has answered it."""
    known.refresh()
    known.wait()
    return known


def type_in(page: Page, name: str) -> None:
    page.get_by_label("Open a model of the Hub").fill(name)
    page.keyboard.press("Enter")


def is_drawn(page: Page, name: str) -> None:
    alt = f"64 pictures drawn by {name}, seeds 0 to 63, truncation 1"
    expect(page.locator("#picture .gz-sheet img")).to_have_attribute("alt", alt)


def test_a_model_opened_by_its_name_is_chosen_drawn_and_used_like_any_other(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub
) -> None:
    commit = hub.put("alice/cats", files(zoo, "beta"))  # which "alice/cats" need not stand for tomorrow
    page = visit(url=serve(zoo))
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("Open a model of the Hub").fill("alice/cats")
    page.get_by_role("button", name="Open", exact=True).click()
    is_drawn(page, "alice/cats")
    expect(page.locator("#picture .gz-note")).to_contain_text(f"alice/cats at {commit[:7]}, seeds 0 to 63")
    expect(page.get_by_role("tab", name="Sample")).to_have_attribute("aria-selected", "true")
    card = page.get_by_role("radio", name="alice/cats mnist")
    expect(card).to_be_checked()
    expect(card.locator("img")).to_be_visible()
    with page.expect_download() as tile:
        page.get_by_role("button", name="Save picture").click()
    assert tile.value.suggested_filename == "alice_cats_seed-0.png"
    page.get_by_role("tab", name="Interpolate").click()
    expect(page.locator("#walk .gz-note")).to_have_text(f"alice/cats at {commit[:7]}, from seed 3 to seed 14 by slerp")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("checkbox", name="alice/cats").click()
    expect(page.locator("#comparison section")).to_have_count(3)
    expect(page.locator("#comparison h3").last).to_have_text("alice/cats")
    page.get_by_role("tab", name="About").click()
    page.locator(".gz-about summary", has_text="alice/cats").click()
    expect(page.locator(".gz-about details[open]")).to_contain_text("dcgan28-generator")
    expect(page.locator(".gz-about details[open]")).to_contain_text(commit)
    page.get_by_role("radio", name="GAN cifar10").click()
    type_in(page, "alice/cats")  # which is here already
    expect(card).to_be_checked()
    expect(page.get_by_role("radio")).to_have_count(4)
    is_drawn(page, "alice/cats")


@pytest.mark.parametrize("width", [1280, 390])
def test_of_large_pictures_as_many_are_drawn_as_fit_and_shown_as_large_as_there_is_room(
    visit: Visit, serve: Serve, zoo: Path, large: Path, hub: LoopbackHub, width: int
) -> None:
    hub.put("alice/large", files(large, "large"))
    page = visit(url=serve(zoo), width=width)
    type_in(page, "alice/large")
    alt = "4 pictures drawn by alice/large, seeds 0 to 3, truncation 1"
    expect(page.locator("#picture .gz-sheet img")).to_have_attribute("alt", alt)
    expect(page.get_by_text("(4 instead of 64, to spare memory)")).to_be_visible()
    expect(page.get_by_role("radio", name="alice/large").locator("img")).to_be_visible()
    page.get_by_role("tab", name="Interpolate").click()
    expect(page.locator("#walk").get_by_role("option")).to_have_count(4)
    for picture in ("#picture .gz-loupe", "#walk .gz-loupe", "#walk .gz-loop img"):
        page.get_by_role("tab", name="Sample" if "picture" in picture else "Interpolate").click()
        box = page.locator(picture).bounding_box()
        assert box
        assert 112 <= box["width"] == box["height"] <= 224
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("checkbox", name="alice/large").check()
    expect(page.locator("#comparison section")).to_have_count(3)
    expect(page.locator("#comparison section").first).to_contain_text("2 instead of 8, to spare memory")


def test_a_translator_opened_by_its_name_brings_its_tab_and_is_used_there(
    visit: Visit, serve: Serve, zoo: Path, translators: Path, hub: LoopbackHub
) -> None:
    hub.put("alice/larger", files(translators, "delta"))
    page = visit(url=serve(zoo))
    translate = page.get_by_role("tab", name="Translate")
    expect(translate).to_have_count(0)
    type_in(page, "alice/larger")
    expect(translate).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("radio", name="alice/larger: enlarge")).to_be_checked()
    expect(page.get_by_role("img", name="Enlarge: alice/larger")).to_be_visible()
    expect(page.locator("#models").get_by_role("radio")).to_have_count(3)
    page.get_by_role("tab", name="Compare").click()
    expect(page.get_by_role("checkbox", name="beta")).to_be_visible()
    expect(page.get_by_role("checkbox", name="alice/larger")).to_have_count(0)


def test_what_one_visitor_opens_another_does_not_see(visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub) -> None:
    hub.put("alice/cats", files(zoo, "alpha"))
    url = serve(zoo)
    other, page = visit(url=url), visit(url=url)
    type_in(page, "alice/cats")
    is_drawn(page, "alice/cats")
    other.reload()
    expect(other.locator("#models img")).to_have_count(3)
    expect(other.get_by_role("radio")).to_have_count(3)
    expect(other.get_by_text("alice/cats")).to_have_count(0)


def test_a_revision_is_opened_by_the_address_of_its_page(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub
) -> None:
    hub.put("alice/cats", files(zoo, "alpha"))
    hub.put("alice/cats", files(zoo, "gamma"), branch="colour")
    page = visit(url=serve(zoo))
    type_in(page, f"{hub.url}/alice/cats/tree/colour")
    is_drawn(page, "alice/cats@colour")
    expect(page.get_by_role("radio", name="alice/cats@colour cifar10")).to_be_checked()
    type_in(page, "alice/cats")
    is_drawn(page, "alice/cats")
    expect(page.get_by_role("radio")).to_have_count(5)


def test_what_cannot_be_opened_is_refused_and_all_else_stays(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub
) -> None:
    hub.put("alice/pickle", {"pytorch_model.bin": b"\x80\x02"})
    page = visit(url=serve(zoo))
    said = page.locator("#notice")
    for name, reason in (
        ("alice/pickle", "alice/pickle holds its weights as a pickle"),
        ("alice/nothing", "The Hub shows no alice/nothing: check the name"),
        (EVIL, "is no name on the Hub: give OWNER/NAME, as in its address."),
    ):
        type_in(page, name)
        expect(said).to_contain_text(reason)
        expect(page.get_by_label("Open a model of the Hub")).to_have_value(name)
        is_drawn(page, "alpha")
    expect(page.get_by_role("radio")).to_have_count(3)
    assert page.locator("img[src='x']").count() == 0


def test_nothing_that_a_repository_says_becomes_markup(visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub) -> None:
    evil = files(zoo, "alpha")
    config = json.loads(evil["config.json"])
    config["recipe"] |= {"variant": EVIL, "data": {"dataset": f"folder:x/{EVIL}"}}
    config["training"] |= {"hardware": EVIL, "weights": EVIL}
    config["exhibit"] = EVIL
    hub.put("mallory/evil", evil | {"config.json": json.dumps(config).encode(), "README.md": EVIL.encode()})
    page = visit(url=serve(zoo))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    type_in(page, "mallory/evil")
    is_drawn(page, "mallory/evil")
    page.get_by_role("tab", name="Interpolate").click()
    expect(page.locator("#walk .gz-note")).to_contain_text("mallory/evil")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("checkbox", name="mallory/evil").check()
    expect(page.locator("#comparison section")).to_have_count(3)
    page.get_by_role("tab", name="About").click()
    page.locator(".gz-about summary", has_text="mallory/evil").click()
    expect(page.locator(".gz-about details[open]")).to_contain_text(EVIL)
    assert page.locator("img[src='x']").count() == 0


def test_that_a_model_is_being_opened_is_seen(visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub) -> None:
    hub.put("alice/cats", files(zoo, "alpha"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "alice/cats" in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    page = visit(url=serve(zoo), gate=hold)
    type_in(page, "alice/cats")
    clock = page.locator("#opener .wrap.minimal")
    expect(clock).to_be_visible()
    expect(clock).to_have_text(re.compile(r"\d"))
    held[0].continue_()
    is_drawn(page, "alice/cats")
    expect(clock).to_be_hidden()


def test_the_opening_of_a_model_shows_how_far_it_is_and_can_be_stopped(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub
) -> None:
    hub.put("alice/cats", files(zoo, "alpha"))
    hub.drip(r"GET /alice/cats/resolve/[0-9a-f]{40}/model.safetensors", bytes_a_second=8_000)
    page = visit(url=serve(zoo))
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_hidden()
    type_in(page, "alice/cats")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", re.compile(r"0\.\d"))
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_hidden()
    page.keyboard.press("Enter")  # once more, which opens nothing while something is being opened
    stop.click()
    expect(page.get_by_text("Fetching alice/cats was stopped, and nothing of it is kept.")).to_be_visible()
    expect(stop).to_be_hidden()
    expect(page.get_by_role("radio", name="alice/cats")).to_have_count(0)
    hub.mend()
    type_in(page, "alice/cats")
    is_drawn(page, "alice/cats")


def test_what_the_hub_has_is_offered_and_opened_from_the_list(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub
) -> None:
    hub.put("alice/cats", files(zoo, "alpha"))
    hub.put("bob/dogs", files(zoo, "beta"))
    page = visit(url=serve(zoo, answered(Index(["bob"]))))
    expect(page.get_by_text("The field lists the one that was found.")).to_be_visible()
    assert page.locator("#offers option").evaluate_all("all => all.map(one => one.value)") == ["bob/dogs"]


def test_what_the_hub_answers_late_is_offered_to_whoever_is_about_to_type(
    visit: Visit, serve: Serve, zoo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Event()
    monkeypatch.setattr(index, "find", lambda *_: late.wait() and ["alice/cats", "bob/dogs"])
    known = Index()
    page = visit(url=serve(zoo, known))
    expect(page.locator("#models img")).to_have_count(3)
    expect(page.locator("#offers p")).to_be_empty()
    late.set()
    known.wait()
    page.get_by_label("Open a model of the Hub").focus()
    expect(page.get_by_text("The field lists the 2 that were found.")).to_be_visible()


def test_without_a_network_the_page_works_and_says_quietly_that_nothing_is_listed(
    visit: Visit, serve: Serve, zoo: Path
) -> None:
    page = visit(url=serve(zoo, answered(Index())))
    expect(page.locator("#offers p")).to_have_text("The Hub is out of reach just now, so its models are not listed.")
    is_drawn(page, "alpha")
    expect(page.locator("#models img")).to_have_count(3)


def test_who_opens_nothing_is_told_to_type_a_name(visit: Visit, serve: Serve, zoo: Path) -> None:
    page = visit(url=serve(zoo))
    is_drawn(page, "alpha")
    page.get_by_label("Open a model of the Hub").fill(" ")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator("#opener [role=status]")).to_have_text("Type OWNER/NAME first.")
    type_in(page, "nothing")
    expect(page.locator("#opener [role=status]")).to_be_empty()
    expect(page.get_by_role("alert")).to_contain_text("'nothing' is no name on the Hub")


def test_where_there_is_no_model_one_can_be_opened(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path, hub: LoopbackHub
) -> None:
    hub.put("alice/cats", files(zoo, "beta"))
    page = visit(url=serve(tmp_path / "empty"))
    expect(page.get_by_text("No model is here yet")).to_be_visible()
    type_in(page, "alice/cats")
    is_drawn(page, "alice/cats")
    expect(page.get_by_text("No model is here yet")).to_be_hidden()
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("checkbox", name="alice/cats").click()
    expect(page.locator("#comparison section")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_but_the_cards_scrolls_sideways(
    visit: Visit, serve: Serve, zoo: Path, hub: LoopbackHub, dark: bool
) -> None:
    name = f"alice/{'long-name-' * 9}end"
    hub.put(name, files(zoo, "alpha"))
    page = visit(url=serve(zoo, space_id="alice/ganzoo"), width=390, height=844, dark=dark)
    type_in(page, name)
    is_drawn(page, name)
    for name_of_tab in ("Sample", "Interpolate", "Compare", "About"):
        tab(page, name_of_tab)
        if name_of_tab == "Compare":
            page.get_by_role("checkbox", name=name).check()
            expect(page.locator("#comparison section")).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, name_of_tab
        outside = page.evaluate(
            """() => [...document.querySelectorAll('main *')]
                .filter(e => !e.closest('.gz-cards, .gz-loupe, .visually-hidden, svg'))
                .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
                .filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert outside == [], name_of_tab


def test_a_space_leads_to_its_copy_and_its_source_and_a_page_at_home_does_not(
    visit: Visit, serve: Serve, zoo: Path, page_url: str, hub: LoopbackHub
) -> None:
    page = visit(url=serve(zoo, space_id="alice/ganzoo"))
    for place in ("#intro", ".gz-about"):
        expect(page.locator(f"{place} a")).to_have_count(2)
        links: Mapping[str, list[str]] = page.locator(f"{place} a").evaluate_all(
            "all => Object.fromEntries(all.map(a => [a.textContent, [a.href, a.target, a.rel]]))"
        )
        assert links == {
            "Duplicate this Space": [f"{hub.url}/spaces/alice/ganzoo?duplicate=true", "_blank", "noopener"],
            "Source": [f"{hub.url}/spaces/alice/ganzoo/tree/main", "_blank", "noopener"],
        }
        page.get_by_role("tab", name="About").click()
    expect(visit().get_by_text("Duplicate this Space")).to_have_count(0)
