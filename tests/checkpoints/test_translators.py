"""Checkpoints of translators, as far as they are not those of generators."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ganzoo.checkpoints import CheckpointError, read_checkpoint, save_checkpoint
from ganzoo.checkpoints.writing import weights_hash
from ganzoo.files import sha256
from ganzoo.inference import translate
from ganzoo.zoo.srgan import ENLARGE, SRTranslator, SRTranslatorConfig


def new_translator() -> SRTranslator:
    torch.manual_seed(0)
    return SRTranslator(SRTranslatorConfig(image_shape=(3, 16, 16), width=2, blocks=1))


def saved(folder: Path, translator: SRTranslator, examples: dict[str, torch.Tensor] | None = None) -> set[torch.dtype]:
    """The types of its weights in the file."""
    save_checkpoint(folder, networks={"translator": translator}, recipe={}, training={}, examples=examples)
    tensors = load_file(folder / "model.safetensors").values()
    return {tensor.dtype for tensor in tensors if tensor.is_floating_point()}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    translator = new_translator().eval()
    saved(tmp_path / "one", translator)
    read = read_checkpoint(tmp_path / "one")
    assert read.parameters == sum(parameter.numel() for parameter in translator.parameters())
    assert read.directions == {ENLARGE: ((3, 4, 4), (3, 16, 16))}
    assert weights_hash(read.folder) == sha256(read.folder / "model.safetensors")
    images = torch.rand(5, 3, 4, 4)
    for loaded in (read.load("cpu"), read.load_translator("cpu")):
        # Weights that lie elsewhere in memory may be multiplied in another order.
        torch.testing.assert_close(translate(loaded, images, ENLARGE), translate(translator, images))
        assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_what_is_asked_for_and_not_there_is_one_sentence(tmp_path: Path, pristine: Path) -> None:
    saved(tmp_path / "one", new_translator())
    read = read_checkpoint(tmp_path / "one")
    assert read.load_discriminator("cpu") is None
    with pytest.raises(CheckpointError, match=r"^one is a translator: .*\.$"):
        read.load_generator("cpu")
    with pytest.raises(CheckpointError, match=r"^gan-mnist is a generator: .*\.$"):
        read_checkpoint(pristine).load_translator("cpu")


@pytest.mark.parametrize(("factor", "kind"), [(1.0, torch.float16), (1e6, torch.float32)], ids=["fits", "overflows"])
def test_half_precision_where_no_pixel_of_an_example_moves(tmp_path: Path, factor: float, kind: torch.dtype) -> None:
    translator = new_translator()
    next(translator.parameters()).data.mul_(factor)
    images = torch.rand(8, 3, 4, 4) * 2 - 1
    assert saved(tmp_path / "one", translator, {ENLARGE: images}) == {kind}


def test_single_precision_where_no_examples_tell(tmp_path: Path) -> None:
    assert saved(tmp_path / "one", new_translator()) == {torch.float32}
    assert saved(tmp_path / "two", new_translator(), {}) == {torch.float32}


def test_the_card_says_what_it_turns_into_what(translators: Path) -> None:
    card = (translators / "delta" / "README.md").read_text(encoding="utf-8")
    assert "pipeline_tag: image-to-image" in card
    assert "SRGAN, that turns pictures into pictures, enlarge (7×7 to 28×28)." in card
    assert "images = ganzoo.translate(model, pictures, 'enlarge')  # of float32 [N, 1, 7, 7] in [-1, 1]" in card
    assert re.search(r"\| Translator \| srgan-translator \| [\d,]+ \|", card)
    assert "must not be taken for what was there" in card
    assert "| Discriminator |" not in card
