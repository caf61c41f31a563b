"""Timestamps of a real log's checkpoints, from an authority on loopback."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from ledger.errors import NoCheckpointYet
from ledger.timestamps.timestamp import Authorities
from ledger.timestamps.timestamp_audit import check_timestamps
from ledger.timestamps.timestamp_client import TimestampClient
from ledger.timestamps.timestamp_errors import (
    AuthorityUnreachable,
    MalformedTimestamp,
    NoTimestamp,
    TimestampFalse,
)
from ledger.timestamps.timestamp_file import TimestampFile
from ledger.timestamps.timestamping import Timestamper, kept_timestamp, kept_timestamps, last_asked_ms
from ledger.witnessing.policy import Policy
from tests.ledger.small_authority import NOW, Asked, SmallAuthority, serving
from tests.ledger.small_log import AT_MS, VKEY, SmallLog


@contextmanager
def timestamper(log: SmallLog, authority: SmallAuthority, url: str) -> Iterator[Timestamper]:
    with httpx.Client(timeout=5, trust_env=False) as http:
        client = TimestampClient(url, http, time.monotonic, 5)
        trusted = Authorities.from_pem(authority.pem, "authorities.pem")
        yield Timestamper(log.read, log.write, client, trusted, lambda: AT_MS)


def test_the_published_checkpoint_is_stamped_once_and_kept_for_strangers(log_of_two: SmallLog) -> None:
    authority = SmallAuthority()
    log_of_two.grow(3)
    with serving(authority) as url, timestamper(log_of_two, authority, url) as stamper:
        first = stamper.run()
        assert first is not None
        assert first.at == NOW
        assert stamper.run() is None
        log_of_two.submit("later")
        log_of_two.sequencer().drain()
        assert stamper.run() is not None
    assert authority.asked == 2
    with log_of_two.read() as session:
        kept = kept_timestamps(session, 10)
        assert [each.size for each in kept] == [6, 5]
        assert [each.size for each in kept_timestamps(session, 10, below=6)] == [5]
        assert last_asked_ms(session) == AT_MS
        text = kept_timestamp(session, 5).file.to_text()
        with pytest.raises(NoTimestamp):
            kept_timestamp(session, 4)
    head, stamp = TimestampFile.from_text(text).verify(
        Policy.of_log(VKEY), Authorities.from_pem(authority.pem, "authorities.pem")
    )
    assert (head.size, stamp.at) == (5, NOW)


def test_nothing_is_kept_that_does_not_verify(sqlite_log: SmallLog) -> None:
    sqlite_log.grow(1)
    authority = SmallAuthority(change=lambda asked: Asked(bytes(32), asked.nonce))
    with serving(authority) as url, timestamper(sqlite_log, authority, url) as stamper:
        with pytest.raises(TimestampFalse):
            stamper.run()
        authority.change = None
        assert stamper.run() is not None
    with sqlite_log.read() as session:
        assert len(kept_timestamps(session, 10)) == 1


def test_an_audit_names_the_timestamp_that_does_not_hold(sqlite_log: SmallLog) -> None:
    authority = SmallAuthority()
    with serving(authority) as url, timestamper(sqlite_log, authority, url) as stamper:
        for name in ("a", "b", "c", "d"):
            sqlite_log.submit(name)
            sqlite_log.sequencer().drain()
            stamper.run()
        trusted = stamper.authorities
    with sqlite_log.read() as session:
        assert check_timestamps(session, trusted) == (4, [])
    sqlite_log.sql("UPDATE ledger_timestamp SET answer = x'3000' WHERE size = 3")
    sqlite_log.sql("UPDATE ledger_timestamp SET stated_ms = 1 WHERE size = 4")
    sqlite_log.sql("UPDATE ledger_timestamp SET size = 9 WHERE size = 5")
    with sqlite_log.read() as session:
        count, faults = check_timestamps(session, trusted)
    assert count == 4
    assert [fault.index for fault in faults] == [2, 3, 8]


def test_an_empty_log_and_a_silent_authority_are_said(sqlite_log: SmallLog) -> None:
    with timestamper(sqlite_log, SmallAuthority(), "http://127.0.0.1:9/") as stamper:
        with pytest.raises(NoCheckpointYet):
            stamper.run()
        sqlite_log.grow(1)
        with pytest.raises(AuthorityUnreachable):
            stamper.run()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "daodi-timestamp@v1", "checkpoint": "x", "answer": "!"}',
        '{"format": "daodi-timestamp@v2", "checkpoint": "x", "answer": ""}',
        "[" * 100_000,
    ],
)
def test_what_is_no_timestamp_file_is_called_so(text: str) -> None:
    with pytest.raises(MalformedTimestamp):
        TimestampFile.from_text(text)
