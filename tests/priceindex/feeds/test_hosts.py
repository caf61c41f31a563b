"""Hosts are asked politely, left alone when they fail, and never when they stand inside."""

import threading
from collections.abc import Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.feeds.address_guard import AddressGuard, is_public
from priceindex.feeds.feed_errors import AddressRefused, HostResting
from priceindex.feeds.host_breaker import (
    FAULTS_ALLOWED,
    REST_MS,
    BreakerState,
    HostBreaker,
    breaker_of,
    require_asking,
    told_answer,
    told_fault,
)
from priceindex.feeds.host_turns import AT_ONCE, HostTurns
from tests.priceindex.small_market import SmallMarket

HOST = "prices.example.org"


def test_five_faults_in_a_row_open_a_breaker_that_outlives_the_process(market: SmallMarket) -> None:
    for at_ms in range(FAULTS_ALLOWED):
        with market.write() as session:
            require_asking(session, HOST, at_ms)
            told_fault(session, HOST, at_ms)
    with market.write() as session, pytest.raises(HostResting):
        require_asking(session, HOST, REST_MS)
    with market.read() as session:
        assert breaker_of(session, HOST).state(REST_MS) is BreakerState.OPEN
        assert breaker_of(session, "other.example.org") == HostBreaker()


def test_after_its_rest_one_trial_is_made_and_a_second_is_not(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session:
        for _ in range(FAULTS_ALLOWED):
            told_fault(session, HOST, 0)
        require_asking(session, HOST, REST_MS)
        with pytest.raises(HostResting):
            require_asking(session, HOST, REST_MS + 1)
        told_fault(session, HOST, REST_MS + 2)
        with pytest.raises(HostResting):
            require_asking(session, HOST, 2 * REST_MS)
        require_asking(session, HOST, 2 * REST_MS + 2)
        told_answer(session, HOST, 2 * REST_MS + 3)
        assert breaker_of(session, HOST) == HostBreaker()


@given(answers=st.lists(st.booleans(), max_size=40))
def test_a_breaker_is_closed_until_five_faults_in_a_row(answers: list[bool]) -> None:
    breaker, in_a_row = HostBreaker(), 0
    for good in answers:
        breaker = HostBreaker() if good else breaker.after_fault(7)
        in_a_row = 0 if good else in_a_row + 1
        assert (breaker.state(7) is BreakerState.CLOSED) == (in_a_row < FAULTS_ALLOWED)


def test_two_beginnings_at_one_host_keep_their_pause_and_other_hosts_do_not_wait() -> None:
    now, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    turns = HostTurns(lambda: now[0], sleep, lambda: 0.5, pause_s=2.0)
    for host in (HOST, "other.example.org", HOST, HOST):
        with turns.turn(host):
            pass
    assert slept == [3.0, 3.0]


def test_one_host_is_asked_by_two_at_once_and_no_more() -> None:
    turns = HostTurns(lambda: 0.0, lambda _seconds: None, lambda: 0.0)
    inside, most, go = [0], [0], threading.Event()
    lock, entered = threading.Lock(), threading.Semaphore(0)

    def ask() -> None:
        with turns.turn(HOST):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            entered.release()
            go.wait(10)
            with lock:
                inside[0] -= 1

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert all(entered.acquire(timeout=10) for _ in range(AT_ONCE))
    assert not entered.acquire(timeout=0.05)
    go.set()
    for thread in threads:
        thread.join()
    assert most[0] == AT_ONCE


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104  asked about, not bound
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::",
    "64:ff9b::7f00:1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_feed_goes_inside_however_the_address_is_written(address: str) -> None:
    assert not is_public(address)
    guard = AddressGuard(resolve=lambda _host, _port: [address])
    with pytest.raises(AddressRefused):
        guard.place(httpx.URL("http://prices.example.org/x.csv"))


def test_one_address_inside_is_enough_to_refuse_a_name() -> None:
    guard = AddressGuard(resolve=lambda _host, _port: ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        guard.place(httpx.URL("https://prices.example.org/"))


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that answers differently the second time (DNS rebinding) is not asked a second time."""
    answers: list[Sequence[str]] = [["93.184.216.34"], ["127.0.0.1"]]
    guard = AddressGuard(resolve=lambda _host, _port: answers.pop(0))
    placed = guard.place(httpx.URL("https://prices.example.org:8443/x.csv?key=1"))
    assert str(placed.url) == "https://93.184.216.34:8443/x.csv?key=1"
    assert (placed.host, placed.server_name) == ("prices.example.org:8443", "prices.example.org")
    assert len(answers) == 1


@pytest.mark.parametrize(
    "url", ["ftp://93.184.216.34/", "file:///etc/passwd", "http://user:word@93.184.216.34/", "//x/"]
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard(resolve=lambda _host, _port: ["93.184.216.34"]).place(httpx.URL(url))
