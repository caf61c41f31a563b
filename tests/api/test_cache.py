"""The body cache: bounded by bytes, least recently used first out."""

from hypothesis import given
from hypothesis import strategies as st

from api.cache import BodyCache, BodyKey


def _key(lot: str, language: str = "zh", revision: str = "1") -> BodyKey:
    return BodyKey(lot=lot, language=language, revision=revision)


def test_what_was_put_is_found_and_another_revision_is_not() -> None:
    cache = BodyCache(10_000)
    cache.put(_key("BS-24-0001"), b"body")
    assert cache.get(_key("BS-24-0001")) == b"body"
    assert cache.get(_key("BS-24-0001", revision="2")) is None
    assert cache.get(_key("BS-24-0001", "en")) is None


def test_the_least_recently_used_body_leaves_first() -> None:
    cache = BodyCache(3 * 1200)
    for lot in "abc":
        cache.put(_key(lot), bytes(1000))
    cache.get(_key("a"))
    cache.put(_key("d"), bytes(1000))
    assert [lot for lot in "abcd" if cache.get(_key(lot)) is not None] == ["a", "c", "d"]


def test_a_changed_lot_is_forgotten_in_every_language() -> None:
    cache = BodyCache(10_000)
    for key in (_key("a"), _key("a", "en"), _key("b")):
        cache.put(key, b"x")
    cache.forget_lot("a")
    assert cache.get(_key("a")) is None
    assert cache.get(_key("a", "en")) is None
    assert cache.get(_key("b")) == b"x"


def test_a_body_larger_than_the_cache_is_not_kept() -> None:
    cache = BodyCache(1000)
    cache.put(_key("a"), b"small")
    cache.put(_key("b"), bytes(1000))
    assert cache.get(_key("b")) is None
    assert cache.get(_key("a")) == b"small"


def test_a_limit_of_nothing_keeps_nothing() -> None:
    cache = BodyCache(0)
    cache.put(_key("a"), b"")
    assert cache.get(_key("a")) is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 900)), max_size=60))
def test_the_limit_holds_and_the_bytes_are_counted_right(puts: list[tuple[str, int]]) -> None:
    cache = BodyCache(2500)
    for lot, size in puts:
        cache.put(_key(lot), bytes(size))
        kept = [body for one in "abcdef" if (body := cache.get(_key(one))) is not None]
        assert cache.used_bytes == sum(len(body) + 200 for body in kept) <= 2500
    cache.clear()
    assert cache.used_bytes == 0
