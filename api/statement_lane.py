"""The lane by which statements signed outside enter: gathered, checked and committed in groups.

A group costs one look at its tokens and keys, one round of signature checks and one transaction, however
many statements it holds; each statement fails alone. What the lane answers is committed.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, TypeAlias

import structlog
from sqlmodel import Session

from api.errors import ScopeMissing, WriteInterrupted, WriterClosed
from api.gathering import gather
from api.tokens import Scope, TokenHolder, check_tokens, require_party, tokens_asked
from api.writer import Writer
from ledger.clock import Clock
from ledger.entry import SignedStatement
from ledger.errors import BadSignature, DaodiError, DuplicateStatement, UnknownKey
from ledger.writing.bulk import ask_together
from ledger.writing.open_kinds import check_open
from ledger.writing.outbox import submit_many
from ledger.writing.repeats import repeated

_log = structlog.get_logger(__name__)

LINGER_SECONDS: Final = 0.002
"""How long a group waits for more: a little, since what a group costs hardly depends on its size."""

Note: TypeAlias = Callable[[Session, Sequence[TokenHolder]], None]
"""Notes who handed in the statements of a group, one holder for each, in the transaction that stores them."""

Check: TypeAlias = Callable[[Sequence[tuple[bytes, bytes, bytes]]], list[bool]]
"""Tells of each (raw public key, message, signature) whether the signature is good."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A statement that is durably stored."""

    statement_id: str
    leaf_hash: bytes
    """What the tree will hold, or holds: SHA-256(0x00 || leaf)."""
    index: int | None = None
    """Place of its entry in the log; None while it waits to be integrated."""
    replayed: bool = False
    """Whether this very statement was stored before; nothing was written again."""


_Outcome: TypeAlias = TakenIn | Exception


@dataclass(frozen=True, slots=True, eq=False)
class _Delivered:
    """One statement as it came in, and whom to tell."""

    token: str
    signed: SignedStatement
    answer: "asyncio.Future[TakenIn]"

    def tell(self, outcome: _Outcome) -> None:
        """Answer, in the event loop's thread; whoever gave up waiting is not told."""
        if self.answer.done():
            return
        if isinstance(outcome, TakenIn):
            self.answer.set_result(outcome)
        else:
            self.answer.set_exception(outcome)


@dataclass(frozen=True, slots=True)
class _Key:
    """A registered key and whom it was registered for."""

    raw: bytes
    holder: str


class StatementLane:
    """Takes signed statements from any number of tasks; one thread gathers and checks them."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Session]],
        check: Check,
        clock: Clock,
        note: Note,
        *,
        group_size: int = 256,
        linger_seconds: float = LINGER_SECONDS,
    ) -> None:
        """Use `writer` for what is good, at most `group_size` statements in one of its works.

        `linger_seconds` is how long a group waits for more to come.
        """
        self._writer = writer
        self._read = read
        self._check = check
        self._clock = clock
        self._note = note
        self._group_size = group_size
        self._linger = linger_seconds
        self._queue: queue.SimpleQueue[_Delivered | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="daodi-statements", daemon=True)
        self._thread.start()

    async def take(self, token: str, signed: SignedStatement) -> TakenIn:
        """Store `signed`, handed in under `token`, and return once it is committed.

        Raises `TokenRefused`, `ScopeMissing`, `NotYourParty`, `UnknownKey`, `KindNotOpen`, `NotYourName`,
        `WrongPublicPart`, `BadSignature`, what `submit_many` refuses, `WriteInterrupted`, `WriterClosed`.
        """
        answer: asyncio.Future[TakenIn] = asyncio.get_running_loop().create_future()
        with self._gate:
            if not self._open:
                raise WriterClosed
            self._queue.put(_Delivered(token, signed, answer))
        return await answer

    @property
    def alive(self) -> bool:
        """Whether the lane's thread runs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Refuse new statements, deal with all waiting ones and end the thread. May be called again."""
        with self._gate:
            if self._open:
                self._open = False
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = gather(self._queue, first, self._group_size, self._linger)
            try:
                self._deal_with(group)
            except Exception as error:  # noqa: BLE001  whatever it is, every caller must hear of it
                _log.exception("statement_group_failed", statements=len(group))
                _tell(group, [error] * len(group))
            if last:
                return

    def _deal_with(self, group: Sequence[_Delivered]) -> None:
        with self._read() as session:
            tokens, keys = _known(session, group, self._clock())
        admitted: list[_Delivered] = []
        asked: list[tuple[bytes, bytes, bytes]] = []
        refused: list[tuple[_Delivered, Exception]] = []
        for one in group:
            try:
                asked.append(_admitted(one, tokens[one.token], keys.get(one.signed.actor)))
            except DaodiError as error:
                refused.append((one, error))
            else:
                admitted.append(one)
        sound: list[_Delivered] = []
        for one, good in zip(admitted, self._check(asked), strict=True):
            if good:
                sound.append(one)
            else:
                refused.append((one, BadSignature(key=one.signed.actor)))
        _tell([one for one, _ in refused], [error for _, error in refused])
        if sound:
            self._write(
                sound, [holder for one in sound if isinstance(holder := tokens[one.token], TokenHolder)]
            )

    def _write(self, sound: Sequence[_Delivered], holders: Sequence[TokenHolder]) -> None:
        statements = [one.signed for one in sound]

        def committed(done: "Future[list[_Outcome]]") -> None:
            error = done.exception()
            if error is None:
                _tell(sound, done.result())
            elif len(sound) == 1 or isinstance(error, WriteInterrupted | WriterClosed):
                _tell(sound, [error if isinstance(error, Exception) else WriteInterrupted()] * len(sound))
            else:
                # Something in it broke the whole group where it should have failed alone.
                for one, holder in zip(sound, holders, strict=True):
                    self._write([one], [holder])

        def store(session: Session) -> list[_Outcome]:
            outcomes = _store(session, statements)
            self._note(session, holders)
            return outcomes

        promise = self._writer.promise(store)
        promise.add_done_callback(committed)


def _known(
    session: Session, group: Sequence[_Delivered], now_ms: int
) -> tuple[Mapping[str, TokenHolder | DaodiError], Mapping[str, _Key]]:
    """Return who holds each token of the group, and the registered ones of its keys by id.

    Whether a key still counts is the outbox's to judge.
    """
    tokens = {one.token for one in group}
    actors = {one.signed.actor for one in group}
    rows, keys = ask_together(session, tokens_asked(tokens), (_KEYS, (list(actors),)))
    return check_tokens(tokens, rows, now_ms), {key_id: _Key(raw, holder) for key_id, raw, holder in keys}


_KEYS: Final = "SELECT key_id, BYTES(raw), holder FROM ledger_key WHERE key_id AMONG ?"


def _admitted(
    one: _Delivered, holder: TokenHolder | DaodiError, key: _Key | None
) -> tuple[bytes, bytes, bytes]:
    """Return what has to be checked of a statement whose bearer may hand it in; raises why he may not."""
    signed = one.signed
    if isinstance(holder, DaodiError):
        raise holder
    if not holder.scopes & {Scope.STEPS_WRITE, Scope.OPERATOR}:
        raise ScopeMissing(scope=Scope.STEPS_WRITE.value)
    if key is None:
        raise UnknownKey(key=signed.actor)
    require_party(holder.party, holder.scopes, key.holder)
    check_open(signed.statement, key.holder)
    if not isinstance(signed.signature, bytes):
        raise BadSignature(key=signed.actor)
    return key.raw, signed.signing_input(), signed.signature


def _store(session: Session, statements: Sequence[SignedStatement]) -> list[_Outcome]:
    placed = submit_many(session, statements, checked=True)
    outcomes: list[_Outcome] = []
    for signed, each in zip(statements, placed, strict=True):
        if isinstance(each, DuplicateStatement):
            again = repeated(session, signed)
            outcomes.append(
                each
                if again is None
                else TakenIn(signed.statement.id, again.leaf_hash, again.index, replayed=True)
            )
        elif isinstance(each, DaodiError):
            outcomes.append(each)
        else:
            outcomes.append(TakenIn(each.statement_id, each.leaf_hash))
    return outcomes


def _tell(group: Sequence[_Delivered], outcomes: Sequence[_Outcome]) -> None:
    """Answer a group with one wake-up of its event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Delivered, _Outcome]]] = {}
    for one, outcome in zip(group, outcomes, strict=True):
        by_loop.setdefault(one.answer.get_loop(), []).append((one, outcome))
    for loop, told in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_tell_all, told)


def _tell_all(told: Sequence[tuple[_Delivered, _Outcome]]) -> None:
    for one, outcome in told:
        one.tell(outcome)
