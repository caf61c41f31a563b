"""Attacks on timestamps: to make a checkpoint look older, to pass as an authority, to hold the log up."""

import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.errors import NotSignedByLog
from ledger.timestamps.timestamp import MAX_ANSWER, Authorities, question, verify_timestamp
from ledger.timestamps.timestamp_client import TimestampClient
from ledger.timestamps.timestamp_errors import (
    AuthorityRefused,
    AuthorityUnreachable,
    CertificatesWrong,
    MalformedTimestamp,
    TimestampFalse,
)
from ledger.timestamps.timestamp_file import TimestampFile
from ledger.witnessing.policy import Policy
from tests.ledger.small_authority import NOW, Asked, SmallAuthority
from tests.ledger.small_log import LOG_KEY, ORIGIN, STRANGER, VKEY

NOTE = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), [LOG_KEY]).text
STAMPED = NOTE.encode()
OTHER = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes([1]) * 32), [LOG_KEY]).text


def believed(authority: SmallAuthority) -> Authorities:
    return Authorities.from_pem(authority.pem, "authorities.pem")


def test_an_honest_token_holds() -> None:
    authority, asked = SmallAuthority(), question(STAMPED)
    found = verify_timestamp(authority.answer(asked.der), STAMPED, believed(authority), asked.nonce)
    assert (found.at, found.authority, found.accuracy_ms, found.serial) == (NOW, "CN=Stamp 1", 1000, 42)


@pytest.mark.parametrize(
    ("authority", "why"),
    [
        (SmallAuthority(change=lambda asked: Asked(bytes(32), asked.nonce)), "messages"),
        (SmallAuthority(change=lambda asked: Asked(asked.imprint, asked.nonce + 1)), "Nonce"),
        (SmallAuthority(until=NOW - timedelta(days=1)), "certificates"),
        (SmallAuthority(usage=ExtendedKeyUsageOID.SERVER_AUTH), "certificates"),
        (SmallAuthority(status=2), "status 2"),
    ],
    ids=["another text", "another request", "expired when it signed", "not for timestamps", "refusal"],
)
def test_a_token_that_does_not_answer_is_refused(authority: SmallAuthority, why: str) -> None:
    asked = question(STAMPED)
    with pytest.raises(TimestampFalse, match=why):
        verify_timestamp(authority.answer(asked.der), STAMPED, believed(authority), asked.nonce)


def test_an_authority_nobody_trusts_is_refused_even_under_the_trusted_names() -> None:
    trusted, impostor = SmallAuthority(), SmallAuthority()
    with pytest.raises(TimestampFalse):
        verify_timestamp(impostor.stamp(NOTE), STAMPED, believed(trusted))


def test_a_token_is_not_moved_to_another_checkpoint_or_another_log() -> None:
    authority = SmallAuthority()
    answer = authority.stamp(NOTE)
    with pytest.raises(TimestampFalse):
        TimestampFile(OTHER, answer).verify(Policy.of_log(VKEY), believed(authority))
    foreign = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), [STRANGER]).text
    with pytest.raises(NotSignedByLog):
        TimestampFile(foreign, authority.stamp(foreign)).verify(Policy.of_log(VKEY), believed(authority))


def test_no_flipped_bit_changes_what_a_token_says() -> None:
    """Parts of a CMS message are under no signature; a change there may be passed over, never believed."""
    authority, asked = SmallAuthority(), question(STAMPED)
    answer, trusted = authority.answer(asked.der), believed(authority)
    told = verify_timestamp(answer, STAMPED, trusted, asked.nonce)
    refused = 0
    for place in range(len(answer)):
        changed = bytearray(answer)
        changed[place] ^= 1 << place % 8
        try:
            assert verify_timestamp(bytes(changed), STAMPED, trusted, asked.nonce) == told
        except (TimestampFalse, MalformedTimestamp):
            refused += 1
    assert refused > 0.97 * len(answer)


@pytest.mark.parametrize("raw", [b"", b"0", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", bytes(MAX_ANSWER + 1)])
def test_what_is_no_token_is_called_so(raw: bytes) -> None:
    with pytest.raises(MalformedTimestamp):
        verify_timestamp(raw, STAMPED, believed(SmallAuthority()))


def test_a_file_without_a_root_trusts_nobody() -> None:
    for raw in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(CertificatesWrong):
            Authorities.from_pem(raw, "authorities.pem")
    with pytest.raises(CertificatesWrong, match="no root"):
        Authorities.of([SmallAuthority().own], "authorities.pem")


def client(answer: httpx.Response, seconds: Iterator[float] | None = None) -> TimestampClient:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    return TimestampClient(
        "http://tsa.example/", http, time.monotonic if seconds is None else seconds.__next__, 5
    )


class Dripping(httpx.SyncByteStream):
    """An answer that never ends; it counts what was taken of it."""

    def __init__(self, piece: bytes) -> None:
        self.piece, self.taken = piece, 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.taken += len(self.piece)
            yield self.piece


REPLY = {"content-type": "application/timestamp-reply"}


def test_an_answer_without_end_is_cut_off() -> None:
    stream = Dripping(bytes(1000))
    with pytest.raises(AuthorityRefused, match="too long"):
        client(httpx.Response(200, headers=REPLY, stream=stream)).ask(b"")
    assert stream.taken <= MAX_ANSWER + 1000


def test_an_answer_that_drips_is_given_up() -> None:
    stream = Dripping(b"x")
    with pytest.raises(AuthorityUnreachable, match="too slow"):
        client(httpx.Response(200, headers=REPLY, stream=stream), iter([0.0, 1.0, 4.0, 6.0])).ask(b"")
    assert stream.taken == 3


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"location": "http://inside.example/"}),
        httpx.Response(200, headers={"content-type": "text/html"}, content=b"<p>welcome"),
        httpx.Response(500, headers=REPLY),
    ],
)
def test_another_kind_of_answer_is_refused(answer: httpx.Response) -> None:
    with pytest.raises(AuthorityRefused):
        client(answer).ask(b"")
