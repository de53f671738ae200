from threading import Event

import pytest

from ganzoo.hub import index
from ganzoo.hub.index import Index
from ganzoo.ui.opening import offer


def test_nobody_waits_for_a_hub_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Event()

    def slow(*_: object) -> list[str]:
        late.wait(5.0)  # or a page that waits would never end
        return ["alice/cats"]

    monkeypatch.setattr(index, "find", slow)
    known = Index()
    known.refresh()
    assert offer(known).props["names"] == []
    late.set()
    known.wait()
    assert offer(known).props["names"] == ["alice/cats"]
    assert offer(known).props["remark"] == "The field lists the one that was found."
