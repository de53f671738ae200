"""Where the page is a Space: the ways to one's own copy, and to the source."""

from html import escape

from ganzoo.checkpoints import CheckpointError
from ganzoo.hub.client import address, checked_repo_id


def links(space: str | None) -> str:
    """A line of HTML; empty where ``space`` is no name of a Space, as OWNER/NAME."""
    try:
        place = escape(address(f"spaces/{checked_repo_id(space or '')}"))
    except CheckpointError:
        return ""
    ways = {"Duplicate this Space": f"{place}?duplicate=true", "Source": f"{place}/tree/main"}
    links = (f'<a href="{url}" target="_blank" rel="noopener">{name}</a>' for name, url in ways.items())
    return f'<p class="gz-ways">{" · ".join(links)}</p>'
