"""``python -m train.deploy --space OWNER/NAME``: make a Space what is committed here, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import tyro

from ganzoo.hub.client import HubError, checked_repo_id, quieten
from ganzoo.hub.space import deploy, space_files

ROOT = Path(__file__).resolve().parents[1]
NO_CHECKOUT = "{} is no git checkout: clone the repository, and deploy from the clone."
AS_COMMITTED = ("-c", "core.symlinks=false", "-c", "core.autocrlf=false", "-c", "core.eol=lf")
"""Has git write the bytes that it keeps: line ends as they are, and of a link where it leads, not what lies there."""


class CheckoutError(RuntimeError):
    """There is no clean checkout to deploy. Its text is one sentence for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Where to, and how."""

    space: str
    """The Space, as OWNER/NAME; it is created where there is none."""
    private: bool = False
    """Create it so that only its owner sees it."""
    dry_run: bool = False
    """List the files and their sizes, and ask the Hub nothing."""


@contextmanager
def committed(root: Path) -> Iterator[tuple[str, Path]]:
    """The short hash of the last commit, and a folder of its files, which lasts as long as the block.

    Raises ``CheckoutError`` unless ``root`` is a git checkout whose files are those of the commit; what git does not
    track is passed over.
    """
    if not Path(_git(root, "rev-parse", "--show-toplevel")).samefile(root):
        raise CheckoutError(NO_CHECKOUT.format(root))
    commit = _git(root, "rev-parse", "--short", "HEAD")
    if changed := _git(root, "status", "--porcelain", "--untracked-files=no").splitlines():
        others = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
        raise CheckoutError(
            f"{changed[0].split(maxsplit=1)[1]}{others} changed since the last commit: commit or stash that."
        )
    with TemporaryDirectory() as folder:
        _git(root, *AS_COMMITTED, "checkout-index", "--all", f"--prefix={folder}/")
        yield commit, Path(folder)


def _git(root: Path, *words: str) -> str:
    command, english = ["git", "-C", str(root), *words], {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=english)
    except FileNotFoundError:
        raise CheckoutError("git tells what is to be deployed, and it is not there: install it.") from None
    if done.returncode:
        said = " ".join(done.stderr.split()).removeprefix("fatal: ")
        if said.startswith("not a git repository"):
            raise CheckoutError(NO_CHECKOUT.format(root))
        raise CheckoutError(f"git does not tell what is to be deployed ({said}): mend that and try again.")
    return done.stdout.strip("\n")


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(
        Options,
        args=arguments,
        prog="python -m train.deploy",
        description="Make a Space what the last commit of this checkout holds: in one commit, nothing else.",
    )
    quieten()
    try:
        checked_repo_id(options.space)
        with committed(root) as (commit, folder):
            sizes = {name: file.stat().st_size for name, file in space_files(folder).items()}
            if options.dry_run:
                print("\n".join(f"{size:>12,}  {name}" for name, size in sizes.items()))
            print(f"Commit {commit} to {options.space}: {len(sizes)} files, {sum(sizes.values()):,} bytes.")
            if not options.dry_run:
                print(deploy(folder, options.space, message=f"Deploy {commit}", private=options.private))
        return 0
    except (CheckoutError, HubError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped: the Space holds all of the commit, or nothing of it.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
