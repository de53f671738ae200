from concurrent.futures import ThreadPoolExecutor

from ganzoo.ui.recent import Recent


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    cache: Recent[str, bytes] = Recent(10, len)
    for key in "abc":
        cache.put(key, b"...")
    assert cache.get("a") == b"..."
    cache.put("d", b"...")
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]


def test_the_newest_is_kept_however_large() -> None:
    cache: Recent[str, bytes] = Recent(10, len)
    cache.put("a", b"...")
    cache.put("b", b"." * 100)
    assert (cache.get("a"), cache.get("b")) == (None, b"." * 100)


def test_a_new_value_takes_the_place_of_the_old() -> None:
    cache: Recent[str, bytes] = Recent(10, len)
    for _ in range(10):
        cache.put("a", b"...")
    cache.put("b", b".......")
    assert cache.get("a") == b"..."


def test_some_can_be_forgotten() -> None:
    cache: Recent[str, bytes] = Recent(10, len)
    for key in "abc":
        cache.put(key, b"...")
    cache.forget({"a", "c", "z"})
    assert [cache.get(key) for key in "abc"] == [None, b"...", None]
    cache.put("d", b".......")
    assert cache.get("b") == b"..."


def test_many_threads_may_use_it() -> None:
    cache: Recent[int, bytes] = Recent(100, len)

    def use(i: int) -> bool:
        cache.put(i % 50, bytes([i % 50]) * 10)
        found = cache.get(i % 50)
        return found is None or found == bytes([i % 50]) * 10

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(4000)))
    assert sum(cache.get(i) is not None for i in range(50)) == 10
