"""Publishing, over HTTP, with the real client."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import HfApi, ModelCard, ModelCardData
from PIL import Image
from safetensors.torch import load_file, save_file
from starlette.responses import JSONResponse

import ganzoo
from ganzoo.checkpoints import CheckpointError
from ganzoo.hub import HubError, UnreachableError
from ganzoo.hub.client import open_account
from ganzoo.hub.publishing import Parcel, check_name, collect, pack, publish
from tests import HUB_PORT
from tests.hub.server import LoopbackHub

OURS = {
    "README.md",
    "config.json",
    "discriminator.safetensors",
    "history.jsonl",
    "losses.png",
    "model.safetensors",
    "samples.png",
}
UPLOADS = "PUT /uploads/"


@pytest.fixture
def alice(monkeypatch: pytest.MonkeyPatch) -> HfApi:
    """The client, with a token of hers where it finds it."""
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")
    return HfApi()


@pytest.fixture
def folder(zoo: Path, tmp_path: Path) -> Path:
    """A sound checkpoint of its own for the test."""
    return Path(shutil.copytree(zoo / "alpha", tmp_path / "alpha"))


@pytest.fixture(scope="session")
def parcel(zoo: Path) -> Parcel:
    """The same checkpoint, packed once."""
    return pack(zoo / "alpha", "alice/digits")


def commits(hub: LoopbackHub, repo: str) -> list[str]:
    """The commits that were made through the protocol, newest last."""
    return [asked.path for asked in hub.asked if "/commit/" in asked.path and repo in asked.path]


def test_everything_goes_up_in_one_commit_and_the_folder_stays_as_it_is(
    hub: LoopbackHub, alice: HfApi, folder: Path
) -> None:
    (folder / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert publish(alice, pack(folder, "alice/digits")) == f"{hub.url}/alice/digits"
    there = hub.files("alice/digits")
    assert set(there) == {".gitattributes", *OURS}
    assert {name: there[name] for name in OURS - {"README.md", "samples.png", "losses.png"}} == {
        name: data for name, data in before.items() if name not in {"README.md", "notes.txt"}
    }
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert commits(hub, "alice/digits") == ["/api/models/alice/digits/commit/main"]
    assert not hub.repos["model", "alice/digits"].private


def test_the_hub_shows_the_card_and_finds_it(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    score = {"metric": "fcd", "value": 12.5, "passport": {"split": "test"}}
    (folder / "metrics.json").write_text(json.dumps([score]))
    publish(alice, pack(folder, "alice/digits"))
    assert [model.id for model in alice.list_models(filter="ganzoo")] == ["alice/digits"]
    card = ModelCard(hub.files("alice/digits")["README.md"].decode())
    assert isinstance(card.data, ModelCardData)
    assert card.data.get("thumbnail") == f"{hub.url}/alice/digits/resolve/main/samples.png"
    assert card.data.model_name == "digits"
    assert card.data.eval_results is not None
    assert card.data.eval_results[0].metric_args == {"split": "test"}
    assert "ganzoo.load('alice/digits')" in card.text
    assert "metrics.json" in hub.files("alice/digits")


def test_what_was_published_can_be_opened(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    publish(alice, pack(folder, "alice/digits"))
    here, there = ganzoo.load(folder, device="cpu"), ganzoo.load("alice/digits", device="cpu")
    assert torch.equal(ganzoo.sample(here, range(4)), ganzoo.sample(there, range(4)))


def test_a_translator_is_published_and_opened_like_a_generator(
    hub: LoopbackHub, alice: HfApi, translators: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(translators / "delta", tmp_path / "delta"))
    parcel = pack(folder, "alice/larger")
    assert "thumbnail" not in parcel.card
    assert "samples.png" not in parcel.files
    assert "samples.png" not in parcel.card
    Image.new("RGB", (224, 224)).save(folder / "film.webp")
    publish(alice, pack(folder, "alice/larger"))
    there = hub.files("alice/larger")
    assert {"model.safetensors", "samples.png", "film.webp"} <= set(there)
    assert "discriminator.safetensors" not in there
    assert "What it makes of pictures of its set" in there["README.md"].decode()
    images = torch.rand(3, 1, 7, 7)
    here, opened = ganzoo.load(folder, device="cpu"), ganzoo.load("alice/larger", device="cpu")
    assert torch.equal(ganzoo.translate(here, images), ganzoo.translate(opened, images))


def test_publishing_again_replaces_and_removes_what_is_gone_but_nothing_else(
    hub: LoopbackHub, alice: HfApi, folder: Path
) -> None:
    publish(alice, pack(folder, "alice/digits"))
    hub.put("alice/digits", {**hub.files("alice/digits"), "film.webp": b"old", "notes.txt": b"hers"})
    (folder / "history.jsonl").unlink()
    publish(alice, pack(folder, "alice/digits"))
    assert set(hub.files("alice/digits")) == {".gitattributes", "notes.txt", *OURS} - {"history.jsonl", "losses.png"}
    assert len(commits(hub, "alice/digits")) == 2


def test_publishing_the_same_twice_is_no_error(hub: LoopbackHub, alice: HfApi, parcel: Parcel) -> None:
    for _ in range(2):
        publish(alice, parcel)
    assert len(commits(hub, "alice/digits")) == 1


def test_a_private_repository_is_made_private_and_stays_so(hub: LoopbackHub, alice: HfApi, parcel: Parcel) -> None:
    publish(alice, parcel, private=True)
    assert hub.repos["model", "alice/digits"].private
    publish(alice, parcel)
    assert hub.repos["model", "alice/digits"].private


def test_what_is_public_is_not_published_as_private(hub: LoopbackHub, alice: HfApi, parcel: Parcel) -> None:
    publish(alice, parcel)
    with pytest.raises(HubError, match=r"is public already: make it private at .*/alice/digits/settings"):
        publish(alice, parcel, private=True)
    assert len(commits(hub, "alice/digits")) == 1


def test_a_revision_is_a_branch_of_its_own(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    for _ in range(2):  # made, then there
        assert publish(alice, pack(folder, "alice/digits", "early")) == f"{hub.url}/alice/digits/tree/early"
    assert set(hub.files("alice/digits", "early")) == {".gitattributes", *OURS}
    assert set(hub.files("alice/digits")) == {".gitattributes"}
    card = hub.files("alice/digits", "early")["README.md"].decode()
    assert "/resolve/early/samples.png" in card
    assert "revision='early'" in card
    ganzoo.load("alice/digits", device="cpu", revision="early")


def test_a_revision_is_quoted_in_addresses(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    assert publish(alice, pack(folder, "alice/digits", "né/1")) == f"{hub.url}/alice/digits/tree/n%C3%A9%2F1"
    assert "/resolve/n%C3%A9%2F1/samples.png" in hub.files("alice/digits", "né/1")["README.md"].decode()


@pytest.mark.parametrize("revision", ["", "+exp", "..", "a/../b", "two words"])
def test_a_revision_that_could_not_be_opened_again_is_refused(folder: Path, revision: str) -> None:
    with pytest.raises(HubError, match="is no name of a revision"):
        pack(folder, "alice/digits", revision)


def test_a_collection_is_made_once_and_filled(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    for repo in ("alice/one", "alice/two", "alice/one"):
        publish(alice, pack(folder, repo))
        collect(alice, [repo], title="Digits", owner="alice")
    [collection] = hub.collections.values()
    assert [item["id"] for item in collection["items"]] == ["alice/one", "alice/two"]
    hub.refuse("POST /api/collections", 403)
    with pytest.raises(HubError, match="the collection Digits"):
        collect(alice, ["alice/one"], title="Digits", owner="alice")


@pytest.mark.parametrize("files", [{}, {"README.md": b"---\nlicense: mit\n---\n"}])
def test_an_empty_repository_is_filled(hub: LoopbackHub, alice: HfApi, parcel: Parcel, files: dict[str, bytes]) -> None:
    hub.put("alice/digits", {".gitattributes": b"", **files})
    publish(alice, parcel)
    assert set(hub.files("alice/digits")) == {".gitattributes", *OURS}


def test_a_name_that_something_else_has_is_refused(hub: LoopbackHub, alice: HfApi, parcel: Parcel) -> None:
    files = {"README.md": b"---\nlibrary_name: transformers\n---\n", "model.safetensors": b"theirs"}
    hub.put("alice/digits", files)
    with pytest.raises(HubError, match=r"alice/digits is taken .*: choose another name\.$"):
        publish(alice, parcel)
    assert hub.files("alice/digits") == files


@pytest.mark.parametrize("repo", ["digits", "alice/", "alice/two words", "a/b/c", "alice/<b>"])
def test_a_name_that_the_hub_would_not_take_is_refused(folder: Path, repo: str) -> None:
    with pytest.raises(HubError, match="give OWNER/NAME"):
        pack(folder, repo)


def test_a_broken_checkpoint_is_never_packed(folder: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "nan"))
    tensors = load_file(broken / "discriminator.safetensors")
    save_file({name: tensor * float("nan") for name, tensor in tensors.items()}, broken / "discriminator.safetensors")
    with pytest.raises(CheckpointError, match=r"discriminator\.safetensors.*not finite"):
        pack(broken, "alice/digits")
    (folder / "metrics.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"metrics\.json"):
        pack(folder, "alice/digits")
    (folder / "metrics.json").unlink()
    (tmp_path / "secret").write_text("not for others")
    (folder / "film.webp").symlink_to(tmp_path / "secret")
    with pytest.raises(CheckpointError, match=r"film\.webp is a link that leads out"):
        pack(folder, "alice/digits")


def test_an_account_is_opened_with_a_token_that_may_write(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HubError, match="hf auth login"):
        open_account("alice/digits")
    assert hub.asked == []
    for token, words in (("nonsense", "does not know the token"), ("reading-token-of-alice", "may only read")):
        monkeypatch.setenv("HF_TOKEN", token)
        with pytest.raises(HubError, match=words):
            open_account("alice/digits")
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")
    check_name(open_account("alice/digits"), "alice/digits")


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("token", "may", "may_not"),
    [
        ("token-of-alice", ["alice", "Alice/digits", "lab/digits", "spaces/lab/zoo"], ["bob", "spaces/bob/zoo"]),
        ("fine-token-of-alice", ["alice/digits", "spaces/alice/zoo"], ["lab/digits", "bob/digits"]),
        ("void-token-of-alice", [], ["alice/digits", "lab/digits"]),
    ],
)
def test_an_account_is_opened_for_those_whose_repositories_the_token_may_write_to(
    monkeypatch: pytest.MonkeyPatch, token: str, may: list[str], may_not: list[str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    for what in may:
        open_account(what)
    for what in may_not:
        with pytest.raises(HubError, match=f"The token for {what} may not write to repositories of .*: give another"):
            open_account(what)


FINE: dict[str, Any] = {"name": "alice", "type": "user", "orgs": []}


@pytest.mark.parametrize(
    "known",
    [
        {"name": "alice"},
        {**FINE, "type": "service"},
        {**FINE, "orgs": [{"type": "org"}]},
        *(
            {**FINE, "auth": {"accessToken": {"role": "fineGrained", "fineGrained": {"scoped": [scope]}}}}
            for scope in (
                {"permissions": ["repo.write"]},
                {"permissions": ["repo.write"], "entity": {"type": "resource-group", "name": "bob's"}},
                {"permissions": ["repo.write"], "entity": {"type": "model", "_id": "0123"}},
            )
        ),
    ],
)
def test_what_the_hub_does_not_say_of_a_token_is_no_reason_to_refuse_it(
    hub: LoopbackHub, alice: HfApi, known: dict[str, Any]
) -> None:
    hub.plan("whoami", lambda request, response: JSONResponse(known))
    open_account("bob/digits")


def test_without_a_network_one_sentence_comes_soon(alice: HfApi, folder: Path) -> None:
    parcel = pack(folder, "alice/digits")
    for ask in (
        lambda: open_account("alice"),
        lambda: check_name(alice, "alice/digits"),
        lambda: publish(alice, parcel),
    ):
        with pytest.raises(UnreachableError, match=rf"127\.0\.0\.1:{HUB_PORT} cannot be reached for alice"):
            ask()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client try again at once."""
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)


Plan = Callable[[LoopbackHub], None]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("plan", "error", "words"),
    [
        (lambda hub: hub.refuse("GET /api/models/", 401), HubError, "does not know the token"),
        (lambda hub: hub.refuse("GET /api/models/", 429, Retry_After="7"), UnreachableError, "wants 7 seconds to pass"),
        (lambda hub: hub.refuse("GET /api/models/", 503), UnreachableError, r"trouble of its own \(503\)"),
        (lambda hub: hub.cut("GET /api/models/"), UnreachableError, "broke off"),
        (lambda hub: hub.refuse("POST /api/repos/create", 403), HubError, "does not let this token"),
        (lambda hub: hub.cut("POST /api/repos/create"), UnreachableError, "broke off"),
        (lambda hub: hub.refuse("POST /api/repos/create", 500), UnreachableError, "trouble of its own"),
        (lambda hub: hub.refuse("/preupload/", 403), HubError, "does not let this token"),
        (lambda hub: hub.refuse("/preupload/", 500, times=9), UnreachableError, "trouble of its own"),
        (lambda hub: hub.refuse("/objects/batch", 429, times=9), UnreachableError, "asked too often"),
        (lambda hub: hub.refuse(UPLOADS, 403, times=9), HubError, "does not let this token"),
        (lambda hub: hub.refuse(UPLOADS, 500, times=99), UnreachableError, "trouble of its own"),
        (lambda hub: hub.cut(UPLOADS, times=99), UnreachableError, "broke off"),
        (lambda hub: hub.refuse("/uploads/verify", 400, times=9), HubError, "refuses"),
        (lambda hub: hub.refuse("/commit/", 409), HubError, "Somebody else changed"),
        (lambda hub: hub.refuse("/commit/", 412), HubError, "Somebody else changed"),
        (lambda hub: hub.refuse("/commit/", 500), UnreachableError, "trouble of its own"),
        (lambda hub: hub.refuse("/validate-yaml", 400), HubError, "refuses"),
    ],
)
def test_what_fails_is_told_in_one_sentence_and_nothing_is_half_published(
    hub: LoopbackHub, alice: HfApi, parcel: Parcel, plan: Plan, error: type[HubError], words: str
) -> None:
    plan(hub)
    with pytest.raises(error, match=words) as told:
        publish(alice, parcel)
    assert type(told.value) is error
    assert str(told.value).count(". ") == 0
    if ("model", "alice/digits") in hub.repos:
        assert set(hub.files("alice/digits")) == {".gitattributes"}
        assert "safe to run it again" in str(told.value)
    hub.mend()
    publish(alice, parcel)
    assert set(hub.files("alice/digits")) == {".gitattributes", *OURS}


def test_an_answer_that_is_lost_leaves_all_of_it_there(hub: LoopbackHub, alice: HfApi, parcel: Parcel) -> None:
    hub.cut("/commit/")
    with pytest.raises(UnreachableError, match=r"broke off.*nothing is half published"):
        publish(alice, parcel)
    assert set(hub.files("alice/digits")) == {".gitattributes", *OURS}
    publish(alice, parcel)
    assert len(commits(hub, "alice/digits")) == 1


def test_nobody_publishes_into_another_s_name(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    with pytest.raises(HubError, match="does not let this token"):
        publish(alice, pack(folder, "bob/digits"))
    publish(HfApi(token="token-of-bob"), pack(folder, "bob/digits"))
    before = hub.files("bob/digits")
    with pytest.raises(HubError, match="does not let this token"):
        publish(alice, pack(folder, "bob/digits"))
    assert hub.files("bob/digits") == before


def test_a_race_is_lost_without_harm(hub: LoopbackHub, alice: HfApi, folder: Path) -> None:
    publish(alice, pack(folder, "alice/digits"))
    (folder / "history.jsonl").unlink()

    def overtake(request: object, response: object) -> object:
        hub.put("alice/digits", {**hub.files("alice/digits"), "notes.txt": b"theirs"})
        return response

    hub.plan("/preupload/", overtake)  # type: ignore[arg-type]
    with pytest.raises(HubError, match="Somebody else changed alice/digits"):
        publish(alice, pack(folder, "alice/digits"))
    assert "history.jsonl" in hub.files("alice/digits")
