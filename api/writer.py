"""The one writer: many threads hand in works, one thread commits them in groups.

A group is one transaction, with a SAVEPOINT for each work where there are several: one bad work fails
alone. Results are handed back only after COMMIT, so what is acknowledged is durable (docs/decisions: one
writer, then sequencer).
A group that loses a deadlock to another process is run again: a work is a function of its session.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.asking import Beside
from api.database import Database
from api.errors import WriteInterrupted, WriterClosed
from api.gathering import gather
from api.one_transaction import running

T = TypeVar("T")
_log = structlog.get_logger(__name__)

_RUN_AGAIN: Final = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected: the whole transaction may be run again (PostgreSQL,
section 13.5, "Serialization Failure Handling")."""
_MOST_RUNS: Final = 5


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    """One work and the promise its caller waits on."""

    work: Callable[[Session], T]
    promise: "Future[T]"


class Writer:
    """Commits works in groups of at most `group_size`; `after_commit` is told after each group."""

    def __init__(
        self,
        database: Database,
        after_commit: Callable[[], None] = lambda: None,
        *,
        group_size: int = 256,
        before: Callable[[], None] = lambda: None,
        beside: Callable[[], Sequence[Beside]] = tuple,
    ) -> None:
        """Begin; `before` is asked of every work handed in and raises why nothing may be promised now.

        `beside` is asked in the thread that hands a work in for what is written in the same savepoint.
        """
        self._database = database
        self._after_commit = after_commit
        self._group_size = group_size
        self._before = before
        self._beside = beside
        self._queue: queue.SimpleQueue[_Waiting[Any] | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="daodi-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Session], T], *, own: bool = False) -> T:
        """Run `work` in the next group, wait for its commit and return what it returned.

        `own` marks the process's own housekeeping, which is done whatever `before` says. Raises what
        `before` raises, what `work` raised (then nothing of it was written), `WriteInterrupted` when the
        group could not be committed, `WriterClosed` after `close`. `work` may run in another thread, may be
        run again after a deadlock, and must not wait for another `submit`.
        """
        session = running()
        if session is not None:  # a request answered in one transaction: this is a part of it
            with session.begin_nested():
                return work(session)
        return self.promise(work, own=own).result()

    def promise(self, work: Callable[[Session], T], *, own: bool = False) -> "Future[T]":
        """Queue `work` and return at once; the future ends after the commit. `own` as for `submit`."""
        if not own:
            self._before()
            work = _with(work, self._beside())
        promise: Future[T] = Future()
        with self._gate:
            if not self._open:
                raise WriterClosed
            self._queue.put(_Waiting(work, promise))
        return promise

    @property
    def alive(self) -> bool:
        """Whether the writing thread runs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Refuse new works, commit all waiting ones and end the thread. May be called again."""
        with self._gate:
            if self._open:
                self._open = False
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = gather(self._queue, first, self._group_size)
            self._commit(group)
            if last:
                return

    def _commit(self, group: Sequence[_Waiting[Any]]) -> None:
        try:
            outcomes = self._until_committed(group)
        except BaseException as error:  # noqa: BLE001  whatever it is, every caller must hear of it
            _log.error("group_failed", works=len(group), error=type(error).__name__)
            _fail_all(group, error)
            return
        for waiting, outcome in zip(group, outcomes, strict=True):
            outcome.deliver(waiting)
        self._tell()

    def _until_committed(self, group: Sequence[_Waiting[Any]]) -> "list[_Outcome]":
        runs = 0
        while True:
            runs += 1
            try:
                return self._once(group)
            except DBAPIError as error:
                if runs == _MOST_RUNS or not _may_run_again(error):
                    raise
                _log.warning("group_run_again", works=len(group), runs=runs)

    def _once(self, group: Sequence[_Waiting[Any]]) -> "list[_Outcome]":
        if len(group) == 1:
            return [self._alone(group[0])]
        outcomes: list[_Outcome] = []
        with self._database.write() as session:
            self._database.lock_group(session)
            for waiting in group:
                outcomes.append(_attempt(session, waiting))
                self._database.require_transaction(session)
        return outcomes

    def _alone(self, waiting: _Waiting[Any]) -> "_Outcome":
        """Run the only work of a group: its failure ends the transaction, so that it needs no savepoint."""
        failed: list[_Outcome] = []
        try:
            with self._database.write() as session:
                self._database.lock_group(session)
                try:
                    result = waiting.work(session)
                    session.flush()
                except Exception as error:
                    if not _breaks_group(error):
                        self._database.require_transaction(session)
                        failed.append(_Outcome(error=error))
                    raise
                self._database.require_transaction(session)
        except Exception:
            if failed:
                return failed[0]
            raise
        return _Outcome(result=result)

    def _tell(self) -> None:
        try:
            self._after_commit()
        except Exception:  # noqa: BLE001  the works are committed already; the fault is logged
            _log.exception("after_commit_failed")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one work came to, kept back until the commit."""

    result: Any = None
    error: BaseException | None = None

    def deliver(self, waiting: _Waiting[Any]) -> None:
        if self.error is None:
            waiting.promise.set_result(self.result)
        else:
            waiting.promise.set_exception(self.error)


def _with(work: Callable[[Session], T], beside: Sequence[Beside]) -> Callable[[Session], T]:
    """Return a work that also writes what belongs beside it."""
    if not beside:
        return work

    def both(session: Session) -> T:
        result = work(session)
        for each in beside:
            each(session)
        return result

    return both


def _attempt(session: Session, waiting: _Waiting[Any]) -> _Outcome:
    """Run one work in its own savepoint; only a broken connection or a lost deadlock may break the group."""
    try:
        with session.begin_nested():
            result = waiting.work(session)
    except Exception as error:
        if _breaks_group(error):
            raise
        return _Outcome(error=error)
    finally:
        # The next work must not meet this one's objects, nor change them before they are handed back.
        session.expunge_all()
    return _Outcome(result=result)


def _breaks_group(error: Exception) -> bool:
    """Tell what is the whole group's fault from what belongs to one work's caller."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _may_run_again(error))


def _may_run_again(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RUN_AGAIN


def _fail_all(group: Sequence[_Waiting[Any]], error: BaseException) -> None:
    for waiting in group:
        interrupted = WriteInterrupted()
        interrupted.__cause__ = error
        waiting.promise.set_exception(interrupted)
