"""Asks one witness over HTTP and believes nothing it does not prove (c2sp.org/tlog-witness, client side)."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx

from ledger.checkpoint import SignedCheckpoint, open_checkpoint
from ledger.errors import BadSignature, DaodiError, MalformedNote, Said
from ledger.note import read_signature_line, split_note
from ledger.witnessing.cosignature import cosigned_s
from ledger.witnessing.policy import Policy, Witness
from ledger.witnessing.witness_errors import (
    OfferOutdated,
    WitnessAnswerBad,
    WitnessRefused,
    WitnessUnreachable,
)
from ledger.witnessing.witness_offer import MAX_OFFER_BYTES, SIZE_TYPE, Offer, read_size

CLOCK_SKEW_S: Final = 300
"""How far a witness's clock may differ from ours: an older time is a replay, a later one a promise."""


@dataclass(frozen=True, slots=True)
class WitnessClient:
    """One witness as seen from the log."""

    witness: Witness
    http: httpx.Client
    """Carries the time limits of a connection; it must not follow redirects."""
    clock_s: Callable[[], int]
    """Seconds since the epoch."""
    monotonic_s: Callable[[], float]
    """Seconds of a clock that never goes back, for `patience_s`."""
    patience_s: float
    """How long one whole answer may take, however slowly its bytes drip in."""

    def offer(self, note: str, old: int, proof: Sequence[bytes]) -> str:
        """Offer a signed checkpoint with the proof from size `old`; return the witness's line, verified.

        Raises `OfferOutdated` with the size the witness knows; `WitnessUnreachable`,
        `WitnessRefused`, `WitnessAnswerBad`.
        """
        body = Offer(old, tuple(proof), note).to_bytes()
        status, kind, answer = self._ask("POST", "add-checkpoint", body)
        if status == httpx.codes.CONFLICT and kind == SIZE_TYPE:
            known = read_size(answer)
            if known is None or known == old:
                raise self._bad(Said("409 的大小无效", "a 409 without a usable size"))
            raise OfferOutdated(known=known, old=old)
        if status != httpx.codes.OK:
            raise WitnessRefused(witness=self.witness.name, status=status)
        return self._own_line(note, answer)

    def shown(self, origin: str, log: Policy) -> SignedCheckpoint | None:
        """Return the checkpoint of `origin` the witness cosigned last, once our own signature on it holds.

        None when it never cosigned one or does not serve it. Raises `WitnessUnreachable`,
        `WitnessAnswerBad`.
        """
        path = f"{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"
        status, _, answer = self._ask("GET", path, None)
        if status != httpx.codes.OK:
            return None
        try:
            return open_checkpoint(_text(answer), log)
        except DaodiError as error:
            raise self._bad(error) from error

    def _own_line(self, note: str, answer: bytes) -> str:
        """Find the witness's line among those answered; lines of other keys are passed over."""
        key = self.witness.key
        text, _ = split_note(note)
        try:
            for line in _text(answer).splitlines(keepends=True):
                name, key_hash, raw = read_signature_line(line.removesuffix("\n"))
                if (name, key_hash) == (key.name, key.key_hash) and line.endswith("\n"):
                    key.check(text, raw)
                    self._check_time(cosigned_s(raw))
                    return line
        except (MalformedNote, BadSignature) as error:
            raise self._bad(error) from error
        raise self._bad(Said("没有它自己的签名行", "no line of its own key"))

    def _check_time(self, at_s: int) -> None:
        off = at_s - self.clock_s()
        if abs(off) > CLOCK_SKEW_S:
            raise self._bad(Said(f"时间相差 {off} 秒", f"its time is {off} seconds off ours"))

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, str, bytes]:
        """Return status, content type and body of the answer."""
        url = f"{(self.witness.url or '').rstrip('/')}/{path}"
        # What comes compressed all the same is not unpacked; `_Line` needs a connection of its own.
        headers = {"accept-encoding": "identity", "connection": "close"}
        if body is not None:
            headers["content-type"] = "text/plain; charset=utf-8"
        begun = self.monotonic_s()
        line = _Line()
        try:
            with (
                line.cut_after(self.patience_s),
                self.http.stream(
                    method, url, content=body, headers=headers, extensions={"trace": line.trace}
                ) as answer,
            ):
                content = b""
                for chunk in answer.iter_raw():
                    content += chunk
                    if len(content) > MAX_OFFER_BYTES:
                        raise self._bad(Said("应答过长", "an answer too long"))
                    if self.monotonic_s() - begun > self.patience_s:
                        raise self._silent(Said("应答过慢", "an answer too slow"))
                return answer.status_code, answer.headers.get("content-type", ""), content
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            name = type(fault).__name__
            raise self._silent(Said(name, name)) from fault

    def _bad(self, reason: Said | DaodiError) -> WitnessAnswerBad:
        return WitnessAnswerBad(witness=self.witness.name, reason=reason)

    def _silent(self, reason: Said) -> WitnessUnreachable:
        return WitnessUnreachable(witness=self.witness.name, reason=reason)


class _Line:
    """The connection of one request, which can be cut while another thread waits on it.

    The time limits of a connection start anew with each byte of an answer's head; this one does not.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._late = False
        self._gate = threading.Lock()

    def trace(self, event: str, parts: dict[str, Any]) -> None:
        """Hear of what happens to the request (httpx's `trace` extension): learn which socket it takes."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            with self._gate:
                self._socket = parts["return_value"].get_extra_info("socket")
            if self._late:
                self._cut()

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Cut the connection unless the block ends before."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._late = True
        with self._gate:
            if self._socket is not None:
                with suppress(OSError):  # it is closed already
                    # The class's own: that of a TLS socket would pull the session from under its reader.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _text(answer: bytes) -> str:
    try:
        return answer.decode()
    except UnicodeDecodeError as error:
        raise MalformedNote(reason=Said("不是 UTF-8", "not UTF-8")) from error
