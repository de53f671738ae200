"""Write real.safetensors anew, where a second classifier is another: ``python -m tests.metrics.second.look``.

It takes MNIST and Fashion-MNIST, which lie under GANZOO_DATA or are downloaded.
"""

from pathlib import Path

from safetensors.torch import load_file, save_file

from ganzoo.data import DATA_ROOT
from ganzoo.metrics import Seen
from ganzoo.metrics.classifiers import Judge, load_classifier
from ganzoo.metrics.evaluation import ClassifierYardstick

HERE = Path(__file__).parent
REAL = HERE / "real.safetensors"
DATASETS = ("mnist", "fashion-mnist")
COUNT = 1_000


def second(dataset: str) -> Judge:
    """The second classifier of a data set."""
    return load_classifier(HERE / f"{dataset}.safetensors")


def real(judge: Judge) -> Seen:
    """What it saw in ``COUNT`` real pictures."""
    seen = load_file(REAL)
    assert judge.hash in seen, "run python -m tests.metrics.second.look"
    features = seen[judge.hash]
    return Seen(features.double(), judge.classifier.head(features.float()).double().softmax(1))


def main() -> None:
    """Show them the training images that an evaluation of as many samples takes."""
    seen = {}
    for dataset in DATASETS:
        judge = second(dataset)
        yardstick = ClassifierYardstick.of(dataset, judge, DATA_ROOT, count=COUNT)
        seen[judge.hash] = yardstick.training.features.half()
    save_file(seen, REAL)


if __name__ == "__main__":
    main()
