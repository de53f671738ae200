import subprocess
import sys
from pathlib import Path

import pytest
import torch

import ganzoo
from ganzoo.checkpoints import save_checkpoint
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig


def test_importing_ganzoo_is_cheap() -> None:
    program = "import sys, ganzoo; assert not {'torch', 'numpy', 'pydantic', 'gradio'} & set(sys.modules), sys.modules"
    subprocess.run([sys.executable, "-c", program], cwd=Path(ganzoo.__file__).parents[1], check=True)


def test_load_sample_interpolate(tmp_path: Path) -> None:
    torch.manual_seed(0)
    generator = MLPGenerator(MLPGeneratorConfig(image_shape=(3, 8, 9), z_dim=5, hidden=(8,)))
    save_checkpoint(tmp_path / "tiny", networks={"generator": generator}, recipe={"variant": "gan"}, training={})
    model = ganzoo.load(str(tmp_path / "tiny"), device="cpu")
    assert (model.z_dim, model.num_classes, model.num_ws, model.image_shape) == (5, 0, 1, (3, 8, 9))
    images = ganzoo.sample(model, seeds=range(4), truncation=0.7)
    path = ganzoo.interpolate(model, 3, 14, steps=6, method="slerp")
    assert (images.shape, path.shape) == ((4, 3, 8, 9), (6, 3, 8, 9))
    assert images.dtype == path.dtype == torch.float32
    assert images.abs().max() <= 1


@pytest.mark.parametrize("source", ["no/such/folder", "", "owner/name", Path("absent")])
def test_load_what_is_not_there(source: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ganzoo.CheckpointError, match=r"There is no folder|has no config\.json"):
        ganzoo.load(source)


def test_all_names_are_there() -> None:
    assert all(callable(getattr(ganzoo, name)) for name in ganzoo.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'train'"):
        ganzoo.train  # noqa: B018


def test_a_name_that_no_file_can_have_is_one_sentence() -> None:
    with pytest.raises(ganzoo.CheckpointError, match=r"^There is no folder x+|^x+.* cannot be read"):
        ganzoo.load("x" * 5000)
