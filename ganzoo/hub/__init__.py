"""The Hugging Face Hub: publish checkpoints, find what others published, and open it with suspicion."""

from ganzoo.hub.client import HubError, UnreachableError
from ganzoo.hub.fetching import fetch, is_repo_id

__all__ = ["HubError", "UnreachableError", "fetch", "is_repo_id"]
