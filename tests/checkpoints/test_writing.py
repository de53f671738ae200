import errno
import json
import os
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import NoReturn

import pytest
import torch
from pydantic import JsonValue
from safetensors.torch import load_file
from torch import nn

from ganzoo.checkpoints import CheckpointError, add_scores, find_checkpoints, read_checkpoint
from ganzoo.checkpoints.scores import Score, read_scores
from ganzoo.checkpoints.writing import weights_hash
from ganzoo.generator import Generator, Network
from ganzoo.inference import sample
from ganzoo.nn.dcgan import dcgan_networks
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig


def stored(file: Path) -> set[torch.dtype]:
    return {tensor.dtype for tensor in load_file(file).values() if tensor.is_floating_point()}


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_half_precision_where_no_pixel_moves_by_a_step(pristine: Path, networks: dict[str, Network]) -> None:
    assert stored(pristine / "model.safetensors") == {torch.float16}
    generator = networks["generator"]
    assert isinstance(generator, Generator)
    loaded = read_checkpoint(pristine).load_generator("cpu")
    assert (sample(loaded, range(256)) - sample(generator, range(256))).abs().max() <= 2 / 255


@pytest.mark.parametrize("factor", [3e3, 1e6], ids=["too coarse", "overflows"])
def test_single_precision_where_a_pixel_would_move(
    factor: float, tmp_path: Path, networks: dict[str, Network], save: Callable[..., None]
) -> None:
    steep = deepcopy(networks["generator"])
    assert isinstance(steep, MLPGenerator)
    last = steep.layers[-3]
    assert isinstance(last, nn.Linear)
    last.weight.data.mul_(factor)
    save(tmp_path / "steep", networks={"generator": steep})
    assert stored(tmp_path / "steep" / "model.safetensors") == {torch.float32}
    loaded = read_checkpoint(tmp_path / "steep").load_generator("cpu").state_dict()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in steep.state_dict().items())


def test_discriminator_precision_is_its_own(
    tmp_path: Path, networks: dict[str, Network], save: Callable[..., None]
) -> None:
    plain = tmp_path / "half"
    save(plain)
    assert stored(plain / "discriminator.safetensors") == {torch.float16}
    huge = deepcopy(networks["discriminator"])
    next(huge.parameters()).data.mul_(1e6)
    save(tmp_path / "huge", networks={"generator": networks["generator"], "discriminator": huge})
    assert stored(tmp_path / "huge" / "model.safetensors") == {torch.float16}
    assert stored(tmp_path / "huge" / "discriminator.safetensors") == {torch.float32}
    blind = deepcopy(networks["discriminator"])
    for parameter in blind.parameters():
        parameter.data.zero_()
    save(tmp_path / "blind", networks={"generator": networks["generator"], "discriminator": blind})
    assert stored(tmp_path / "blind" / "discriminator.safetensors") == {torch.float32}


def test_saving_leaves_the_networks_as_they_are(tmp_path: Path, save: Callable[..., None]) -> None:
    generator, discriminator = dcgan_networks((1, 28, 28), width=2, z_dim=4, norm="batch")
    before = [deepcopy(network.state_dict()) for network in (generator, discriminator)]
    randomness = torch.random.get_rng_state()
    save(tmp_path / "new", networks={"generator": generator, "discriminator": discriminator})
    assert torch.equal(torch.random.get_rng_state(), randomness)
    for network, state in zip((generator, discriminator), before, strict=True):
        assert all(module.training for module in network.modules())
        assert all(parameter.requires_grad for parameter in network.parameters())
        assert all(torch.equal(tensor, state[name]) for name, tensor in network.state_dict().items())


def test_the_same_checkpoint_has_the_same_bytes(tmp_path: Path, pristine: Path, save: Callable[..., None]) -> None:
    save(tmp_path / "gan-mnist")
    assert contents(tmp_path / "gan-mnist") == contents(pristine)


def test_what_lies_in_the_folder(tmp_path: Path, save: Callable[..., None]) -> None:
    save(tmp_path / "a" / "b", exhibit="collapse", attachments={"history.jsonl": b"{}\n", "film.webp": b"RIFF"})
    assert sorted(contents(tmp_path / "a" / "b")) == [
        "README.md",
        "config.json",
        "discriminator.safetensors",
        "film.webp",
        "history.jsonl",
        "model.safetensors",
    ]
    config = json.loads((tmp_path / "a" / "b" / "config.json").read_text())
    assert config["format"] == 1
    assert config["networks"]["generator"]["architecture"] == "mlp-generator"
    assert config["exhibit"] == "collapse"
    assert os.listdir(tmp_path / "a") == ["b"]


def test_an_old_checkpoint_is_replaced_whole(checkpoint: Path, save: Callable[..., None]) -> None:
    (checkpoint / "metrics.json").write_text("{}")  # of the old weights
    save(checkpoint, training={"steps": 20})
    assert read_checkpoint(checkpoint).config.training == {"steps": 20}
    assert not (checkpoint / "metrics.json").exists()
    assert os.listdir(checkpoint.parent) == [checkpoint.name]


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, save: Callable[..., None]) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(CheckpointError, match="holds other things than a checkpoint"):
        save(tmp_path / "thesis")
    assert contents(tmp_path / "thesis") == {"chapter.tex": b"years of work"}


def test_weights_that_are_not_finite_are_not_saved(
    checkpoint: Path, networks: dict[str, Network], save: Callable[..., None]
) -> None:
    before = contents(checkpoint)
    burst = deepcopy(networks["discriminator"])
    next(burst.parameters()).data[0, 0] = torch.nan
    with pytest.raises(
        CheckpointError, match=r"The discriminator's layers\.0\.weight holds values that are not finite"
    ):
        save(checkpoint, networks={"generator": networks["generator"], "discriminator": burst})
    assert contents(checkpoint) == before


@pytest.mark.parametrize("call", ["fsync", "rename into place", "rename away"])
def test_a_full_disk_leaves_the_old_checkpoint(
    call: str, checkpoint: Path, save: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(checkpoint)
    rename = Path.rename

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def refusing(source: Path, target: Path) -> Path:
        doomed = source.name.endswith(".partial") if call == "rename into place" else source == checkpoint
        return full() if doomed else rename(source, target)

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(CheckpointError, match=r"could not be written.*No space left on device.*make room"):
        save(checkpoint, training={"steps": 20})
    monkeypatch.undo()
    assert contents(checkpoint) == before
    assert os.listdir(checkpoint.parent) == [checkpoint.name]


def test_a_file_in_the_way(tmp_path: Path, save: Callable[..., None]) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CheckpointError, match="could not be written"):
            save(folder)


@pytest.mark.parametrize("moment", ["while writing", "between the renames", "before the old one is gone"])
def test_what_a_killed_save_left_is_cleared(moment: str, checkpoint: Path, save: Callable[..., None]) -> None:
    partial = checkpoint.with_name(f".{checkpoint.name}.partial")
    replaced = checkpoint.with_name(f".{checkpoint.name}.replaced")
    if moment == "between the renames":
        checkpoint.rename(replaced)
    if moment == "before the old one is gone":
        shutil.copytree(checkpoint, replaced)
    else:
        partial.mkdir()
        (partial / "config.json").write_text("{")
    assert find_checkpoints([checkpoint.parent]) == [folder for folder in [checkpoint] if folder.exists()]
    save(checkpoint, training={"steps": 20})
    assert read_checkpoint(checkpoint).config.training == {"steps": 20}
    assert os.listdir(checkpoint.parent) == [checkpoint.name]


def test_a_network_outside_the_zoo_cannot_be_saved(tmp_path: Path, save: Callable[..., None]) -> None:
    class Stranger(MLPGenerator):
        pass

    stranger = Stranger(MLPGeneratorConfig(image_shape=(1, 8, 8), z_dim=4, hidden=(8,)))
    with pytest.raises(ValueError, match=r"Stranger is not in ganzoo\.zoo\.ARCHITECTURES"):
        save(tmp_path / "new", networks={"generator": stranger})
    assert not list(tmp_path.iterdir())


def test_the_oldest_scores_make_room_for_new_ones(checkpoint: Path) -> None:
    weights: dict[str, JsonValue] = {"weights_sha256": weights_hash(checkpoint)}
    for first in (0, 30):
        scores = [Score(metric=f"m{first + i}", value=1.0, passport=weights) for i in range(30)]
        add_scores(read_checkpoint(checkpoint), scores)
    kept = [score.metric for score in read_scores(checkpoint)]
    assert kept == [f"m{i}" for i in [*range(30, 60), *range(20)]]


def test_scores_that_come_along_stand_on_the_card(tmp_path: Path, save: Callable[..., None]) -> None:
    scores = b'[{"metric": "fcd", "value": 12.5, "passport": {"split": "test"}}]'
    save(tmp_path / "m", attachments={"metrics.json": scores})
    assert "| fcd | 12.5 |  | split: test |" in (tmp_path / "m" / "README.md").read_text(encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"metrics\.json"):
        save(tmp_path / "n", attachments={"metrics.json": b"{}"})
    assert not (tmp_path / "n").exists()
