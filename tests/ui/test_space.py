import pytest

from ganzoo.ui.space import links


def test_a_space_has_links_to_its_copy_and_its_source() -> None:
    line = links("alice/gan-zoo")
    assert line.count('target="_blank" rel="noopener"') == 2
    assert "/spaces/alice/gan-zoo?duplicate=true" in line
    assert "/spaces/alice/gan-zoo/tree/main" in line


@pytest.mark.parametrize("name", [None, "", "alice", "a/b/c", 'alice/"><script>', "../x", "alice/x?y=1#z"])
def test_elsewhere_there_are_none(name: str | None) -> None:
    assert links(name) == ""
