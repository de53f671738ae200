"""Opening what others published, over real HTTP: what goes well, each refusal and each fault."""

import json
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from starlette.responses import Response

import ganzoo
from ganzoo.checkpoints import CheckpointError, reading
from ganzoo.hub import HubError, UnreachableError, fetch, fetching
from ganzoo.hub.cache import Cache
from ganzoo.hub.fetching import Transfer
from tests.hub.server import LoopbackHub

Files = Mapping[str, bytes]
RESOLVED = r"GET /alice/m/resolve/[0-9a-f]{40}/"
INFO = "GET /api/models/alice/m/revision/"


@pytest.fixture
def hub(hub: LoopbackHub, files: Files) -> LoopbackHub:
    """With one model on it."""
    hub.put("alice/m", files)
    return hub


def sentence(repo: str = "alice/m", *, kind: type[CheckpointError] = CheckpointError, **options: Any) -> str:
    """What the refusal says, once it was seen to be one sentence that tells no path."""
    with pytest.raises(kind) as refused:
        fetch(repo, **options)
    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert "/kept" not in said
    return said


def paths(hub: LoopbackHub) -> list[str]:
    return [asked.path.rpartition("/")[2] for asked in hub.asked]


def with_config(files: Files, **changes: object) -> Files:
    return {**files, "config.json": json.dumps({**json.loads(files["config.json"]), **changes}).encode()}


def test_what_is_opened_draws_what_was_published(hub: LoopbackHub, zoo: Path) -> None:
    opened, local = ganzoo.load("alice/m", device="cpu"), ganzoo.load(zoo / "alpha", device="cpu")
    assert torch.equal(ganzoo.sample(opened, range(4)), ganzoo.sample(local, range(4)))


def test_description_and_headers_come_before_weights(hub: LoopbackHub) -> None:
    fetch("alice/m")
    assert paths(hub) == [
        "main",
        "config.json",
        *("model.safetensors", "discriminator.safetensors"),
        *("model.safetensors", "discriminator.safetensors", "history.jsonl"),
    ]
    assert [asked.range != "" for asked in hub.asked] == [False, False, True, True, False, False, False]


def test_what_is_kept_is_not_fetched_again(hub: LoopbackHub, kept: Path) -> None:
    first = fetch("alice/m")
    hub.asked.clear()
    assert fetch("alice/m").folder == first.folder
    assert paths(hub) == ["main"]
    hub.asked.clear()
    assert fetch("alice/m", first.folder.name).folder == first.folder
    assert hub.asked == []
    assert {path.name for path in first.folder.iterdir()} == {
        *("config.json", "model.safetensors", "discriminator.safetensors", "history.jsonl")
    }
    assert list(kept.glob(".partial-*")) == []


def test_a_branch_is_followed(hub: LoopbackHub, files: Files) -> None:
    first = fetch("alice/m")
    hub.put("alice/m", with_config(files, exhibit="another"))
    assert fetch("alice/m").config.exhibit == "another"
    assert fetch("alice/m", first.folder.name).config.exhibit is None


def test_a_revision_is_a_branch_or_a_commit(hub: LoopbackHub, files: Files) -> None:
    commit = hub.put("alice/m", with_config(files, exhibit="early"), branch="early/one")
    assert fetch("alice/m", "early/one").config.exhibit == "early"
    assert fetch("alice/m", commit).config.exhibit == "early"
    assert fetch("alice/m").config.exhibit is None
    assert ganzoo.load("alice/m", revision="early/one").image_shape == (1, 28, 28)


def test_a_folder_of_that_name_comes_first(
    hub: LoopbackHub, zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(zoo.parent)
    assert ganzoo.load(f"{zoo.name}/alpha").image_shape == (1, 28, 28)
    assert hub.asked == []


@pytest.mark.parametrize("name", ["m", "a/b/c", "alice/../m", "alice/m.git", "", "https://x/y", "alice/m\n", "ålice/m"])
def test_other_names_are_refused_unasked(hub: LoopbackHub, name: str) -> None:
    assert "OWNER/NAME" in sentence(name)
    assert hub.asked == []


@pytest.mark.parametrize("revision", ["..", "a/../b", "-x", "a b", "x" * 300, "é\n", "a?b", "/etc"])
def test_other_revisions_are_refused_unasked(hub: LoopbackHub, revision: str) -> None:
    assert "no name of a revision" in sentence(revision=revision)
    assert hub.asked == []


# Who may see what.


def test_what_is_not_there_is_told_apart_from_what_is_not_for_all(hub: LoopbackHub, files: Files) -> None:
    assert "shows no alice/none" in sentence("alice/none", kind=HubError)
    assert "no such revision" in sentence(revision="nowhere", kind=HubError)
    hub.put("alice/secret", files, private=True)
    assert "if it is private" in sentence("alice/secret", kind=HubError)
    hub.put("alice/gated", files, gated=True)
    assert "ask for it at" in sentence("alice/gated", kind=HubError)
    assert "cannot be had here" in sentence("alice/gated", kind=HubError, anonymously=True)


def test_the_token_opens_what_is_private_unless_it_is_left_out(
    hub: LoopbackHub, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.put("alice/secret", files, private=True)
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")
    assert "what is private cannot be opened here" in sentence("alice/secret", anonymously=True)
    fetch("alice/secret")
    assert "cannot be opened here" in sentence("alice/secret", anonymously=True)
    hub.refuse("GET /api/models/alice/secret", 503)
    sentence("alice/secret", anonymously=True, kind=UnreachableError)
    assert fetch("alice/secret").parameters
    monkeypatch.setenv("HF_TOKEN", "token-of-nobody")
    assert "does not know the token" in sentence()
    monkeypatch.setenv("HF_TOKEN", "hf_ü")
    assert "no token has" in sentence()


def test_a_folder_that_is_not_there_is_told_with_the_hubs_answer(hub: LoopbackHub) -> None:
    with pytest.raises(
        CheckpointError, match="There is no folder checkpoints/typo, so the Hub was asked: The Hub shows"
    ):
        ganzoo.load("checkpoints/typo")


# Without a network.


def test_a_dead_network_is_told_at_once() -> None:
    assert "cannot be reached for alice/m" in sentence(kind=UnreachableError)


def test_a_name_that_nobody_looks_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a network is there, and nothing behind it. Within five seconds, whatever the system's patience."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **options: time.sleep(20))
    began = time.monotonic()
    assert "does not answer about alice/m" in sentence(kind=UnreachableError)
    assert time.monotonic() - began < 5


def test_a_slow_answer_is_given_up(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    hub.drip(INFO, bytes_a_second=10)
    assert "does not answer about alice/m" in sentence(kind=UnreachableError)


@pytest.mark.parametrize("trouble", ["offline", "asked too often", "trouble of its own", "not the Hub"])
def test_what_is_kept_serves_where_the_hub_does_not_answer(
    hub: LoopbackHub, trouble: str, offline: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    def begin() -> None:
        match trouble:
            case "offline":
                offline()
            case "asked too often":
                hub.refuse(INFO, 429, Retry_After="30")
            case "trouble of its own":
                hub.refuse(INFO, 503)
            case _:
                hub.plan(INFO, lambda request, response: Response(b"<html>Log in"))

    begin()
    assert {"offline": "HF_HUB_OFFLINE"}.get(trouble, trouble) in sentence(kind=UnreachableError)
    if trouble == "offline":
        return
    first = fetch("alice/m")
    begin()
    assert fetch("alice/m").folder == first.folder
    assert trouble in caplog.text


def test_what_is_kept_serves_offline(hub: LoopbackHub, offline: Callable[[], None]) -> None:
    first = fetch("alice/m")
    offline()
    hub.asked.clear()
    assert fetch("alice/m").folder == first.folder
    assert "HF_HUB_OFFLINE" in sentence("alice/other")
    assert hub.asked == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"")], ids=["gone", "empty"])
def test_what_is_kept_and_no_longer_whole_is_fetched_anew(hub: LoopbackHub, damage: Callable[[Path], object]) -> None:
    first = fetch("alice/m")
    damage(first.folder / "model.safetensors")
    assert fetch("alice/m").folder == first.folder
    damage(first.folder / "config.json")
    assert ganzoo.load("alice/m", revision=first.folder.name).image_shape == (1, 28, 28)


def test_what_others_throw_away_while_it_is_read_is_fetched_anew(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, read = fetch("alice/m"), reading.bounded_bytes

    def too_late(file: Path, limit: int) -> bytes:
        monkeypatch.setattr(reading, "bounded_bytes", read)
        shutil.rmtree(first.folder)
        return read(file, limit)

    monkeypatch.setattr(reading, "bounded_bytes", too_late)
    assert fetch("alice/m").folder == first.folder
    assert first.folder.is_dir()


def test_a_commit_that_was_made_private_is_no_longer_for_all(hub: LoopbackHub, files: Files) -> None:
    commit = fetch("alice/m", anonymously=True).folder.name
    assert fetch("alice/m", commit, anonymously=True)
    hub.repos["model", "alice/m"].private = True
    assert "cannot be opened here" in sentence(revision=commit, anonymously=True)


def test_many_at_once_with_room_for_less_than_all_get_theirs(
    hub: LoopbackHub, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 5 * sum(map(len, files.values()))
    monkeypatch.setattr(fetching, "Cache", lambda folder: Cache(folder, limit=room))
    names = [f"alice/m{number}" for number in range(6)]
    for name in names:
        hub.put(name, files)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(fetch, names * 6))


# Faults on the way.


@pytest.mark.parametrize(
    "answer",
    [
        b'{"sha": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[1, 2]",
        b"null",
        b'{"sha": 5, "siblings": []}',
        b'{"siblings": 3, "sha": "x"}',
        b"{",
    ],
)
def test_an_answer_that_is_none_is_one_sentence(hub: LoopbackHub, answer: bytes) -> None:
    hub.plan(INFO, lambda request, response: Response(answer))
    sentence(kind=HubError)


@pytest.mark.parametrize(
    "card", [b'{"self": 1}', b'{"ignore_metadata_errors": true}', b'{"model-index": [[[3]]]}', b"[3]"]
)
def test_what_a_card_says_opens_or_shuts_nothing(hub: LoopbackHub, card: bytes) -> None:
    hub.plan(INFO, lambda request, response: Response(bytes(response.body)[:-1] + b', "cardData": ' + card + b"}"))
    assert fetch("alice/m")


def test_rate_limits_are_told_with_the_time_to_wait(hub: LoopbackHub) -> None:
    hub.refuse(INFO, 429, Retry_After="30")
    assert "wants 30 seconds to pass" in sentence(kind=UnreachableError)
    hub.refuse(INFO, 429, ratelimit='"api";r=0;t=55')
    assert "wants 55 seconds to pass" in sentence(kind=UnreachableError)
    hub.refuse(INFO, 429)
    assert "wants a while to pass" in sentence(kind=UnreachableError)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "history.jsonl"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda hub, request: hub.cut(request, times=9), "broke off"),
        (lambda hub, request: hub.corrupt(request, times=9), "arrived damaged"),
        (lambda hub, request: hub.refuse(request, 500, times=9), "trouble of its own (500)"),
        (lambda hub, request: hub.refuse(request, 404, code="EntryNotFound", times=9), "(404)"),
    ],
    ids=["cut", "corrupt", "500", "404"],
)
def test_a_file_that_does_not_arrive_whole_leaves_nothing(
    hub: LoopbackHub, kept: Path, file: str, fault: Callable[[LoopbackHub, str], None], said: str
) -> None:
    fault(hub, f"{RESOLVED}{file}")
    assert said in sentence(kind=HubError)
    assert [path for path in kept.rglob("*") if path.is_file() and path.name != ".lock"] == []
    hub.mend()
    fetch("alice/m")  # and the next try goes well


def test_no_more_is_received_than_was_told(hub: LoopbackHub) -> None:
    hub.lengthen(f"{RESOLVED}history", by=50_000_000)
    assert fetch("alice/m").folder.joinpath("history.jsonl").stat().st_size == len(
        hub.files("alice/m")["history.jsonl"]
    )


def test_a_file_that_drips_is_given_up(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SILENCE", 0.3)
    monkeypatch.setattr(fetching, "SLOWEST", 1e9)
    hub.drip(f"{RESOLVED}history", bytes_a_second=100)
    assert "too slowly" in sentence(kind=UnreachableError)


def test_what_is_on_its_way_can_be_watched_and_stopped(hub: LoopbackHub, kept: Path) -> None:
    transfer = Transfer()
    hub.drip(f"{RESOLVED}model.safetensors", bytes_a_second=20_000, times=2)
    with ThreadPoolExecutor() as pool:
        fetched = pool.submit(fetch, "alice/m", transfer=transfer)
        while not transfer.progress:
            time.sleep(0.01)
        transfer.stopped = True
        with pytest.raises(HubError, match="alice/m was stopped, and nothing of it is kept"):
            fetched.result()
    assert transfer.progress < 1
    assert not list(kept.rglob("*.safetensors"))


def test_another_host_gets_no_token(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large files lie elsewhere; the redirect there must not carry what opens the Hub."""
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")
    hub.send_elsewhere(f"{RESOLVED}model.safetensors", times=2)
    fetch("alice/m")
    there = [asked for asked in hub.asked if asked.host == "localhost"]
    assert [asked.status for asked in there] == [206, 200]
    assert {asked.authorization for asked in there} == {""}
    assert {asked.authorization for asked in hub.asked if asked.host != "localhost"} == {"Bearer token-of-alice"}


def test_a_full_disk_is_one_sentence(hub: LoopbackHub, kept: Path) -> None:
    kept.write_text("a file where the folder should be")
    assert "make room" in sentence()


# What holds no checkpoint of ours.


def test_pickles_are_never_fetched(hub: LoopbackHub, files: Files) -> None:
    hub.put("alice/p", {"config.json": files["config.json"], "pytorch_model.bin": b"\x80\x04"})
    said = sentence("alice/p")
    assert "pytorch_model.bin" in said
    assert "safetensors.torch.save_file" in said
    assert "pytorch_model.bin" not in paths(hub)
    hub.put("alice/bert", {"config.json": b'{"model_type": "bert"}', "pytorch_model.bin": b"PK"})
    hub.asked.clear()
    assert "pickle (pytorch_model.bin)" in sentence("alice/bert")
    assert paths(hub) == ["main"]
    hub.put("alice/q", {"model.pt": b"PK"})
    assert "pickle (model.pt)" in sentence("alice/q")


def test_other_models_are_told_to_be_others(hub: LoopbackHub, files: Files) -> None:
    hub.put("alice/empty", {})
    assert "has no model.safetensors" in sentence("alice/empty")
    hub.put("alice/weights", {"model.safetensors": bytes(100)})
    assert "has no config.json" in sentence("alice/weights")
    hub.put("alice/bert", {"config.json": b'{"model_type": "bert"}', "model.safetensors": bytes(100)})
    assert "alice/bert/config.json: the field format is missing, so ganzoo cannot open it" in sentence("alice/bert")
    hub.put("alice/m", with_config(files, networks={"generator": {"architecture": "their-own", "config": {}}}))
    assert "architecture 'their-own' is not known" in sentence()
    assert "model.safetensors" not in paths(hub)


def test_sizes_are_looked_at_before_anything_travels(
    hub: LoopbackHub, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_CONFIG_BYTES", 10)
    assert "more than the 10 allowed" in sentence()
    monkeypatch.undo()
    monkeypatch.setattr(fetching, "MAX_WEIGHT_BYTES", 10)
    assert "model.safetensors has" in sentence()
    assert "model.safetensors" not in paths(hub)


def test_what_is_too_large_and_not_needed_stays_there(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_EXTRA_BYTES", 10)
    assert not fetch("alice/m").folder.joinpath("history.jsonl").exists()


def test_weights_of_another_network_are_refused_by_their_header(hub: LoopbackHub, files: Files, zoo: Path) -> None:
    other = (zoo / "gamma" / "model.safetensors").read_bytes()
    hub.put("alice/m", {**files, "model.safetensors": other})
    assert "alice/m/model.safetensors: the tensor" in sentence()
    assert [asked.range != "" for asked in hub.asked if asked.path.endswith("model.safetensors")] == [True]


def test_a_long_header_is_fetched_whole(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "HEAD_BYTES", 100)
    fetch("alice/m")
    ranges = [asked.range for asked in hub.asked if asked.path.endswith("/model.safetensors") and asked.range]
    assert ranges[0] == "bytes=0-99"
    assert ranges[1].startswith("bytes=100-")


def test_a_claim_of_an_enormous_header_is_not_followed(hub: LoopbackHub, files: Files) -> None:
    hub.put("alice/m", {**files, "model.safetensors": (10**10).to_bytes(8, "little") + b'{"a": 1}' + bytes(10**6)})
    assert "header of 10,000,000,000 bytes" in sentence()
    assert paths(hub).count("model.safetensors") == 1


def test_weights_that_are_not_finite_are_not_kept(hub: LoopbackHub, files: Files, kept: Path) -> None:
    weights = bytearray(files["model.safetensors"])
    weights[-2:] = b"\xff\xff"  # a NaN, be it half or single
    hub.put("alice/m", {**files, "model.safetensors": bytes(weights)})
    assert "not finite" in sentence()
    assert [path for path in kept.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_files_of_other_names_are_none_of_our_business(hub: LoopbackHub, files: Files, kept: Path) -> None:
    tricks = {
        "../../../escape": b"x",
        "/etc/passwd": b"x",
        "a\\..\\b": b"x",
        "model.safetensors/../x": b"x",
        "\u202etxt": b"",
    }
    hub.put("alice/m", {**files, **tricks})
    folder = fetch("alice/m").folder
    assert folder.is_relative_to(kept)
    assert len(list(folder.iterdir())) == 4
