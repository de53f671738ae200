"""The command line of publishing, over HTTP, with the real client."""

import shutil
from pathlib import Path

import pytest

from tests.hub.server import LoopbackHub
from train import __main__ as train
from train import publish
from train.publish import main


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")


def published(hub: LoopbackHub) -> set[str]:
    return {repo for (_, repo), it in hub.repos.items() if "config.json" in hub.files(repo)}


def test_one_checkpoint_goes_where_it_is_told(hub: LoopbackHub, zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(zoo / "alpha"), "--repo", "alice/digits", "--private", "--collection", "My digits"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{hub.url}/alice/digits"
    assert said[1].startswith(f"{hub.url}/collections/alice/my-digits")
    assert hub.repos["model", "alice/digits"].private
    assert main([str(zoo / "alpha"), "--repo", "alice/digits", "--revision", "early"]) == 0
    assert capsys.readouterr().out == f"{hub.url}/alice/digits/tree/early\n"


def test_the_card_says_the_licence(zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, licence in (([], "apache-2.0"), (["--license", "cc-by-4.0"], "cc-by-4.0")):
        assert main([str(zoo / "alpha"), "--repo", "alice/digits", "--dry-run", *options]) == 0
        assert f"\nlicense: {licence}\n" in capsys.readouterr().out


def test_several_keep_their_own_names(hub: LoopbackHub, zoo: Path, tmp_path: Path) -> None:
    run = tmp_path / "my-run"
    shutil.copytree(zoo / "beta", run / "checkpoint")
    assert main([str(zoo / "alpha"), str(run), "--owner", "alice"]) == 0
    assert published(hub) == {"alice/alpha", "alice/my-run"}


def test_the_whole_zoo_but_what_is_broken(
    hub: LoopbackHub, zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(zoo, tmp_path / "zoo"))
    (copy / "beta" / "model.safetensors").write_bytes(b"")
    monkeypatch.setattr(publish, "ZOO", copy)
    assert main(["--all", "--owner", "alice", "--collection", "zoo"]) == 1
    assert "model.safetensors is empty" in capsys.readouterr().err
    assert published(hub) == {"alice/alpha", "alice/gamma"}
    assert [len(collection["items"]) for collection in hub.collections.values()] == [2]


def test_a_name_that_is_taken_does_not_stop_the_others(
    hub: LoopbackHub, zoo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.put("alice/alpha", {"model.bin": b"theirs"})
    assert main([str(zoo / "alpha"), str(zoo / "gamma"), "--owner", "alice"]) == 1
    assert "error: alice/alpha is taken" in capsys.readouterr().err
    assert published(hub) == {"alice/gamma"}


def test_a_dry_run_shows_card_and_files_and_asks_nothing(
    hub: LoopbackHub, zoo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    before = {path: path.stat().st_mtime_ns for path in zoo.rglob("*")}
    assert main([str(zoo / "alpha"), "--repo", "alice/digits", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "ganzoo.load('alice/digits')" in said
    size = (zoo / "alpha" / "model.safetensors").stat().st_size
    assert f"{size:,}  model.safetensors\n" in said
    assert "  samples.png" in said
    assert hub.asked == []
    assert {path: path.stat().st_mtime_ns for path in zoo.rglob("*")} == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "Name a checkpoint"),
        ("{zoo}/alpha", "Give either --repo"),
        ("{zoo}/alpha --repo alice/a --owner alice", "Give either --repo"),
        ("{zoo}/alpha {zoo}/beta --repo alice/a", "--repo takes one checkpoint"),
        ("{zoo}/alpha {zoo}/alpha --owner alice", "2 checkpoints are called alpha"),
        ("{zoo}/alpha --all --owner alice", "leave it out"),
        ("{zoo}/alpha --repo alpha", "give OWNER/NAME"),
        ("{zoo}/alpha --repo=", "give OWNER/NAME"),
        ("{zoo}/alpha --owner=", "give OWNER/NAME"),
        ("{zoo}/alpha --repo alice/a --revision=", "is no name of a revision"),
        ("{zoo}/alpha --repo alice/a --revision +exp", "is no name of a revision"),
        ("{zoo} --repo alice/a", "has no config.json"),
        ("/nowhere --repo alice/a", "There is no folder"),
        ("{zoo}/alpha --repo alice/a", "hf auth login"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(
    hub: LoopbackHub,
    zoo: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    words: str,
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert main(line.format(zoo=zoo).split()) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert hub.asked == []


def test_without_a_network_nothing_is_told_twice(zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(zoo / "alpha"), str(zoo / "gamma"), "--owner", "alice"]) == 1
    error = capsys.readouterr().err
    assert "cannot be reached" in error
    assert error.count("\n") == 1


def test_retries_of_the_client_do_not_flood_the_terminal(
    hub: LoopbackHub, zoo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)
    hub.refuse("PUT /uploads/", 503, times=2)
    assert main([str(zoo / "alpha"), "--repo", "alice/digits"]) == 0
    error = capsys.readouterr().err
    assert "503" not in error
    assert "Retrying" not in error


RUN = ["gan", "--dataset", "fashion-mnist", "--steps", "2", "--width", "4", "--batch-size", "8", "--device", "cpu"]


@pytest.fixture
def run(tmp_path: Path, sample_root: Path) -> list[str]:
    return [*RUN, "--run-dir", str(tmp_path / "run"), "--data-root", str(sample_root), "--push", "alice/digits"]


def test_a_run_is_pushed_at_its_end(hub: LoopbackHub, run: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(run) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{hub.url}/alice/digits"
    assert "film.webp" in hub.files("alice/digits")


def test_a_run_is_pushed_into_a_private_repository_and_leaves_it_private(hub: LoopbackHub, run: list[str]) -> None:
    hub.put("alice/digits", {".gitattributes": b""}, private=True)
    assert train.main(run) == 0
    assert "film.webp" in hub.files("alice/digits")
    assert hub.repos["model", "alice/digits"].private


@pytest.mark.parametrize(
    ("token", "repo", "words"),
    [
        ("nonsense", "alice/digits", "does not know the token"),
        ("reading-token-of-alice", "alice/digits", "may only read"),
        ("token-of-alice", "digits", "give OWNER/NAME"),
        ("token-of-alice", "", "give OWNER/NAME"),
        ("token-of-alice", "bob/digits", "may not write to repositories of bob"),
        ("void-token-of-alice", "alice/digits", "may not write to repositories of alice"),
        ("token-of-alice", "alice/taken", "choose another name"),
    ],
)
def test_what_could_not_be_pushed_is_not_trained(
    hub: LoopbackHub,
    run: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str,
    repo: str,
    words: str,
) -> None:
    hub.put("alice/taken", {"model.bin": b"theirs"})
    monkeypatch.setenv("HF_TOKEN", token)
    assert train.main([*run[:-1], repo]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_push_that_fails_keeps_the_checkpoint_and_says_how_to_go_on(
    hub: LoopbackHub, run: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.refuse("/commit/", 500)
    assert train.main(run) == 1
    error, command = capsys.readouterr().err.splitlines()[-2:]
    assert error.startswith("error: The Hub has trouble of its own (500)")
    words = command.split("python -m train.publish ")[1].split()
    assert words == [str(tmp_path / "run" / "checkpoint"), "--repo", "alice/digits"]
    assert main(words) == 0
    assert published(hub) == {"alice/digits"}


def test_of_several_processes_the_first_one_asks(
    hub: LoopbackHub, run: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setattr(train, "run", lambda *args, **kwargs: True)
    assert train.main(run) == 0
    assert hub.asked == []


def test_a_stopped_run_is_pushed_when_it_is_resumed(
    hub: LoopbackHub, run: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "run", lambda *args, **kwargs: False)
    assert train.main(run) == 130
    assert capsys.readouterr().out.rstrip().endswith("--push alice/digits")
    assert published(hub) == set()
