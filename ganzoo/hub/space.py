"""The Space: a folder made all that one holds."""

from pathlib import Path

from ganzoo.hub.client import HubError, address, asking, checked_repo_id, in_one_piece, open_account
from ganzoo.hub.commits import commit, file_names

KEPT = ".gitattributes"
"""The Hub's own: it says which files the Hub keeps elsewhere, and without it they would arrive as pointers."""
FRESH = {KEPT, "README.md"}
"""What a Space holds at most that nothing was put into yet."""
SIGN = "ganzoo/__init__.py"
"""By which a Space is known to be of this project."""


def space_files(folder: Path) -> dict[str, Path]:
    """What of ``folder`` a Space is given, by its name there."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if name != KEPT}


def deploy(folder: Path, space: str, *, message: str, private: bool = False) -> str:
    """Make ``folder`` all that a Space holds, in one commit; its address. It is created where there is none.

    Raises ``HubError``; the Space then holds what it held.
    """
    place = f"spaces/{checked_repo_id(space)}"
    files, hub = space_files(folder), open_account(place)
    with asking(place):
        hub.create_repo(space, repo_type="space", space_sdk="gradio", private=private or None, exist_ok=True)
        found = hub.space_info(space)
    held = file_names(found)
    if not held <= FRESH and SIGN not in held:
        raise HubError(f"{place} holds something else than ganzoo: give another name, or empty it first.")
    if private and not found.private:
        raise HubError(f"{place} is public already: make it private in its settings, and deploy again.")
    with in_one_piece(place):  # between two commits the Space would start from half of the files
        commit(hub, found, add=files, delete=held - files.keys() - {KEPT}, message=message)
    return address(place)
