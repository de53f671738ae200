"""The Space: a folder made all that one holds."""

from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete

from ganzoo.hub.client import HubError, address, asking, checked_repo_id, in_one_piece, open_account

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
    held = {file.rfilename for file in found.siblings or ()}
    if not held <= FRESH and SIGN not in held:
        raise HubError(f"{place} holds something else than ganzoo: give another name, or empty it first.")
    if private and not found.private:
        raise HubError(f"{place} is public already: make it private in its settings, and deploy again.")
    with in_one_piece(place):  # upload_folder would make several commits, and between two of them no page would start
        hub.create_commit(
            space,
            [
                *(CommitOperationAdd(name, file) for name, file in files.items()),
                *(CommitOperationDelete(name) for name in held - files.keys() - {KEPT}),
            ],
            commit_message=message,
            repo_type="space",
            parent_commit=found.sha,
        )
    return address(place)
