"""``python -m train.publish CHECKPOINT…``: put checkpoints on the Hugging Face Hub, each into its own repository."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from ganzoo.checkpoints import CheckpointError, checkpoint_name, find_checkpoints
from ganzoo.checkpoints.card import LICENCE
from ganzoo.hub.client import UnreachableError, address, open_account, quieten
from ganzoo.hub.publishing import Parcel, collect, pack, publish

ZOO = Path(__file__).resolve().parents[1] / "checkpoints"


@dataclass(frozen=True)
class PublishOptions:
    """Put checkpoints on the Hugging Face Hub, each with its card, in one commit."""

    checkpoints: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Checkpoint folders, or run folders, whose checkpoint is meant then."""
    repo: str | None = None
    """OWNER/NAME to publish one checkpoint as."""
    owner: str | None = None
    """Publish each checkpoint as OWNER/<its name>."""
    all: bool = False
    """Publish the whole zoo: every checkpoint in checkpoints/."""
    private: bool = False
    """Make new repositories private."""
    revision: str | None = None
    """Publish on this branch, which is made if it is missing."""
    license: str = LICENCE
    """The licence that you give the models, by the Hub's name for it, such as mit or cc-by-4.0: the card says it."""
    collection: str | None = None
    """Put what is published into the owner's collection of this title, which is made if it is missing."""
    dry_run: bool = False
    """Show each card, and the files with their sizes; ask the Hub nothing."""


def targets(options: PublishOptions) -> list[tuple[Path, str]]:
    """Each checkpoint folder with the repository that it is to go to; raises ``CheckpointError``."""
    folders = find_checkpoints([ZOO]) if options.all else [_checkpoint(path) for path in options.checkpoints]
    if options.all and options.checkpoints:
        raise CheckpointError("--all publishes the whole zoo: leave it out, or the checkpoints.")
    if not folders:
        raise CheckpointError(f"There is nothing in {ZOO}." if options.all else "Name a checkpoint, or give --all.")
    if (options.repo is None) == (options.owner is None):
        raise CheckpointError("Give either --repo OWNER/NAME or --owner OWNER, under whom each keeps its own name.")
    if options.repo is not None:
        if len(folders) > 1:
            raise CheckpointError("--repo takes one checkpoint: give --owner OWNER, and each keeps its own name.")
        return [(folders[0], options.repo)]
    names = [checkpoint_name(folder) for folder in folders]
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise CheckpointError(f"{count} checkpoints are called {name}: publish each with a --repo of its own.")
    return [(folder, f"{options.owner}/{name}") for folder, name in zip(folders, names, strict=True)]


def _checkpoint(path: Path) -> Path:
    """The checkpoint of a run folder, or the folder itself."""
    inner = path / "checkpoint"
    return inner if inner.is_dir() else path


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(PublishOptions, args=arguments, prog="python -m train.publish")
    quieten()
    try:
        return perform(options)
    except CheckpointError as error:
        return _told(error)
    except KeyboardInterrupt:
        print("Stopped. Nothing is half published: run it again.", file=sys.stderr)
        return 130


def perform(options: PublishOptions) -> int:
    """Publish, or show what would be published; returns the exit status.

    A checkpoint that cannot be published is told of and passed over. Raises ``CheckpointError`` where none can be.
    """
    status = 0
    parcels = []
    for folder, repo in targets(options):
        try:
            parcels.append(pack(folder, repo, options.revision, licence=options.license))
        except CheckpointError as error:
            status = _told(error)
    if options.dry_run:
        print("\n\n".join(map(described, parcels)))
        return status
    if not parcels:
        return status
    owner = parcels[0].repo.partition("/")[0]
    hub = open_account(owner)
    published = []
    for parcel in parcels:
        try:
            print(publish(hub, parcel, private=options.private))
            published.append(parcel.repo)
        except UnreachableError:
            raise
        except CheckpointError as error:
            status = _told(error)
    if options.collection and published:
        print(collect(hub, published, title=options.collection, owner=owner))
    return status


def described(parcel: Parcel) -> str:
    """A card, and the files beside it with their sizes in bytes."""
    files = "\n".join(f"{size:>14,}  {name}" for name, size in sorted(parcel.sizes.items()))
    return f"{parcel.card}\nTo {address(parcel.repo)}, in bytes:\n\n{files}"


def _told(error: CheckpointError) -> int:
    print(f"error: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
