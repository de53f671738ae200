"""Training a classifier on a set of images with classes."""

import math
from collections.abc import Callable, Iterator
from itertools import islice

import torch
from torch import Tensor
from torch.nn import functional as F

from ganzoo.data import ImageSet, index_stream, to_float
from ganzoo.metrics.features import extract_features
from ganzoo.nn.classifier import Classifier

BATCH_SIZE = 128
PEAK_RATE, MOMENTUM, WEIGHT_DECAY, SMOOTHING = 0.1, 0.9, 5e-4, 0.1
WARM_UP = 0.2
"""Share of the steps in which the rate rises; after them it falls to zero."""
CALIBRATING = 10_000
TEMPERATURES = [step / 50 for step in range(5, 100)]


def fit(
    classifier: Classifier,
    images: ImageSet,
    *,
    epochs: int,
    shift: int,
    mirrored: bool,
    seed: int,
    precision: torch.dtype = torch.float32,
    report: Callable[[float], object] = lambda loss: None,
) -> None:
    """Minimise the cross-entropy by stochastic gradient descent with one cycle of rates (Smith & Topin 2018).

    Pictures are moved by up to ``shift`` pixels either way and, where ``mirrored``, turned over at random. ``report``
    is told the loss after each step. In the end the classifier is calibrated. The set must have labels.
    """
    assert images.labels is not None
    device = next(classifier.parameters()).device
    steps = epochs * math.ceil(len(images) / BATCH_SIZE)
    optimizer = torch.optim.SGD(classifier.parameters(), PEAK_RATE, MOMENTUM, nesterov=True, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, steps, pct_start=WARM_UP, cycle_momentum=False, anneal_strategy="linear"
    )
    random = torch.Generator().manual_seed(seed)

    def order() -> Iterator[Tensor]:
        return islice(index_stream(len(images), BATCH_SIZE, seed), steps)

    classifier.train()
    for index, pixels in zip(order(), images.batches(order(), device), strict=True):
        pictures = to_float(moved(pixels, shift, mirrored=mirrored, random=random))
        with torch.autocast(device.type, precision, enabled=precision != torch.float32):
            logits = classifier(pictures)
        loss = F.cross_entropy(logits.float(), images.labels[index].to(device), label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        report(loss.item())
    classifier.eval()
    calibrate(classifier, images, shift=shift, mirrored=mirrored, seed=seed)


def calibrate(classifier: Classifier, images: ImageSet, *, shift: int, mirrored: bool, seed: int) -> None:
    """Scale the logits so that probabilities are about how often they are right (Guo et al. 2017, temperature).

    Smoothed labels leave a classifier too modest to be sure of anything. The temperature with the least cross-entropy
    is sought on ``CALIBRATING`` of the training images, moved as in training, for they are new to it then, nearly.
    """
    assert images.labels is not None
    random = torch.Generator().manual_seed(seed)
    index = torch.randperm(len(images), generator=random)[:CALIBRATING]
    batches = images.batches(iter(index.split(BATCH_SIZE)), torch.device("cpu"))
    seen = extract_features(classifier, (moved(pixels, shift, mirrored=mirrored, random=random) for pixels in batches))
    logits, classes = seen.probabilities.log(), images.labels[index].cpu()
    temperature = min(TEMPERATURES, key=lambda temperature: float(F.cross_entropy(logits / temperature, classes)))
    with torch.no_grad():
        for parameter in classifier.head.parameters():
            parameter.div_(temperature)


def moved(pixels: Tensor, shift: int, *, mirrored: bool, random: torch.Generator) -> Tensor:
    """uint8 ``[N, C, H, W]``, each image moved by up to ``shift`` pixels, black where nothing was, and maybe turned."""
    count, _, height, width = pixels.shape
    frame = F.pad(pixels, (shift,) * 4)
    down, right = torch.randint(0, 2 * shift + 1, (2, count, 1), generator=random)
    rows, columns = torch.arange(height) + down, torch.arange(width) + right
    if mirrored:
        turned = torch.rand(count, generator=random) < 0.5
        columns = torch.where(turned[:, None], columns.flip(1), columns)
    where = torch.arange(count)[:, None, None], slice(None), rows[:, :, None], columns[:, None, :]
    return frame[where].permute(0, 3, 1, 2)


def accuracy(classifier: Classifier, images: ImageSet) -> float:
    """The share of images whose class is told right, in whole precision."""
    assert images.labels is not None
    order = torch.arange(len(images)).split(BATCH_SIZE)
    seen = extract_features(classifier, images.batches(iter(order), torch.device("cpu")))
    return float((seen.probabilities.argmax(1) == images.labels).double().mean())
