import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from ganzoo.hub.cache import ABANDONED, Cache

A, B, C, D = (letter * 40 for letter in "abcd")


def add(cache: Cache, repo: str, commit: str, size: int = 100, *, used: float = 0) -> None:
    with cache.adding(repo, commit, size) as folder:
        (folder / "model.safetensors").write_bytes(bytes(size))
    if used:
        kept = cache.find(repo, commit)
        assert kept
        os.utime(kept, (used, used))


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=250)
    add(cache, "o/a", A, used=1)
    add(cache, "o/b", B, used=2)
    cache.find("o/a", A)
    add(cache, "o/c", C)
    assert [bool(cache.find(repo, commit)) for repo, commit in (("o/a", A), ("o/b", B), ("o/c", C))] == [
        True,
        False,
        True,
    ]
    assert not (tmp_path / "o--b").exists()


def test_the_newest_stays_even_where_it_is_too_large(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=50)
    add(cache, "o/a", A)
    add(cache, "o/b", B)
    assert cache.find("o/a", A) is None
    assert cache.find("o/b", B)


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with suppress(KeyError), cache.adding("o/a", A, 100) as folder:
        (folder / "config.json").write_text("{}")
        raise KeyError
    assert cache.find("o/a", A) is None
    assert list(tmp_path.glob(".partial-*")) == []


def test_the_same_may_be_added_twice_at_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: add(cache, "o/a", A), range(20)))
    assert cache.find("o/a", A)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["o--a"]


def test_leftovers_of_the_killed_are_cleared_and_those_of_the_living_are_not(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for name, age in ((".partial-old", ABANDONED + 60), (".partial-long", 0)):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "weights").write_bytes(b"0")
        os.utime(tmp_path / name / "weights", (time.time() - age,) * 2)
        os.utime(tmp_path / name, (time.time() - ABANDONED - 60,) * 2)  # when the file that arrives was begun
    add(cache, "o/a", A)
    assert [path.name for path in tmp_path.glob(".partial-*")] == [".partial-long"]


def test_room_is_made_before_anything_arrives(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=250)
    add(cache, "o/a", A)
    add(cache, "o/b", B)
    with cache.adding("o/c", C, 100) as folder:
        assert cache.find("o/a", A) is None
        (folder / "x").write_bytes(bytes(100))
        with cache.adding("o/d", D, 100):
            assert cache.find("o/b", B) is None


def test_many_who_make_room_for_each_other_leave_what_is_whole_and_within_the_limit(tmp_path: Path) -> None:
    """With room for three of six, eight threads, each with a cache of its own as each process has."""

    def use(turn: int) -> None:
        cache, repo = Cache(tmp_path, limit=350), f"o/{turn % 6}"
        if cache.find(repo, A) is None:
            with cache.adding(repo, A, 100) as folder:
                for part in range(10):
                    (folder / str(part)).write_bytes(bytes(10))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(400)))
    kept = [len(list(folder.iterdir())) for folder in tmp_path.glob("*/commits/*")]
    assert 1 <= len(kept) <= 3
    assert set(kept) == {10}


def test_what_is_discarded_is_gone_and_can_be_added_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    add(cache, "o/a", A)
    cache.discard("o/a", A)
    cache.discard("o/a", B)
    assert cache.find("o/a", A) is None
    add(cache, "o/a", A)
    assert cache.find("o/a", A)


def test_revisions_are_remembered_whatever_their_names(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.commit_of("o/a", "main") is None
    cache.remember("o/a", "feature/../x", A)
    cache.remember("o/a", "feature/../x", B)
    assert cache.commit_of("o/a", "feature/../x") == B
    assert {path.parent.name for path in tmp_path.rglob("*") if path.is_file()} <= {"revisions", tmp_path.name}
