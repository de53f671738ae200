"""The page put together: the row of models, and a tab for each of the visitor's questions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.blocks import Block

from ganzoo.hub.index import Index
from ganzoo.ui import (
    abilities,
    about,
    check,
    classes,
    compare,
    components,
    critic,
    endpoints,
    explore,
    film,
    interpolate,
    lab,
    mix,
    opening,
    paint,
    sample,
    space,
    translate,
)
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.classes import Chooser
from ganzoo.ui.copies import CopyCheck
from ganzoo.ui.critic import CriticTab
from ganzoo.ui.drawing import Studio
from ganzoo.ui.gallery import Cards
from ganzoo.ui.interpolate import InterpolateTab
from ganzoo.ui.models import Models
from ganzoo.ui.permalink import Linked, Permalink
from ganzoo.ui.reality import Reality
from ganzoo.ui.sample import SampleTab
from ganzoo.ui.wiring import PRIVATE, UNCHECKED, Redraw

INTRODUCTION = """
<h1>ganzoo</h1>
<p>Two networks play a game: one forges, one judges. This is what the forger learned to draw.</p>"""
NOTHING = """
<p>No model is here yet: train one with <code>python -m train gan --dataset mnist</code>, then load this page anew.</p>
"""


def build(models: Models, index: Index | None = None, *, space_id: str | None = None) -> gr.Blocks:
    """The page over these models, and over those of the ``index``, which can be opened as others can.

    ``space_id`` is OWNER/NAME of the Space that the page is, if it is one. Launch it with ``launch_options``.
    """
    index = index or Index([])
    studio, at_home = Studio(models), not models.anonymously
    reality, catalogues = Reality(at_home=at_home), Catalogues(at_home=at_home)
    cards = Cards(studio)
    ways = space.links(space_id)
    demo: gr.Blocks
    with gr.Blocks(title="ganzoo", analytics_enabled=False, delete_cache=(600, 3600)) as demo:
        gr.HTML(INTRODUCTION + ways, elem_id="intro", apply_default_css=False)
        nothing = gr.HTML(NOTHING, visible=not len(models))
        download, notice = components.download(), components.notice()
        zoo = gr.Number(visible=False)  # which the page shows; another one is drawn at once
        chosen = components.cards(_first(models), cards.plain())
        foot, more, permalink = _foot()
        with gr.Tabs(visible=bool(len(models))) as tabs:
            with gr.Tab("Sample", id="sample") as sample_tab:
                samples = sample.build(studio, chosen, download, notice)
            with gr.Tab("Interpolate", id="interpolate") as interpolate_tab:
                walk = interpolate.build(studio, chosen, download, notice)
            with gr.Tab("Mix", id="mix", visible=abilities.can(models.first, "style-mixing")) as mix_tab:
                mixture = mix.build(studio, chosen, notice)
            with gr.Tab("Compare", id="compare") as compare_tab:
                comparison = compare.build(studio, reality, more.opened, notice)
            with gr.Tab("Film", id="film") as film_tab:
                films = film.build(studio, chosen, notice)
            exploration = explore.build(studio, chosen, notice)
            with gr.Tab("Critic", id="critic") as critic_tab:
                criticism = critic.build(studio, reality, chosen, zoo, more.opened, notice)
            with gr.Tab("Check", id="check") as check_tab:
                checked = check.build(studio, catalogues, chosen, notice)
            painting = paint.build(
                *(studio, reality, chosen, notice),
                explore=exploration,
                walk=walk,
                copies=checked.copies,
                critic=criticism,
                tabs=tabs,
            )
            laboratory = lab.build()
            translation = translate.build(studio, reality, notice)
            with gr.Tab("About", id="about") as about_tab:
                description = about.build(models, more.opened, notice, ways)
        foot.render()  # type: ignore[no-untyped-call]
        endpoints.add(studio, catalogues)

        _hand_on(samples, walk, checked.copies, criticism, tabs)
        _follow(
            models,
            chosen,
            zoo,
            kinds=[
                *(walk.class_a, walk.class_b),
                *(tab.kind for tab in (samples, exploration, painting, checked.copies, criticism)),
            ],
            able={"noise": samples.noise, "style-mixing": mix_tab},
            redraws=[
                *(tab.redraw for tab in (samples, walk, mixture, films, painting, checked.copies, criticism)),
                *exploration.redraws,
                checked.meter.redraw,
            ],
        )
        translate.follow(models, translation, zoo, more.opened)
        permalink.follow(
            models,
            {
                "sample": Linked(sample_tab, samples.controls),
                "interpolate": Linked(interpolate_tab, walk.controls, walk.found, "a"),
                "mix": Linked(mix_tab, mixture.controls, ability="style-mixing"),
                "compare": Linked(compare_tab, comparison.controls),
                "film": Linked(film_tab, films.controls),
                "explore": Linked(exploration.tab, exploration.controls, exploration.found, "a"),
                "critic": Linked(critic_tab, criticism.controls),
                "check": Linked(check_tab, checked.controls, checked.copies.found, "copy-seed"),
                "paint": Linked(painting.tab, painting.controls),
                "lab": Linked(laboratory.tab, laboratory.controls),
                "translate": Linked(translation.tab, translation.controls),
                "about": Linked(about_tab, {}),
            },
            chosen=chosen,
            opener=more.field,
            tabs=tabs,
            notice=notice,
        )
        more.on_submit(
            models, cards, chosen=chosen, nothing=nothing, tabs=tabs, translate_tab=translation.tab, notice=notice
        )

        opened = _when_opened(demo, models, index, cards, [chosen, zoo, nothing, tabs])
        for ask in (opened.then, more.field.focus):  # once the Hub has answered, whoever is about to type is told
            ask(lambda: opening.offer(index), None, more.offers, **PRIVATE)
        compare.follow(models, comparison, zoo, more.opened)
        film.follow(models, films, zoo, more.opened)
        description.on([about_tab.select, zoo.change, more.opened.change])
    if samples.redraw.at_once(_first(models)):
        zoo.value = models.version
    demo.queue(max_size=64)
    return demo


def _foot() -> tuple[gr.Row, opening.Opening, Permalink]:
    """What opens other models and hands on views: to be rendered below the tabs, for pictures come first."""
    with gr.Row(elem_classes="gz-more", render=False) as row:
        return row, opening.Opening(), Permalink()


def _when_opened(demo: gr.Blocks, models: Models, index: Index, cards: Cards, parts: Sequence[Any]) -> Any:
    """Have the page's ``parts`` (the row of cards, which zoo is shown, what is said of none, the tabs) be of today."""
    chosen, zoo, *_ = parts

    def open_page() -> Any:
        models.refresh()
        index.refresh()
        # What the visitor has done meanwhile counts: the chosen model is left as it is, and so is all that the page has
        # come with, unless there are other models by now.
        new_cards = gr.HTML(cards=cards.plain())
        if models.version == zoo.value:
            return new_cards, *(gr.skip(),) * 3
        some = bool(len(models))
        return new_cards, models.version, gr.HTML(visible=not some), gr.Tabs(visible=some)

    shown = demo.load(open_page, None, parts, **PRIVATE)
    return shown.then(lambda: gr.HTML(cards=cards.with_thumbnails()), None, chosen, **PRIVATE)


def _first(models: Models) -> str | None:
    return models.first.id if models.first else None


def _follow(
    models: Models,
    chosen: gr.HTML,
    zoo: gr.Number,
    kinds: Sequence[Chooser],
    able: Mapping[str, Block],
    redraws: Sequence[Redraw],
) -> None:
    """Have all that shows the chosen model keep up with the choice, and with the zoo."""
    ways = [chosen.select, zoo.change]
    classes.follow(models, chosen, kinds, ways)
    abilities.follow(models, chosen, able, ways)
    for redraw in redraws:
        redraw.on([zoo.change])


def _hand_on(
    samples: SampleTab, walk: InterpolateTab, copy_check: CopyCheck, criticism: CriticTab, tabs: gr.Tabs
) -> None:
    """Have the other tabs take the picture that was chosen among the samples."""
    sheet, kind = samples.sheet, samples.kind.field
    for use, *end in (
        (sheet.use_a, walk.seed_a, walk.class_a.field),
        (sheet.use_b, walk.seed_b, walk.class_b.field),
    ):
        use(_picture, kind, end, **PRIVATE, **UNCHECKED)
    sheet.interpolate(lambda: gr.Tabs(selected="interpolate"), None, tabs, **PRIVATE)
    for ask, name, tab in ((sheet.neighbours, "check", copy_check), (sheet.critic, "critic", criticism)):
        ends = [tab.seed, tab.kind.field, tab.truncation, tabs]
        ask(_taken_to(name), [kind, samples.truncation], ends, **PRIVATE, **UNCHECKED)
    for use, found in ((sheet.use_a, walk.found), (sheet.neighbours, copy_check.found)):
        use(None, None, found, js="() => null", **PRIVATE)  # also where the same seed stands there already


def _picture(kind: Any, event: gr.EventData) -> tuple[Any, Any]:
    """The seed that was chosen, and the class that it was drawn as."""
    return event._data.get("seed"), kind


def _taken_to(tab: str) -> Callable[..., tuple[Any, ...]]:
    """Tells the picture that was chosen, by its seed, its class and its truncation, and opens the tab."""

    def take(kind: Any, truncation: Any, event: gr.EventData) -> tuple[Any, ...]:
        return event._data.get("seed"), kind, truncation, gr.Tabs(selected=tab)

    return take
