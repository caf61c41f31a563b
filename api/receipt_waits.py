"""Callers who wait for finished receipts: woken when a checkpoint covers their statement.

Nobody holds a thread while waiting. One thread looks for all of them after each checkpoint and, since the
sequencer may run in another process, also every fifth of a second while somebody waits.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

import structlog
from sqlmodel import Session

from ledger.errors import DaodiError
from ledger.proofs.bundle import Receipt

_log = structlog.get_logger(__name__)

TICK_SECONDS: Final = 0.2
_Answer: TypeAlias = "asyncio.Future[Receipt]"


class ReceiptWaits:
    """The waiting callers of one process, by statement."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Session]],
        decided: Callable[[Session, list[str]], Mapping[str, Receipt | DaodiError]],
    ) -> None:
        """`decided` tells what is settled of some statements, leaving out those that still wait."""
        self._read = read
        self._decided = decided
        self._lock = threading.Lock()
        self._answers: dict[str, list[_Answer]] = {}
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="daodi-receipts", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many statements somebody waits for."""
        return len(self._answers)

    async def wait(self, statement_id: str, seconds: float) -> Receipt | None:
        """Return the receipt of a statement once a checkpoint covers it; None when `seconds` are over.

        Raises what forbids a receipt for ever, such as `StatementHeld`.
        """
        answer: _Answer = asyncio.get_running_loop().create_future()
        with self._lock:
            first = not self._answers
            self._answers.setdefault(statement_id, []).append(answer)
        if first:
            self._wake.set()
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            return None
        finally:
            self._forget(statement_id, answer)

    def wake(self) -> None:
        """Ask for a look soon; never waits."""
        self._wake.set()

    def look(self) -> None:
        """Answer every caller whose statement a checkpoint covers by now."""
        with self._lock:
            wanted = list(self._answers)
        if not wanted:
            return
        with self._read() as session:
            decided = self._decided(session, wanted)
        for statement_id, outcome in decided.items():
            self._answer(statement_id, outcome)

    def close(self) -> None:
        """End the thread; who still waits is answered by the end of his time."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(TICK_SECONDS if self._answers else None)
            self._wake.clear()
            try:
                self.look()
            except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
                _log.exception("receipt_look_failed")

    def _answer(self, statement_id: str, outcome: Receipt | DaodiError) -> None:
        with self._lock:
            answers = list(self._answers.get(statement_id, ()))
        for answer in answers:
            loop = answer.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_tell, answer, outcome)

    def _forget(self, statement_id: str, answer: _Answer) -> None:
        with self._lock:
            answers = self._answers[statement_id]
            answers.remove(answer)
            if not answers:
                del self._answers[statement_id]


def _tell(answer: _Answer, outcome: Receipt | DaodiError) -> None:
    if answer.done():
        return
    if isinstance(outcome, DaodiError):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
