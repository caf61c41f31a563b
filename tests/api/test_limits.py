"""Limits: shared through Redis, counted alone without it, never open, never slow."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from api.breaker import Breaker
from api.cache import BodyCache, BodyKey
from api.clock import monotonic_ms
from api.errors import TooManyRequests
from api.invalidation import Invalidation
from api.limits import Limiter
from api.redis_client import connect
from api.settings import load_settings
from tests.api.redis_server import RedisServer

T = TypeVar("T")
SETTINGS = load_settings(scan_rate="20/hour", unknown_code_rate="5/hour", redis_timeout_ms=200)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    started = RedisServer(tmp_path)
    yield started
    started.kill()


@pytest.fixture
def alone() -> Limiter:
    return Limiter(SETTINGS, None, Breaker(monotonic_ms))


_BEFORE = BodyKey("kept before it listened", "zh", "1")


class _Worker:
    """One worker's limiter, cache and listener on the shared Redis."""

    def __init__(self, server: RedisServer) -> None:
        self.client = connect(server.url, SETTINGS.redis_timeout_ms)
        self.breaker = Breaker(monotonic_ms)
        self.limiter = Limiter(SETTINGS, self.client, self.breaker)
        self.cache = BodyCache(1_000_000)
        self.cache.put(_BEFORE, b"x")
        self.heard: list[float] = []
        self.invalidation = Invalidation(
            self.cache,
            self.client,
            self.breaker,
            rest_seconds=0.1,
            heard=lambda: self.heard.append(time.monotonic()),
        )
        self.invalidation.start()

    def close(self) -> None:
        self.invalidation.close()
        self.client.close()


@pytest.fixture
def workers(server: RedisServer) -> Iterator[tuple[_Worker, _Worker]]:
    first, second = _Worker(server), _Worker(server)
    yield first, second
    first.close()
    second.close()


def _allowed(limiter: Limiter, bucket: str, address: str, tries: int) -> int:
    allowed = 0
    for _ in range(tries):
        try:
            limiter.count(bucket, address)
        except TooManyRequests:
            continue
        allowed += 1
    return allowed


def test_an_address_may_ask_as_often_as_the_rate_says(alone: Limiter) -> None:
    assert _allowed(alone, "scan", "192.0.2.1", 50) == 20
    assert _allowed(alone, "scan", "192.0.2.2", 3) == 3


def test_unknown_codes_have_a_tighter_limit_of_their_own(alone: Limiter) -> None:
    assert _allowed(alone, "unknown_code", "192.0.2.1", 50) == 5
    assert _allowed(alone, "scan", "192.0.2.1", 1) == 1


def test_a_refusal_says_how_many_seconds_to_wait(alone: Limiter) -> None:
    _allowed(alone, "scan", "192.0.2.1", 20)
    with pytest.raises(TooManyRequests) as caught:
        alone.count("scan", "192.0.2.1")
    assert 1 <= caught.value.parts["seconds"] <= 3600


@pytest.mark.redis
def test_workers_count_together(workers: tuple[_Worker, _Worker]) -> None:
    first, second = workers
    total = sum(_allowed(worker.limiter, "scan", "192.0.2.1", 15) for worker in (first, second))
    assert total == 20


@pytest.mark.redis
def test_a_killed_redis_is_not_missed_and_is_used_again_when_back(
    server: RedisServer, workers: tuple[_Worker, _Worker]
) -> None:
    limiter = workers[0].limiter
    server.kill()
    assert _allowed(limiter, "scan", "192.0.2.1", 50) == 20
    server.start()
    time.sleep(1.1)
    assert _allowed(limiter, "scan", "192.0.2.1", 5) == 5
    assert not workers[0].breaker.resting


class _Counted(Breaker):
    """A breaker whose clock stands still, and which counts the calls that it lets through."""

    def __init__(self) -> None:
        super().__init__(lambda: 0)
        self.let_through = 0

    def call(self, work: Callable[[], T], otherwise: Callable[[], T], *, expected: type[Exception]) -> T:
        def counted() -> T:
            self.let_through += 1
            return work()

        return super().call(counted, otherwise, expected=expected)


@pytest.mark.redis
def test_a_frozen_redis_costs_three_time_outs_and_then_nothing(server: RedisServer) -> None:
    client, breaker = connect(server.url, SETTINGS.redis_timeout_ms), _Counted()
    limiter = Limiter(SETTINGS, client, breaker)
    limiter.count("scan", "192.0.2.9")
    assert breaker.let_through == 1
    server.freeze()
    allowed = _allowed(limiter, "scan", "192.0.2.1", 200)
    server.thaw()
    client.close()
    assert allowed == 20
    assert breaker.let_through == 1 + 3


def _drops(worker: _Worker, lot: str, *, within: float = 5) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if worker.cache.get(BodyKey(lot, "zh", "1")) is None:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.redis
def test_a_changed_lot_leaves_the_memory_of_every_worker(workers: tuple[_Worker, _Worker]) -> None:
    first, second = workers
    _await_listening(second)
    for worker in workers:
        worker.cache.put(BodyKey("白芍-1", "zh", "1"), b"x")
        worker.cache.put(BodyKey("other", "zh", "1"), b"x")
    first.invalidation.lot_changed("白芍-1")
    assert first.cache.get(BodyKey("白芍-1", "zh", "1")) is None
    assert _drops(second, "白芍-1")
    assert second.cache.get(BodyKey("other", "zh", "1")) == b"x"


@pytest.mark.redis
def test_a_changed_lot_is_heard_of_by_every_worker(workers: tuple[_Worker, _Worker]) -> None:
    """What it showed a moment ago of any code it then reads anew."""
    first, second = workers
    _await_listening(second)
    before = len(first.heard), len(second.heard)
    first.invalidation.lot_changed("白芍-1")
    assert len(first.heard) > before[0]
    deadline = time.monotonic() + 5
    while len(second.heard) == before[1]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.redis
def test_after_redis_was_away_a_worker_starts_from_nothing(
    server: RedisServer, workers: tuple[_Worker, _Worker]
) -> None:
    """Messages sent meanwhile are lost, so what is kept may be of a changed lot."""
    first, second = workers
    _await_listening(second)
    second.cache.put(BodyKey("lot", "zh", "1"), b"x")
    server.kill()
    first.invalidation.lot_changed("lot")
    assert second.cache.get(BodyKey("lot", "zh", "1")) == b"x"
    server.start()
    assert _drops(second, "lot")


def _await_listening(worker: _Worker) -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        # Who has subscribed forgets everything next: what is put before that is lost.
        if worker.client.pubsub_numsub("daodi:lots")[0][1] == 2 and worker.cache.get(_BEFORE) is None:
            return
        time.sleep(0.01)
    pytest.fail("the workers did not subscribe within 5 seconds")


def test_without_redis_a_changed_lot_is_forgotten_here() -> None:
    cache = BodyCache(1000)
    invalidation = Invalidation(cache, None, Breaker(monotonic_ms))
    invalidation.start()
    cache.put(BodyKey("lot", "zh", "1"), b"x")
    invalidation.lot_changed("lot")
    invalidation.close()
    assert cache.used_bytes == 0


@pytest.mark.redis
def test_what_one_worker_counted_is_refused_by_another_and_asking_costs_nothing(
    workers: tuple[_Worker, _Worker],
) -> None:
    first, second = workers
    for _ in range(10):
        second.limiter.require("unknown_code", "192.0.2.1")
    assert _allowed(first.limiter, "unknown_code", "192.0.2.1", 9) == 5
    with pytest.raises(TooManyRequests):
        second.limiter.require("unknown_code", "192.0.2.1")
    second.limiter.require("unknown_code", "192.0.2.2")
