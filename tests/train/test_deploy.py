import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import constants
from starlette.requests import Request
from starlette.responses import Response

from tests.hub.server import LoopbackHub
from train.deploy import main

SPACE = "alice/zoo"
README = "---\ntitle: zoo\nsdk: gradio\n---\n"
FILES = {
    "README.md": README.encode(),
    "app.py": b"demo = None\n",
    "ganzoo/__init__.py": b"",
    "checkpoints/one/model.safetensors": bytes(range(256)) * 40,
    ".gitattributes": b"* text=auto\n",
    ".gitignore": b"/runs/\n",
}
"""What the checkout tracks."""
DEPLOYED = {name: data for name, data in FILES.items() if name != ".gitattributes"} | {".gitattributes": b""}
"""What the Space then holds: its own .gitattributes stays."""


OLD = {**DEPLOYED, "app.py": b"before", "old.txt": b"gone by now"}
"""What a Space holds that was deployed before."""


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "--short", "HEAD")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git repository with a commit, and beside it what was never committed."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    commit(folder, "first")
    for name in ("runs/secret.txt", "notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("nobody's business")
    return folder


@pytest.fixture
def alice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "token-of-alice")


def deploy(checkout: Path, *options: str) -> int:
    return main(["--space", SPACE, *options], checkout)


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("error: ")
    return told


@pytest.mark.usefixtures("alice")
def test_a_space_is_created_with_what_is_committed_and_nothing_else(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(checkout) == 0
    size = sum(map(len, DEPLOYED.values()))
    head = git(checkout, "rev-parse", "--short", "HEAD")
    assert capsys.readouterr().out.splitlines() == [
        f"Commit {head} to {SPACE}: 5 files, {size:,} bytes.",
        f"{constants.ENDPOINT}/spaces/{SPACE}",
    ]
    assert hub.files(SPACE, kind="space") == DEPLOYED
    space = hub.repos["space", SPACE]
    assert not space.private
    assert len(space.commits) == 2  # that of its creation, and ours
    assert space.commits[space.branches["main"]].title == f"Deploy {head}"


@pytest.mark.usefixtures("alice")
def test_an_update_is_one_commit_and_deletes_what_is_gone(hub: LoopbackHub, checkout: Path) -> None:
    deploy(checkout)
    (checkout / "app.py").write_text("demo = 1\n")
    (checkout / "checkpoints/one/model.safetensors").rename(checkout / "checkpoints/two.safetensors")
    (checkout / "notes.txt").unlink()
    commit(checkout, "second")
    before = len(hub.repos["space", SPACE].commits)
    assert deploy(checkout) == 0
    held = dict(hub.files(SPACE, kind="space"))
    assert held.pop("checkpoints/two.safetensors") == FILES["checkpoints/one/model.safetensors"]
    assert held.pop("app.py") == b"demo = 1\n"
    assert set(held) == set(DEPLOYED) - {"app.py", "checkpoints/one/model.safetensors"}
    assert len(hub.repos["space", SPACE].commits) == before + 1


@pytest.mark.usefixtures("alice")
def test_what_is_there_already_is_not_committed_again(hub: LoopbackHub, checkout: Path) -> None:
    for _ in range(2):
        assert deploy(checkout) == 0
    assert hub.files(SPACE, kind="space") == DEPLOYED


@pytest.mark.usefixtures("alice")
def test_a_private_one_is_private_from_the_start(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(checkout, "--private") == 0
    assert hub.repos["space", SPACE].private
    hub.repos["space", SPACE].private = False
    capsys.readouterr()
    assert deploy(checkout, "--private") == 1
    assert "spaces/alice/zoo is public already: make it private" in refusal(capsys)


def test_a_dry_run_lists_files_and_sizes_and_asks_nothing(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(checkout, "--dry-run") == 0
    *lines, last = capsys.readouterr().out.splitlines()
    sizes = {name: int(size.replace(",", "")) for size, name in (line.split() for line in lines)}
    assert sizes == {name: len(data) for name, data in DEPLOYED.items() if name != ".gitattributes"}
    assert last.endswith(f" to {SPACE}: 5 files, {sum(sizes.values()):,} bytes.")
    assert not hub.asked


@pytest.mark.usefixtures("alice")
def test_a_link_is_deployed_as_a_link_is_kept_and_never_as_what_it_leads_to(
    hub: LoopbackHub, checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("nobody's business")
    (checkout / "link").symlink_to("../outside")
    commit(checkout, "link")
    assert deploy(checkout) == 0
    assert hub.files(SPACE, kind="space")["link"] == b"../outside"


@pytest.mark.usefixtures("alice")
def test_line_ends_are_deployed_as_they_are_committed_wherever_git_changes_them(
    hub: LoopbackHub, checkout: Path
) -> None:
    git(checkout, "config", "core.autocrlf", "true")
    assert deploy(checkout) == 0
    assert hub.files(SPACE, kind="space") == DEPLOYED


@pytest.mark.parametrize("staged", [False, True])
def test_a_dirty_checkout_is_refused(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str], staged: bool
) -> None:
    (checkout / "app.py").write_text("demo = 1\n")
    if staged:
        git(checkout, "add", "app.py")
    assert deploy(checkout) == 1
    assert "app.py changed since the last commit: commit or stash that." in refusal(capsys)
    assert not hub.asked


def test_without_a_checkout_of_its_own_there_is_nothing_to_deploy(
    checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (tmp_path, checkout / "ganzoo"):  # the second lies in a checkout of something else, as it were
        assert deploy(folder) == 1
        assert "is no git checkout: clone the repository, and deploy from the clone." in refusal(capsys)


def test_git_speaks_for_itself_where_it_is_missing_or_unwilling(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert deploy(checkout) == 1
    told = refusal(capsys)
    assert "git does not tell what is to be deployed (" in told
    assert "git config --global --add safe.directory" in told
    monkeypatch.setenv("PATH", "")
    assert deploy(checkout) == 1
    assert "git tells what is to be deployed, and it is not there: install it." in refusal(capsys)


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize("space", ["zoo", "alice/zoo/extra", "alice/..", "alice/zoo "])
def test_a_name_that_is_none_is_refused(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str], space: str, options: tuple[str, ...]
) -> None:
    assert main(["--space", space, *options], checkout) == 1
    assert "is no name on the Hub: give OWNER/NAME" in refusal(capsys)
    assert not hub.asked


@pytest.mark.usefixtures("alice")
def test_a_space_of_something_else_is_left_alone(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.put(SPACE, {"app.py": b"something else", "README.md": b""}, kind="space")
    assert deploy(checkout) == 1
    assert "spaces/alice/zoo holds something else than ganzoo: give another name" in refusal(capsys)
    assert hub.files(SPACE, kind="space")["app.py"] == b"something else"
    hub.put(SPACE, {"README.md": README.encode()}, kind="space")  # as the Hub's own form creates one
    assert deploy(checkout) == 0


@pytest.mark.parametrize(
    ("token", "told"),
    [
        (None, "The Hub wants to know who asks for spaces/alice/zoo: log in"),
        ("token-of-nobody", "The Hub does not know the token it was shown for spaces/alice/zoo: log in"),
        ("reading-token-of-alice", "The token for spaces/alice/zoo may only read"),
        ("token-of-bob", "The token for spaces/alice/zoo may not write to repositories of alice"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_who_may_not_write_there_is_told_so(
    hub: LoopbackHub,
    checkout: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    token: str | None,
    told: str,
    there: bool,
) -> None:
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    if there:
        hub.put(SPACE, DEPLOYED, kind="space")
    before = dict(hub.repos)
    assert deploy(checkout) == 1
    assert told in refusal(capsys)
    assert hub.repos == before


def overtake(hub: LoopbackHub) -> None:
    """Let somebody else commit to the Space while this is being uploaded."""

    def change(request: Request, response: Response) -> Response:
        hub.put(SPACE, {**OLD, "new.txt": b"theirs"}, kind="space")
        return response

    hub.plan("preupload", change)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client try again at once."""
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)


@pytest.mark.usefixtures("alice", "impatient")
@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (lambda hub: hub.refuse("whoami", 429, Retry_After="7"), "for spaces/alice/zoo wants 7 seconds to pass"),
        (lambda hub: hub.refuse("repos/create", 500), "The Hub has trouble of its own (500) with spaces/alice/zoo"),
        (lambda hub: hub.refuse("preupload", 403), "The Hub does not let this token do that to spaces/alice/zoo"),
        (lambda hub: hub.cut("objects/batch", times=9), "broke off while it was asked for spaces/alice/zoo"),
        (lambda hub: hub.refuse("PUT /uploads", 500, times=99), "The Hub has trouble of its own (500)"),
        (lambda hub: hub.cut("PUT /uploads", times=99), "broke off while it was asked for spaces/alice/zoo"),
        (overtake, "Somebody else changed spaces/alice/zoo meanwhile"),
    ],
)
def test_what_fails_is_one_sentence_and_leaves_the_space_as_it_was_to_be_tried_again(
    hub: LoopbackHub,
    checkout: Path,
    capsys: pytest.CaptureFixture[str],
    plan: Callable[[LoopbackHub], None],
    told: str,
) -> None:
    hub.put(SPACE, OLD, kind="space")
    plan(hub)
    assert deploy(checkout) == 1
    assert told in refusal(capsys)
    held = hub.files(SPACE, kind="space")
    assert {name: held[name] for name in OLD} == OLD
    hub.mend()
    assert deploy(checkout) == 0
    assert hub.files(SPACE, kind="space") == DEPLOYED


@pytest.mark.usefixtures("alice")
def test_a_front_matter_that_the_hub_refuses_is_one_sentence(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "README.md").write_text("---\ntitle: [\n---\n")
    commit(checkout, "broken")
    assert deploy(checkout) == 1
    assert "The Hub refuses what it was asked about spaces/alice/zoo (400) (while parsing" in refusal(capsys)


@pytest.mark.usefixtures("alice")
def test_a_dead_network_is_told_within_seconds(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = time.monotonic()
    assert deploy(checkout) == 1
    assert "cannot be reached for spaces/alice/zoo" in refusal(capsys)
    assert time.monotonic() - start < 5


@pytest.mark.usefixtures("alice")
def test_a_hub_that_does_not_answer_is_not_waited_for(
    hub: LoopbackHub, checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganzoo.hub.client.PATIENCE", 0.2)
    hub.drip("whoami", bytes_a_second=10)
    assert deploy(checkout) == 1
    assert "does not answer about spaces/alice/zoo: check the network" in refusal(capsys)
    assert not hub.repos
