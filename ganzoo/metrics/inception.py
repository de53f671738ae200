"""The network by whose features the Fréchet distance is called FID, the kernel distance KID, and the score Inception's.

It is Inception v3 as TensorFlow published it in 2015, rebuilt by torch-fidelity, which the extra ``fid`` installs.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor, nn

from ganzoo.data.published import quiet_network, reason
from ganzoo.files import sha256
from ganzoo.metrics.evaluation import Metric, Value, Yardstick, estimated
from ganzoo.metrics.features import MetricError, Seen, collect, sides
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.kernel import kernel_distance
from ganzoo.metrics.score import inception_score

WEIGHTS_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
"""Of the one file whose distances are FID and KID; its name tells the first eight digits."""
FEATURES = 2048
AT_ONCE = 50
"""Pictures in one pass: at 299×299, activations of more would fill the memory of small machines."""
TENSORS_ONLY = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"


@dataclass(frozen=True, eq=False)
class InceptionNetwork:
    """The network, which looks at pictures of any size, and grey ones as RGB."""

    network: nn.Module
    """Scales uint8 ``[B, 3, H, W]`` to 299×299 itself, and gives features ``[B, 2048]`` and logits ``[B, 1008]``."""
    hash: str
    """The sha256 of its weights' file, in hexadecimal."""

    @property
    def name(self) -> str:
        return "Inception v3 of 2015, by torch-fidelity"

    @property
    def image_shape(self) -> None:
        return None

    def look(self, batches: Iterable[Tensor]) -> Seen:
        """What it sees in uint8 pictures ``[B, C, H, W]``, grey or RGB; raises ``MetricError``."""
        device = next(self.network.parameters()).device

        def look(pixels: Tensor) -> tuple[Tensor, Tensor]:
            passes = [self.network(part.to(device).expand(-1, 3, -1, -1)) for part in pixels.split(AT_ONCE)]
            features, logits = map(torch.cat, zip(*passes, strict=True))
            return features, logits

        return collect(look, batches)


def load_inception(weights: Path | None, device: torch.device) -> InceptionNetwork:
    """With its weights from a file, or else from the network, kept where torch-fidelity keeps them.

    Raises ``MetricError``: without torch-fidelity, without the weights, and for any other weights, by which a distance
    would be no FID.
    """
    try:
        from torch_fidelity.feature_extractor_inceptionv3 import URL_INCEPTION_V3, FeatureExtractorInceptionV3
    except ImportError:
        raise MetricError(
            'FID, KID and Inception Score take torch-fidelity, which is not installed: run pip install ".[fid]" in the '
            "checkout of this project."
        ) from None
    file = weights or _downloaded(URL_INCEPTION_V3)
    if (found := _sha256(file)) != WEIGHTS_SHA256:
        raise MetricError(
            f"{file} does not hold the weights that make a distance FID (its sha256 begins with {found[:8]}, not "
            f"{WEIGHTS_SHA256[:8]}): download them anew from {URL_INCEPTION_V3}."
        )
    with _tensors_only():
        network = FeatureExtractorInceptionV3(
            "inception-v3-compat", [str(FEATURES), "logits_unbiased"], feature_extractor_weights_path=str(file)
        )
    # On a CPU it looks at a third more pictures a second with the channels last.
    return InceptionNetwork(network.to(device, memory_format=torch.channels_last), found)


def _downloaded(url: str) -> Path:
    file = Path(torch.hub.get_dir(), "checkpoints", url.rpartition("/")[2])
    if not file.exists():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with quiet_network():
                torch.hub.download_url_to_file(url, str(file), hash_prefix=WEIGHTS_SHA256)
        except (OSError, HTTPException, RuntimeError) as error:
            raise MetricError(
                f"The weights for FID could not be downloaded ({reason(error)}): fetch {url} where there is a network, "
                "and give the file with --fid-weights PATH."
            ) from None
    return file


def _sha256(file: Path) -> str:
    try:
        return sha256(file)
    except OSError as error:
        raise MetricError(f"{file} cannot be read ({reason(error)}): give the file with the weights for FID.") from None


@contextmanager
def _tensors_only() -> Iterator[None]:
    """Let torch read tensors and nothing else: torch-fidelity would have it unpickle whatever there is."""
    before = os.environ.get(TENSORS_ONLY)
    os.environ[TENSORS_ONLY] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[TENSORS_ONLY]
        else:
            os.environ[TENSORS_ONLY] = before


class InceptionYardstick(Yardstick):
    """By that network: the numbers that papers tell."""

    metrics: ClassVar[Mapping[str, Metric]] = {
        "frechet-inception-distance": Metric("lower"),
        "kernel-inception-distance": Metric("lower"),
        "inception-score": Metric("higher"),
    }

    def resize(self, drawn_shape: tuple[int, int, int]) -> str:
        return f"{sides(drawn_shape)} to 3×299×299 by the network, bilinear as in TensorFlow 1"

    def compare(self, samples: Seen, real: Seen) -> dict[str, Value]:
        return {
            "frechet-inception-distance": Value(frechet_distance(samples.features, real.features)),
            "kernel-inception-distance": estimated(kernel_distance(samples.features, real.features)),
        }

    def examine(self, samples: Seen) -> dict[str, Value]:
        return {"inception-score": estimated(inception_score(samples.probabilities))}
