import logging
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest
import torch

from ganzoo.checkpoints import Checkpoint, CheckpointError
from ganzoo.hub.place import parse_place
from ganzoo.inference import BusyError
from ganzoo.ui import models as ui_models
from ganzoo.ui.models import Models
from ganzoo.ui.validation import RequestError
from tests.copies import copied
from tests.hub.server import LoopbackHub


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the checkpoints whose generators have been loaded, in order."""
    names: list[str] = []
    load = Checkpoint.load_generator

    def recorded(self: Checkpoint, *args: Any, **kwargs: Any) -> Any:
        names.append(self.name)
        return load(self, *args, **kwargs)

    monkeypatch.setattr(Checkpoint, "load_generator", recorded)
    return names


def ids(models: Models) -> Sequence[str]:
    return [model.id for model in models]


def test_every_checkpoint_is_listed_with_what_it_says_of_itself(zoo: Path) -> None:
    models = Models([zoo, zoo / "nowhere"])
    assert ids(models) == ["alpha", "beta", "gamma"]
    gamma = models["gamma"]
    assert gamma.image_shape == (3, 32, 32)
    assert gamma.dataset == "cifar10"
    assert gamma.title == "GAN"
    assert "judge" in gamma.abilities
    assert gamma.checkpoint.parameters == sum(p.numel() for p in models.generator(gamma).parameters())


def test_a_translator_is_listed_and_asked_for_what_it_can(zoo: Path, translators: Path) -> None:
    models = Models([zoo, translators])
    delta = models["delta"]
    assert delta.abilities == ["translate"]
    assert delta.image_shape == (1, 28, 28)
    assert [model.id for model in models.able("translate")] == ["delta", "epsilon"]
    assert [model.id for model in models.able("sample")] == ["alpha", "beta", "gamma"]
    assert models.asked("delta", "translate") is delta
    assert models.translator(delta) is models.translator(delta)
    with pytest.raises(RequestError, match=r"^'delta' cannot sample: it can translate\.$"):
        models.asked("delta", "sample")
    with pytest.raises(RequestError, match=r"^'alpha' cannot translate: it can sample and interpolate and judge\.$"):
        models.asked("alpha", "translate")


def test_abilities_are_what_the_networks_can_do(styled: Path) -> None:
    models = Models([styled])
    assert models["alpha"].abilities == ["sample", "interpolate", "judge"]
    assert models["sigma"].abilities == ["sample", "interpolate", "style-mixing", "noise"]


@pytest.mark.parametrize("name", ["delta", "", None, 3, ["alpha"]])
def test_other_names_are_refused(zoo: Path, name: object) -> None:
    with pytest.raises(RequestError, match="There is no model"):
        Models([zoo])[name]


def test_a_name_with_a_slash_is_one_of_the_hub(zoo: Path) -> None:
    with pytest.raises(CheckpointError, match="is no name on the Hub"):
        Models([zoo])["../zoo/alpha"]


def test_a_broken_checkpoint_is_told_of_and_left_out(
    zoo: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "good")
    shutil.copytree(zoo / "alpha", tmp_path / "bad")
    (tmp_path / "bad" / "config.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        models = Models([tmp_path])
    assert ids(models) == ["good"]
    assert len(models.broken) == 1
    assert "bad" in models.broken[0]
    assert str(tmp_path) not in models.broken[0]  # which is for visitors; the log is for the owner
    assert str(tmp_path / "bad") in caplog.text


def test_weights_that_prove_broken_are_told_of_without_their_place(zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "torn")
    models = Models([tmp_path])
    weights = tmp_path / "torn" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(CheckpointError, match=r"^torn/model\.safetensors is broken or cut short"):
        models.generator(models["torn"])


def test_two_of_one_name_get_names_of_their_own(zoo: Path, tmp_path: Path) -> None:
    for run in ("first", "second"):
        shutil.copytree(zoo / "alpha", tmp_path / run / "twin")
    models = Models([tmp_path / "first", tmp_path / "second"])
    assert ids(models) == ["twin", "twin-2"]
    assert models["twin-2"].checkpoint.folder.parent.name == "second"
    shutil.copytree(zoo / "alpha", tmp_path / "third" / "twin-2")
    assert ids(Models([tmp_path / "first", tmp_path / "second", tmp_path / "third"])) == ["twin", "twin-2", "twin-2-2"]


def test_exhibits_come_last(zoo: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        shutil.copytree(zoo / "alpha", tmp_path / name)
    config = tmp_path / "a" / "config.json"
    config.write_text(config.read_text().replace('"exhibit": null', '"exhibit": "mode collapse"'))
    assert Models([tmp_path])["a"].checkpoint.config.exhibit == "mode collapse"
    assert ids(Models([tmp_path])) == ["b", "a"]


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ({"variant": "gan"}, True),
        ({"variant": "gan", "loss": "minimax"}, True),
        ({"variant": "gan", "loss": "hinge"}, False),
        ({"variant": "wgan-gp", "network": "dcgan"}, False),
        ({"variant": "gan", "loss": "mine", "data": {"dataset": "<b>"}}, False),
        ({"variant": "unheard-of"}, False),
        ({}, False),
    ],
)
def test_a_logit_is_a_probability_s_where_the_game_makes_it_so(
    zoo: Path, tmp_path: Path, recipe: dict[str, Any], expected: bool
) -> None:
    copied(zoo / "alpha", tmp_path / "model", recipe=recipe)
    assert Models([tmp_path])["model"].judges_in_log_odds is expected


def test_discriminators_count_towards_what_may_be_loaded(zoo: Path, loaded: list[str]) -> None:
    models = Models([zoo], limit=1)
    alpha = models["alpha"]
    first = models.discriminator(alpha)
    assert first is not None
    assert models.discriminator(alpha) is first
    models.generator(alpha)
    models.discriminator(alpha)
    models.generator(alpha)
    assert loaded == ["alpha", "alpha"]


def test_a_model_that_came_alone_has_no_discriminator(large: Path) -> None:
    models = Models([large])
    assert models.discriminator(models["large"]) is None


def test_scores_that_cannot_be_read_are_told_of_without_their_place(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "boaster", scores=[{"metric": "beauty"}])
    models = Models([tmp_path])
    with pytest.raises(CheckpointError, match=r"^boaster/metrics\.json"):
        models.scores(models["boaster"])


def test_a_generator_is_loaded_once_and_by_one_thread(zoo: Path, loaded: list[str]) -> None:
    models = Models([zoo])
    with ThreadPoolExecutor(8) as pool:
        generators = list(pool.map(lambda _: models.generator(models["alpha"]), range(32)))
    assert loaded == ["alpha"]
    assert all(generator is generators[0] for generator in generators)


def test_those_asked_for_longest_ago_are_forgotten_first(zoo: Path, loaded: list[str]) -> None:
    sizes = {model.id: 4 * model.checkpoint.parameters for model in Models([zoo])}
    models = Models([zoo], limit=sizes["alpha"] + max(sizes["beta"], sizes["gamma"]))
    for name in ("alpha", "beta", "alpha", "gamma", "alpha", "beta"):
        models.generator(models[name])
    assert loaded == ["alpha", "beta", "gamma", "beta"]


def test_one_generator_stays_however_large(zoo: Path, loaded: list[str]) -> None:
    models = Models([zoo], limit=1)
    for _ in range(2):
        models.generator(models["alpha"])
    assert loaded == ["alpha"]


def test_refresh_finds_what_came_and_forgets_what_changed_or_went(zoo: Path, tmp_path: Path, loaded: list[str]) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "kept")
    shutil.copytree(zoo / "alpha", tmp_path / "retrained")
    models = Models([tmp_path])
    before = models["kept"]
    models.generator(models["kept"])
    models.generator(models["retrained"])

    shutil.copytree(zoo / "beta", tmp_path / "new")
    os.utime(tmp_path / "retrained" / "config.json", ns=(0, 0))
    models.refresh()
    assert ids(models) == ["kept", "new", "retrained"]
    assert models["kept"].checkpoint is before.checkpoint
    models.generator(models["kept"])
    models.generator(models["retrained"])
    assert loaded == ["kept", "retrained", "retrained"]

    shutil.rmtree(tmp_path / "kept")
    models.refresh()
    assert ids(models) == ["new", "retrained"]


def test_of_a_folder_of_pictures_only_the_last_name_is_told(zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "cats")
    config = tmp_path / "cats" / "config.json"
    config.write_text(config.read_text().replace('"mnist"', '"folder:/home/someone/cats"'))
    assert Models([tmp_path])["cats"].dataset == "cats"


@pytest.fixture
def stocked(hub: LoopbackHub, zoo: Path) -> LoopbackHub:
    """A Hub with alpha on it, as alice's."""
    hub.put("alice/cats", files(zoo, "alpha"))
    return hub


def files(zoo: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (zoo / name).iterdir()}


def asked(hub: LoopbackHub) -> int:
    """How often the Hub was asked what it has of a model."""
    return sum("/api/models/" in one.path for one in hub.asked)


def test_a_model_of_the_hub_is_opened_and_then_known_by_its_name(zoo: Path, stocked: LoopbackHub) -> None:
    models = Models([zoo], device="cpu")
    model = models.open(parse_place("alice/cats"))
    assert (model.id, model.title, model.dataset) == ("alice/cats", "GAN", "mnist")
    assert models["alice/cats"] is model
    assert asked(stocked) == 1
    assert ids(models) == ["alpha", "beta", "gamma"]  # which everybody sees
    assert models.still_known(["alice/cats", "bob/dogs", "alpha"]) == [model]


def test_what_is_not_known_any_more_is_opened_again(
    zoo: Path, stocked: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.put("bob/dogs", files(zoo, "beta"))
    monkeypatch.setattr(ui_models, "OPENED", 1)
    models = Models([], device="cpu")
    for name in ("alice/cats", "bob/dogs", "alice/cats"):
        assert models[name].id == name
        assert models.still_known(["alice/cats", "bob/dogs"]) == [models[name]]
    assert asked(stocked) == 3


def test_opening_again_shows_what_the_hub_has_by_now(zoo: Path, stocked: LoopbackHub) -> None:
    models = Models([], device="cpu")
    before = models.open(parse_place("alice/cats"))
    commit = stocked.put("alice/cats", files(zoo, "gamma"))
    assert models["alice/cats"] is before
    after = models.open(parse_place("alice/cats"))
    assert models["alice/cats"] is after
    assert (after.commit, after.edition) == (commit, f"alice/cats at {commit[:7]}")
    assert before.edition != after.edition
    assert Models([zoo], device="cpu")["alpha"].edition == "alpha"
    assert (before.dataset, after.dataset) == ("mnist", "cifar10")
    assert before.stamp != after.stamp


def test_files_that_had_to_make_room_are_fetched_again_as_they_were(
    zoo: Path, stocked: LoopbackHub, kept: Path
) -> None:
    models = Models([zoo], limit=1, device="cpu")
    model = models.open(parse_place("alice/cats"))
    weights = [p.clone() for p in models.generator(model).parameters()]
    models.generator(models["beta"])  # of which one stays loaded
    shutil.rmtree(kept)
    stocked.put("alice/cats", files(zoo, "gamma"))
    again = models.generator(model)
    assert all(torch.equal(a, b) for a, b in zip(weights, again.parameters(), strict=True))


def test_what_is_opened_stays_loaded_when_the_folders_are_looked_into(
    zoo: Path, stocked: LoopbackHub, loaded: list[str]
) -> None:
    models = Models([zoo], device="cpu")
    model = models.open(parse_place("alice/cats"))
    before = models.generator(model)
    models.refresh()
    assert models.generator(model) is before


def test_opened_models_count_towards_what_may_be_loaded(zoo: Path, stocked: LoopbackHub) -> None:
    stocked.put("bob/dogs", files(zoo, "beta"))
    models = Models([zoo], limit=1, device="cpu")
    first = models.generator(models["alice/cats"])
    models.generator(models["bob/dogs"])
    assert models.generator(models["alice/cats"]) is not first


def test_a_broken_one_is_refused_and_not_kept(zoo: Path, stocked: LoopbackHub, kept: Path) -> None:
    stocked.put("alice/cats", files(zoo, "alpha") | {"model.safetensors": b"\x00" * 9})
    models = Models([], device="cpu")
    with pytest.raises(CheckpointError, match="alice/cats"):
        models.open(parse_place("alice/cats"))
    assert models.still_known(["alice/cats"]) == []


def test_only_a_few_are_fetched_at_once(zoo: Path, stocked: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    models = Models([], device="cpu")
    started, go_on = Semaphore(0), Event()

    def slow(*_: object, **__: object) -> Checkpoint:
        started.release()
        go_on.wait()
        raise CheckpointError("The Hub shows no such thing.")

    monkeypatch.setattr(ui_models, "fetch", slow)
    with ThreadPoolExecutor(ui_models.AT_ONCE) as pool:
        waiting = [pool.submit(models.open, parse_place(f"alice/{i}")) for i in range(ui_models.AT_ONCE)]
        for _ in waiting:
            started.acquire()
        with pytest.raises(BusyError, match="Other models are being fetched from the Hub just now"):
            models.open(parse_place("alice/one-more"))
        go_on.set()
    assert all(isinstance(one.exception(), CheckpointError) for one in waiting)
    with pytest.raises(CheckpointError):
        models.open(parse_place("alice/one-more"))


def test_strangers_are_not_served_with_this_computer_s_token(
    zoo: Path, stocked: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.put("alice/secret", files(zoo, "alpha"), private=True)
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")
    assert Models([], device="cpu")["alice/secret"].id == "alice/secret"
    with pytest.raises(CheckpointError, match="The Hub shows no alice/secret"):
        Models([], device="cpu", anonymously=True).open(parse_place("alice/secret"))


def test_files_bear_plain_names(zoo: Path, stocked: LoopbackHub) -> None:
    models = Models([zoo], device="cpu")
    long = f"{'o' * 90}/{'n' * 90}"
    stocked.put(long, files(zoo, "alpha"), branch="main")
    stocked.put("alice/cats", files(zoo, "alpha"), branch="refs/pr/1")
    assert models["alpha"].file_name == "alpha"
    assert models["alice/cats@refs/pr/1"].file_name == "alice_cats_refs_pr_1"
    assert len(models[long].file_name) == 100


def test_a_long_story_is_cut_short(zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "talker")
    config = tmp_path / "talker" / "config.json"
    long = "talk" * 1000
    config.write_text(config.read_text().replace('"mnist"', f'"{long}"').replace('"gan"', f'"{long}"'))
    model = Models([tmp_path])["talker"]
    assert len(model.title) < 70
    assert len(model.dataset) < 70
