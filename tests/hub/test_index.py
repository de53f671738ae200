from threading import Event

import pytest
from huggingface_hub import constants
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ganzoo.hub import index
from ganzoo.hub.client import HubError, UnreachableError
from ganzoo.hub.index import MOST, Index, find
from tests.hub.server import LoopbackHub

OURS = {"README.md": b"---\ntags: [ganzoo]\n---\n"}


@pytest.fixture
def stocked(hub: LoopbackHub) -> LoopbackHub:
    hub.put("alice/one", OURS)
    hub.put("bob/two", OURS)
    hub.put("bob/diffusion", {"README.md": b"---\ntags: [diffusers]\n---\n"})
    hub.put("alice/secret", OURS, private=True)
    return hub


def test_what_carries_the_tag_is_found_and_nothing_else(stocked: LoopbackHub) -> None:
    assert find() == ["alice/one", "bob/two"]
    assert find(["bob"]) == ["bob/two"]
    assert find(["bob", "nobody", "alice"]) == ["bob/two", "alice/one"]


def test_nobody_s_models_are_not_asked_for(stocked: LoopbackHub) -> None:
    assert find([]) == []
    assert stocked.asked == []


def test_what_only_a_token_shows_is_not_listed(stocked: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")
    assert find(["alice"]) == ["alice/one"]
    assert [asked.authorization for asked in stocked.asked] == [""]


def test_a_list_has_a_bound_and_holds_names_only(hub: LoopbackHub) -> None:
    names: list[object] = [f"mallory/{number}" for number in range(2 * MOST)]
    names[1:1] = [
        "<img src=x onerror=alert(1)>",
        "mallory/<b>",
        "../../etc",
        "mallory/a\x1b[2J",
        "noowner",
        "mallory/0",
    ]
    hub.plan("GET /api/models", lambda *_: JSONResponse([{"id": name, "private": False} for name in names]), times=9)
    assert find(["mallory"] * 9) == [f"mallory/{number}" for number in range(MOST)]


@pytest.mark.parametrize(
    "answer",
    [
        "<html>Log in to the hotel",
        '"a text"',
        "3",
        "[1]",
        '{"error": 1}',
        '[{"name": "a/b"}]',
        '[{"id": 3}]',
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(hub: LoopbackHub, answer: str) -> None:
    def hotel(request: Request, response: Response) -> Response:
        return PlainTextResponse(answer)

    hub.plan("GET /api/models", hotel)
    with pytest.raises(HubError, match="about models tagged ganzoo is not the Hub"):
        find()


def test_an_index_asks_when_told_to_and_not_soon_again(stocked: LoopbackHub) -> None:
    known = Index(["alice"])
    assert known.names == []
    for _ in range(3):
        known.refresh()
        known.wait()
    assert known.names == ["alice/one"]
    assert known.complaint is None
    assert len(stocked.asked) == 1


def test_nobody_waits_for_a_hub_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Event()

    def slow(*_: object, **__: object) -> list[str]:
        answered.wait()
        return ["alice/one"]

    monkeypatch.setattr(index, "find", slow)
    known = Index()
    known.refresh()
    known.refresh()
    assert known.names == []
    answered.set()
    known.wait()
    assert known.names == ["alice/one"]


def test_without_an_answer_the_last_one_stays_and_the_reason_is_told(
    stocked: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "FRESH", 0.0)
    monkeypatch.setattr(index, "AGAIN", 0.0)
    known = Index(["alice"])
    known.refresh()
    known.wait()
    stocked.refuse("GET /api/models", 500, times=1)
    known.refresh()
    known.wait()
    assert known.names == ["alice/one"]
    assert known.complaint is not None
    assert known.complaint.startswith("The Hub has trouble of its own (500) with the models of alice")
    known.refresh()
    known.wait()
    assert known.complaint is None


def test_offline_nothing_is_asked(stocked: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UnreachableError, match="HF_HUB_OFFLINE keeps the Hub out of reach"):
        find()
    assert stocked.asked == []


def test_where_nobody_answers_the_index_says_so_and_the_console_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    known = Index()
    known.refresh()
    known.wait()
    assert known.names == []
    assert known.complaint is not None
    assert "cannot be reached for models tagged ganzoo" in known.complaint
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""
