import re
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from huggingface_hub import ModelCard, ModelCardData
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzoo.checkpoints import CheckpointConfig
from ganzoo.checkpoints.card import Publication, card, plain
from ganzoo.checkpoints.scores import Score
from ganzoo.generator import Network
from ganzoo.nn.mlp import mlp_networks
from ganzoo.zoo import RECIPES

TRAINING: dict[str, Any] = {
    "steps": 2000,
    "images": 128_000,
    "seconds": 4321.0,
    "hardware": "2 CPU cores",
    "weights": "averaged",
    "versions": {"torch": "2.15.0", "ganzoo": "0.1.0"},
    "command": "python -m train gan --dataset mnist --steps 2000 --seed 7",
    "data_licence": "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0.",
    "data_set_size": 60_000,
}

with torch.device("meta"):
    GENERATOR, DISCRIMINATOR = mlp_networks((1, 28, 28), width=256, z_dim=100)
NETWORKS: dict[str, Network] = {"generator": GENERATOR}


def config(variant: str = "gan", **changes: Any) -> CheckpointConfig:
    """Of a run with the recipe's own settings, after ``changes`` of them and of ``training``."""
    training = TRAINING | changes.pop("training", {})
    recipe = (
        RECIPES[variant].model_validate({}).model_dump(mode="json") | changes.pop("recipe", {})
        if variant in RECIPES
        else {}
    )
    network = {"image_shape": [1, 28, 28], "z_dim": 100, "hidden": [8], "slope": 0.2, "batch_norm": True}
    return CheckpointConfig.model_validate(
        {
            "format": 1,
            "networks": {"generator": {"architecture": "mlp-generator", "config": network}},
            "recipe": {"variant": variant, "seed": 7, **recipe},
            "training": training,
            **changes,
        }
    )


def text(*args: Any, **changes: Any) -> str:
    return card(config(*args, **changes), name="gan-mnist", networks=NETWORKS)


def front_matter(markdown: str) -> dict[str, Any]:
    start, matter, _ = markdown.split("---\n", 2)
    assert start == ""
    return dict(yaml.safe_load(matter))


def test_front_matter_is_what_the_hub_reads() -> None:
    assert front_matter(text("wgan-gp")) == {
        "license": "apache-2.0",
        "library_name": "ganzoo",
        "pipeline_tag": "unconditional-image-generation",
        "tags": ["gan", "ganzoo", "wgan-gp"],
        "datasets": ["ylecun/mnist"],
    }
    assert front_matter(text())["tags"] == ["gan", "ganzoo"]
    assert "datasets" not in front_matter(text(recipe={"data": {"dataset": "folder:/home/me/pictures"}}))


def test_the_licence_is_the_owners_choice() -> None:
    markdown = card(config(), name="gan-mnist", networks=NETWORKS, licence="cc-by-4.0")
    assert front_matter(markdown)["license"] == "cc-by-4.0"


def test_it_says_what_was_done() -> None:
    markdown = text()
    for fact in (
        "# gan-mnist\n",
        "28×28-pixel",
        "Goodfellow et al., Generative Adversarial Networks (2014), https://arxiv.org/abs/1406.2661",
        "| Steps | 2,000 |",
        "| Images seen | 128,000 |",
        "| Time | 72 min |",
        "| Hardware | 2 CPU cores |",
        "| Published weights | exponential moving average",
        "| Seed | 7 |",
        "| Software | torch 2.15.0, ganzoo 0.1.0 |",
        "| Generator | mlp-generator | 1,489,936 |",
        "CC BY-SA 3.0.",
        "```sh\npython -m train gan --dataset mnist --steps 2000 --seed 7\n```",
        "model = ganzoo.load('gan-mnist')",
        "## Limits",
    ):
        assert fact in markdown


def test_the_code_to_start_with_is_python() -> None:
    code = text().split("```python\n")[1].split("```")[0]
    compile(code, "card", "exec")


def test_the_code_to_start_with_asks_for_a_class_where_there_are_classes() -> None:
    networks = {"generator": RECIPES["cgan"].model_validate({"width": 2}).game().players["generator"]}
    told = card(config("cgan"), name="cgan-mnist", networks=networks)
    code = told.split("```python\n")[1].split("```")[0]
    compile(code, "card", "exec")
    assert "ganzoo.sample(model, seeds=range(64), classes=0)  # of one class, from 0 to 9" in code
    assert "classes" not in text()


def test_a_run_shorter_than_its_description_says_so() -> None:
    assert "shorter than the recipe's own: 2,000 steps instead of 10,000," in text()
    assert "shorter" not in text(training={"steps": 10_000})


def test_epochs_count_too() -> None:
    epochs = {"recipe": {"steps": None, "epochs": 50.0}}
    assert "2,000 steps instead of 11,719," in text("dcgan", **epochs)
    assert "shorter" not in text("dcgan", training={"steps": 11_719}, **epochs)
    assert "shorter" not in text("dcgan", training={"data_set_size": None}, **epochs)  # nobody can say


def test_settings_that_were_changed_are_shown_beside_the_recipes_own() -> None:
    markdown = text(recipe={"width": 64, "lr": 1e-3, "ema_decay": None, "published": "raw"})
    assert "| width | 64 | 256 |" in markdown
    assert "| lr | 0.001 | 0.0002 |" in markdown
    assert "| ema\\_decay | none | 0.999 |" in markdown
    assert "| beta1 | 0.5 | the same |" in markdown


def test_own_defaults_follow_the_chosen_networks_and_data() -> None:
    dcgan = RECIPES["wgan"].model_validate({"network": "dcgan"}).model_dump(mode="json")
    assert "| width | 64 | the same |" in text("wgan", recipe=dcgan)


def test_a_folder_of_pictures_keeps_its_place_private() -> None:
    markdown = text(recipe={"data": {"dataset": "folder:/home/me/pictures"}})
    assert "A folder of pictures of one's own." in markdown
    assert "/home/me" not in markdown


def test_the_discriminator_is_counted_too() -> None:
    described = config()
    networks = described.networks.model_dump()
    networks["discriminator"] = {"architecture": "mlp-discriminator", "config": {}}
    both = CheckpointConfig.model_validate(described.model_dump() | {"networks": networks})
    assert "| Discriminator | mlp-discriminator | 533,505 |" in card(
        both, name="x", networks=NETWORKS | {"discriminator": DISCRIMINATOR}
    )


def test_little_to_say_is_no_error() -> None:
    bare = CheckpointConfig.model_validate(
        {
            "format": 1,
            "networks": {"generator": {"architecture": "mlp-generator", "config": {}}},
            "recipe": {},
            "training": {},
        }
    )
    assert card(bare, name="bare", networks=NETWORKS).startswith("---\nlicense")


def test_an_exhibit_is_called_one() -> None:
    assert "kept as an exhibit: mode collapse." in text(exhibit="mode collapse")


def test_the_story_of_a_recipe_that_has_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RECIPES["gan"], "story", "It draws one digit.")
    assert "Keras-GAN.\n\nIt is kept as an exhibit: mode collapse.\n\nIt draws one digit.\n\n## Start" in text(
        exhibit="mode collapse"
    )
    assert "It draws one digit." not in text("dcgan")


HOSTILE = "x|y\n\n# <script>alert(1)</script> [a](javascript:b) ![p](http://h/p.png) `` ``` ---\n$x$ &lt; ~~s~~ "
PASSPORT: dict[str, Any] = {
    "features": "net 3f2a",
    "real": {"split": "test", "count": 10_000},
    "std": 0.25,
    "exact": True,
}
TEXTS = st.text(max_size=60) | st.sampled_from([HOSTILE, "\n---\n# x", "---", "a: b", "\x85\u2028\x1b[2J", "- &a *a"])
VALUES = st.recursive(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS, st.lists, max_leaves=4)
SCORES = [Score(metric="fcd", value=12.3456789, passport=PASSPORT), Score(metric="fcd", value=2.0, passport={})]
PUBLICATION = Publication("alice/digits", None, "https://hub/alice/digits/resolve/main/samples.png", losses=True)


def scored(scores: list[Score], variant: str = "gan") -> str:
    return card(config(variant), name="gan-mnist", networks=NETWORKS, scores=scores)


def published(**changes: Any) -> str:
    publication = Publication(**(vars(PUBLICATION) | changes))
    return card(config(), name="digits", networks=NETWORKS, publication=publication)


def test_scores_are_an_index_that_the_hub_reads() -> None:
    data = ModelCard(scored(SCORES)).data
    assert isinstance(data, ModelCardData)
    assert data.metrics == ["fcd"]
    assert data.model_name == "gan-mnist"
    assert data.eval_results is not None
    assert [(result.metric_type, result.metric_value, result.metric_args) for result in data.eval_results] == [
        ("fcd", 12.3456789, PASSPORT),
        ("fcd", 2.0, {}),
    ]
    assert {(result.task_type, result.dataset_type, result.dataset_name) for result in data.eval_results} == {
        ("unconditional-image-generation", "ylecun/mnist", "mnist")
    }
    written_by_the_client: dict[str, Any] = data.to_dict()
    assert written_by_the_client == front_matter(scored(SCORES))


def test_scores_are_shown_with_what_they_were_measured_on() -> None:
    row = next(line for line in scored(SCORES).splitlines() if line.startswith("| fcd | 12.35 |"))
    for fact in ("features: net 3f2a", '"count": 10000', "std: 0.2", "exact: yes"):
        assert fact in row


def test_what_holds_of_all_scores_is_said_once() -> None:
    passports: list[dict[str, Any]] = [{"net": "3f2a", "split": "test"}, {"net": "3f2a", "split": "train"}]
    first, second = (Score(metric="fcd", value=1.0, passport=passport) for passport in passports)
    markdown = scored([first.model_copy(update={"standard_error": 0.25, "real": 0.5, "counts": [1200, 3]}), second])
    assert "| fcd | 1 ± 0.25 | 0.5 | split: test |\n| fcd | 1 |  | split: train |\n\n" in markdown
    assert "All of them: net: 3f2a." in markdown
    assert "Samples of each class, by fcd: 1,200, 3." in markdown


def test_a_card_without_scores_does_not_speak_of_them() -> None:
    assert not {"metrics", "model-index", "thumbnail"} & front_matter(text()).keys()
    assert "## Scores" not in text()
    assert ".png" not in text()


def test_a_published_card_shows_pictures_and_how_to_open_it_from_the_hub() -> None:
    markdown = published()
    assert front_matter(markdown)["thumbnail"] == PUBLICATION.thumbnail
    assert "](samples.png)" in markdown
    assert "](losses.png)" in markdown
    assert "model = ganzoo.load('alice/digits')\n" in markdown
    assert "open `alice/digits` there by its id" in markdown
    assert "](losses.png)" not in published(losses=False)
    assert "ganzoo.load('alice/digits', revision='early')" in published(revision="early")


@settings(max_examples=50, deadline=None)
@given(metric=TEXTS.filter(bool), passport=st.dictionaries(TEXTS, VALUES, max_size=3))
def test_no_text_of_a_score_breaks_the_front_matter_or_adds_markup(metric: str, passport: dict[str, Any]) -> None:
    score = Score(metric=metric, value=1.0, passport=passport, counts=[1])
    for markdown in (scored([score]), scored([score, score])):
        shown = markdown.split("## Scores\n\n")[1].split("\n\n## ")[0].splitlines()
        assert not re.search(r"(?<!\\)[<>`\[\]*]", "".join(shown))
        assert all(line.isprintable() for line in shown)
    card = ModelCard(scored([score]))
    assert isinstance(card.data, ModelCardData)
    assert card.data.eval_results is not None
    assert card.data.eval_results[0].metric_type == metric
    assert card.data.eval_results[0].metric_args == passport
    above, below = card.text.split("## Scores\n\n")
    assert above == scored(SCORES).split("---\n", 2)[2].split("## Scores\n\n")[0]
    assert len(below.split("\n\n")[0].splitlines()) == 3


def test_which_step_was_chosen_is_told() -> None:
    assert "Chosen" not in text()
    chosen = text(training={"best_step": 1_200, "selected_by": "frechet-classifier-distance"})
    assert "| Chosen | step 1,200, the best by frechet-classifier-distance along the run |" in chosen


@pytest.mark.parametrize(
    "place", ["hardware", "command", "selected_by", "data_licence", "variant", "exhibit", "setting", "name"]
)
def test_nothing_in_a_configuration_adds_markup(place: str) -> None:
    changes: dict[str, dict[str, Any]] = {
        "hardware": {"training": {"hardware": HOSTILE}},
        "command": {"training": {"command": HOSTILE}},
        "data_licence": {"training": {"data_licence": HOSTILE}},
        "selected_by": {"training": {"best_step": 1, "selected_by": HOSTILE}},
        "variant": {"variant": HOSTILE},
        "exhibit": {"exhibit": HOSTILE[:100]},
        "setting": {"recipe": {HOSTILE: [HOSTILE]}},
        "name": {},
    }
    markdown = card(config(**changes[place]), name=HOSTILE if place == "name" else "x", networks=NETWORKS)
    assert front_matter(markdown)["license"] == "apache-2.0"
    body = markdown.split("---\n", 2)[2]
    outside, fence = [], ""
    for line in body.splitlines():
        run = line[: len(line) - len(line.lstrip("`"))]
        if fence:
            fence = "" if line == fence else fence
        elif len(run) >= 3:
            fence = run
        else:
            outside.append(line)
    assert not fence
    assert "<script>" not in "\n".join(outside)
    assert "![p](" not in "\n".join(outside)
    assert sum(line.startswith("# ") for line in outside) == 1
    assert not any(line.startswith("# \\<script") for line in outside[1:] if place != "name")


def test_plain_text_is_one_bounded_line() -> None:
    assert plain("a\n b\t|c") == "a b \\|c"
    assert len(plain("x" * 9999)) < 400
    assert plain("see http://host") == "see http:\\//host"


def test_every_recipe_has_a_card(tmp_path: Path) -> None:
    for variant, recipe in RECIPES.items():
        assert recipe.paper.split(",")[0] in text(variant)
        assert (recipe.story or "") in text(variant)
