import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from ganzoo.checkpoints import CheckpointError, find_checkpoints, read_checkpoint
from ganzoo.device import DeviceError
from ganzoo.generator import Network


def test_what_is_read_is_what_was_written(checkpoint: Path, networks: dict[str, Network]) -> None:
    read = read_checkpoint(str(checkpoint))
    assert read.name == "gan-mnist"
    assert read.config.recipe["seed"] == 7
    assert read.config.training["images"] == 640
    assert read.config.exhibit is None
    assert read.parameters == sum(parameter.numel() for parameter in networks["generator"].parameters())
    generator, discriminator = read.load_generator("cpu"), read.load_discriminator("cpu")
    assert discriminator is not None
    assert generator.config == networks["generator"].config
    assert (generator.z_dim, generator.num_classes, generator.num_ws, generator.image_shape) == (4, 0, 1, (1, 8, 8))
    for loaded, network in ((generator, networks["generator"]), (discriminator, networks["discriminator"])):
        state = loaded.state_dict()
        for name, tensor in network.state_dict().items():
            assert state[name].dtype == tensor.dtype
            torch.testing.assert_close(state[name], tensor, rtol=1e-3, atol=1e-4)
        assert not any(module.training for module in loaded.modules())
        assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_float32_weights_come_back_bit_for_bit(checkpoint: Path, networks: dict[str, Network]) -> None:
    state = networks["generator"].state_dict()
    save_file(state, checkpoint / "model.safetensors")
    loaded = read_checkpoint(checkpoint).load_generator("cpu").state_dict()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in state.items())


def test_weights_are_a_copy_of_the_file(checkpoint: Path) -> None:
    save_file(load_file(checkpoint / "model.safetensors"), checkpoint / "model.safetensors")
    generator = read_checkpoint(checkpoint).load_generator("cpu")
    before = next(generator.parameters()).clone()
    file = checkpoint / "model.safetensors"
    file.write_bytes(b"\xff" * file.stat().st_size)  # in place, as a careless copy does
    assert torch.equal(next(generator.parameters()), before)


def test_loading_draws_no_random_numbers(checkpoint: Path) -> None:
    state = torch.random.get_rng_state()
    read_checkpoint(checkpoint).load_generator("cpu")
    assert torch.equal(torch.random.get_rng_state(), state)


def test_without_a_discriminator(tmp_path: Path, networks: dict[str, Network], save: Callable[..., None]) -> None:
    save(tmp_path / "alone", networks={"generator": networks["generator"]})
    assert read_checkpoint(tmp_path / "alone").load_discriminator("cpu") is None
    assert not (tmp_path / "alone" / "discriminator.safetensors").exists()


def test_an_unknown_device_is_no_fault_of_the_checkpoint(checkpoint: Path) -> None:
    with pytest.raises(DeviceError, match="choose auto, cpu, cuda or mps"):
        read_checkpoint(checkpoint).load_generator("toaster")


def test_a_run_folder_points_to_its_checkpoint(tmp_path: Path, pristine: Path) -> None:
    shutil.copytree(pristine, tmp_path / "my-run" / "checkpoint")
    with pytest.raises(CheckpointError, match=r"give \S+my-run/checkpoint instead\."):
        read_checkpoint(tmp_path / "my-run")
    assert read_checkpoint(tmp_path / "my-run" / "checkpoint").name == "my-run"


def test_a_change_between_reading_and_loading_is_noticed(checkpoint: Path) -> None:
    read = read_checkpoint(checkpoint)
    (checkpoint / "model.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match=r"model\.safetensors is empty"):
        read.load_generator("cpu")


def test_links_within_the_folder_are_followed(checkpoint: Path) -> None:
    (checkpoint / "model.safetensors").rename(checkpoint / "weights")
    (checkpoint / "model.safetensors").symlink_to("weights")
    assert read_checkpoint(checkpoint).load_generator("cpu").z_dim == 4


def test_a_list_may_stand_for_a_tuple_but_a_text_for_nothing(checkpoint: Path) -> None:
    tree = json.loads((checkpoint / "config.json").read_text())
    assert isinstance(tree["networks"]["generator"]["config"]["image_shape"], list)
    assert read_checkpoint(checkpoint).load_generator("cpu").image_shape == (1, 8, 8)


def test_find(tmp_path: Path, pristine: Path) -> None:
    for place in ("zoo/b", "zoo/a", "runs/one/checkpoint", "runs/.two.partial", "single", "zoo/a/deep/deeper"):
        shutil.copytree(pristine, tmp_path / place)
    (tmp_path / "zoo" / "notes.txt").write_text("not a folder")
    (tmp_path / "zoo" / "empty").mkdir()
    (tmp_path / "zoo" / "loop").symlink_to("loop")
    (tmp_path / "zoo" / "twin").symlink_to("a")
    found = find_checkpoints(
        [
            tmp_path / "zoo",
            tmp_path / "runs",
            tmp_path / "single",
            tmp_path / "single",
            tmp_path / "absent",
            Path("a\0b"),
        ]
    )
    names = [str(folder.relative_to(tmp_path)) for folder in found]
    assert names == ["runs/one/checkpoint", "single", "zoo/a", "zoo/b"]


def test_find_a_run_given_by_itself(tmp_path: Path, pristine: Path) -> None:
    shutil.copytree(pristine, tmp_path / "run" / "checkpoint")
    assert find_checkpoints([tmp_path / "run"]) == [tmp_path / "run" / "checkpoint"]


def test_find_passes_over_what_cannot_be_listed(
    tmp_path: Path, pristine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(pristine, tmp_path / "open" / "model")
    (tmp_path / "closed").mkdir()
    listing = Path.iterdir

    def iterdir(folder: Path) -> object:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert find_checkpoints([tmp_path / "closed", tmp_path / "open"]) == [tmp_path / "open" / "model"]
