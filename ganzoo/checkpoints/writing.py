"""From networks to a folder, which appears whole or not at all."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TypeVar

import torch
from pydantic import JsonValue
from torch import Tensor

from ganzoo.checkpoints.card import CARD_FILE, card
from ganzoo.checkpoints.config import CheckpointConfig, CheckpointError
from ganzoo.checkpoints.reading import (
    CONFIG_FILE,
    MODEL_FILE,
    WEIGHT_FILES,
    Checkpoint,
    checkpoint_name,
    file_inside,
    read_description,
)
from ganzoo.checkpoints.scores import MAX_SCORES, SCORES_FILE, Score, dump_scores, parse_scores, read_scores
from ganzoo.checkpoints.weights import weight_bytes
from ganzoo.device import full_precision
from ganzoo.files import sha256, sync_folder, written_whole
from ganzoo.generator import Discriminator, Generator, Network, Translator
from ganzoo.latents import Inputs, inputs
from ganzoo.zoo import ARCHITECTURES

PROBE_SEEDS = range(256)
PROBE_BATCH = 64
PIXEL_STEP = 2 / 255
"""1/255 of the range from black to white, which is [-1, 1] here."""
LOGIT_SHARE = 0.01
N = TypeVar("N", bound=Network)


def save_checkpoint(
    folder: Path,
    *,
    networks: Mapping[str, Network],
    recipe: Mapping[str, JsonValue],
    training: Mapping[str, JsonValue],
    exhibit: str | None = None,
    attachments: Mapping[str, bytes] | None = None,
    examples: Mapping[str, Tensor] | None = None,
) -> None:
    """Write ``networks`` with their card into ``folder``: a ``translator``, or a ``generator`` and perhaps its
    ``discriminator``.

    A generator is stored as float16 where that moves no pixel of the images of seeds 0-255 by more than 1/255, a
    translator where it moves none so of what becomes of ``examples``, images in [-1, 1] by direction, a discriminator
    where its logits of the generator's images move by less than 1 % of their standard deviation; else as float32.
    ``attachments`` are further files, by name. A checkpoint that lay there before is replaced once this is whole.
    Raises ``CheckpointError`` if weights are not finite, or the folder cannot be written; ``ValueError`` for a network
    that the zoo does not know.
    """
    config = CheckpointConfig.model_validate(
        {
            "format": 1,
            "networks": {role: _description(network) for role, network in networks.items()},
            "recipe": dict(recipe),
            "training": dict(training),
            "exhibit": exhibit,
        }
    )
    description = config.model_dump(mode="json", exclude_unset=True)
    attached = dict(attachments or {})
    scores = parse_scores(attached[SCORES_FILE], folder / SCORES_FILE) if SCORES_FILE in attached else []
    files = {
        **attached,
        CONFIG_FILE: (json.dumps(description, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode(),
        CARD_FILE: card(config, name=checkpoint_name(folder), networks=networks, scores=scores).encode(),
        **{WEIGHT_FILES[role]: data for role, data in _weights(networks, examples or {}, folder).items()},
    }
    _write_whole(folder.resolve(), files)


def add_scores(checkpoint: Checkpoint, scores: Sequence[Score]) -> None:
    """Put scores into a checkpoint and its card, instead of those of the same protocols and of other weights.

    There is room for ``MAX_SCORES``, and the oldest go first.
    Raises ``CheckpointError`` where what lies there cannot be read, or the folder not be written.
    """
    folder, measured = checkpoint.folder, [score.protocol for score in scores]
    kept = [score for score in of_its_weights(folder, read_scores(folder)) if score.protocol not in measured]
    config, networks = read_description(folder)
    content = dump_scores([*scores, *kept][:MAX_SCORES])
    written = parse_scores(content, folder / SCORES_FILE)
    try:
        with written_whole(folder / SCORES_FILE) as path:
            path.write_bytes(content)
        with written_whole(folder / CARD_FILE) as path:
            text = card(config, name=checkpoint.name, networks=networks, scores=written)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CheckpointError(
            f"The scores could not be written into {folder} ({error.strerror}); make room and measure again."
        ) from None


def weights_hash(folder: Path) -> str:
    """The sha256 of the published model's file, in hexadecimal: which weights a score is of."""
    return sha256(file_inside(folder, MODEL_FILE))


def of_its_weights(folder: Path, scores: Sequence[Score]) -> list[Score]:
    """Those of the scores that were measured with the weights that lie in a checkpoint's folder now."""
    weights = weights_hash(folder)
    return [score for score in scores if score.passport.get("weights_sha256") == weights]


def _description(network: Network) -> dict[str, JsonValue]:
    names = {architecture: name for name, architecture in ARCHITECTURES.items()}
    if type(network) not in names:
        raise ValueError(
            f"{type(network).__name__} is not in ganzoo.zoo.ARCHITECTURES, so it could not be loaded again"
        )
    return {"architecture": names[type(network)], "config": network.config.model_dump(mode="json")}


def _weights(networks: Mapping[str, Network], examples: Mapping[str, Tensor], folder: Path) -> dict[str, bytes]:
    """For each role, a safetensors file."""
    for role, network in networks.items():
        for name, tensor in network.state_dict().items():
            if not tensor.isfinite().all():
                raise CheckpointError(
                    f"The {role}'s {name} holds values that are not finite, so {folder} was not written; "
                    "train with a smaller learning rate or another seed."
                )
    halved: dict[str, bool] = {}
    generator, translator, discriminator = (networks.get(role) for role in WEIGHT_FILES)
    if isinstance(translator, Translator):
        halved["translator"] = _translates_the_same(translator, examples)
    if isinstance(generator, Generator):
        halved["generator"] = _draws_the_same(generator)
        if isinstance(discriminator, Discriminator):
            halved["discriminator"] = _judges_the_same(discriminator, generator)
    return {role: weight_bytes(network, half=halved[role]) for role, network in networks.items()}


def _draws_the_same(generator: Generator) -> bool:
    whole, rounded = _copies(generator)
    with torch.inference_mode(), full_precision():
        return all(bool(((whole(*it) - rounded(*it)).abs() <= PIXEL_STEP).all()) for it in _probe(generator))


def _translates_the_same(translator: Translator, examples: Mapping[str, Tensor]) -> bool:
    """As far as is known: without examples of every direction it does not."""
    if set(examples) != set(translator.directions):
        return False
    whole, rounded = _copies(translator)
    device = next(translator.parameters()).device
    with torch.inference_mode(), full_precision():
        pairs = [(whole(shown.to(device), way), rounded(shown.to(device), way)) for way, shown in examples.items()]
        return all(bool(((one - other).abs() <= PIXEL_STEP).all()) for one, other in pairs)


def _judges_the_same(discriminator: Discriminator, generator: Generator) -> bool:
    whole, rounded = _copies(discriminator)
    drawing = deepcopy(generator).eval()
    with torch.inference_mode(), full_precision():
        shown = [(drawing(*it), it.y) for it in _probe(generator)]
        pairs = [(whole(images, y), rounded(images, y)) for images, y in shown]
    logits, moved = (torch.cat(parts) for parts in zip(*pairs, strict=True))
    return bool(((logits - moved).abs() < LOGIT_SHARE * logits.std()).all())


def _probe(generator: Generator) -> Iterator[Inputs]:
    device = next(generator.parameters()).device
    for start in range(0, len(PROBE_SEEDS), PROBE_BATCH):
        seeds = PROBE_SEEDS[start : start + PROBE_BATCH]
        z, y, noise = inputs(seeds, generator.z_dim, generator.num_classes, generator.noise_dim)
        yield Inputs(z.to(device), None if y is None else y.to(device), noise.to(device))


def _copies(network: N) -> tuple[N, N]:
    """The network in evaluation mode, and the same rounded to float16."""
    whole = deepcopy(network).eval()
    rounded = deepcopy(whole)
    with torch.no_grad():
        for tensor in rounded.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half())
    return whole, rounded


def _write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` beside ``folder``, then swap."""
    # Fixed names, so that what a killed process left is cleared by the next one.
    partial = folder.with_name(f".{folder.name}.partial")
    replaced = folder.with_name(f".{folder.name}.replaced")
    try:
        if folder.exists() and not (folder / CONFIG_FILE).is_file() and any(folder.iterdir()):
            raise CheckpointError(f"{folder} holds other things than a checkpoint; choose a folder of its own.")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, data in files.items():
            with (partial / name).open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        sync_folder(partial)
        shutil.rmtree(replaced, ignore_errors=True)
        if folder.exists():
            folder.rename(replaced)
        partial.rename(folder)
        sync_folder(folder.parent)
        shutil.rmtree(replaced, ignore_errors=True)
    except OSError as error:
        if replaced.exists() and not folder.exists():
            replaced.rename(folder)
        raise CheckpointError(
            f"{folder} could not be written ({error.strerror}); make room or choose another place and save again."
        ) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
