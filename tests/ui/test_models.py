import logging
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ganzoo.checkpoints import Checkpoint, CheckpointError
from ganzoo.ui.models import Models
from ganzoo.ui.validation import RequestError


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


@pytest.mark.parametrize("name", ["delta", "", None, 3, ["alpha"], "../zoo/alpha"])
def test_other_names_are_refused(zoo: Path, name: object) -> None:
    with pytest.raises(RequestError, match="There is no model"):
        Models([zoo])[name]


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
