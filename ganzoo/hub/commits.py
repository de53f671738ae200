"""What a repository holds, and one commit that changes it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, ModelInfo, SpaceInfo


def file_names(there: ModelInfo | SpaceInfo) -> set[str]:
    """Of all files that a repository holds."""
    return {file.rfilename for file in there.siblings or ()}


def commit(
    hub: HfApi,
    there: ModelInfo | SpaceInfo,
    *,
    add: Mapping[str, bytes | Path],
    delete: Iterable[str],
    message: str,
    revision: str | None = None,
) -> None:
    """Add and delete files at once, on top of the commit that is ``there`` and of no other.

    Not by ``upload_folder``, which may make several commits. Raises what the client raises.
    """
    hub.create_commit(
        there.id,
        [*(CommitOperationAdd(name, data) for name, data in add.items()), *map(CommitOperationDelete, delete)],
        commit_message=message,
        repo_type="space" if isinstance(there, SpaceInfo) else "model",
        revision=revision,
        parent_commit=there.sha,
    )
