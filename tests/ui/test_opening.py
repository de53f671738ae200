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


def test_of_a_hub_that_does_not_answer_only_that_is_told_and_what_it_listed_before_stays() -> None:
    known = Index()
    assert offer(known).props["remark"] is None  # nobody knows yet
    known.complaint = "The Hub at huggingface.co cannot be reached."
    assert offer(known).props["remark"] == "The Hub is out of reach just now, so its models are not listed."
    known.names = ["alice/cats"]
    assert offer(known).props["remark"] == "The field lists the one that was found."
