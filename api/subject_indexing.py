"""The thread that has the log state its subject index once a day.

It holds no truth: what is due follows from the indices in the database, and a run that fails is tried
again at the next look.
"""

import threading
from collections.abc import Callable
from typing import Final

import structlog
from sqlmodel import col, select

from api.looking import Looking
from ledger.clock import Clock
from ledger.errors import NoCheckpointYet
from ledger.subjects.subject_index import SubjectIndex
from ledger.subjects.subject_index_building import SubjectIndexer
from ledger.subjects.subject_index_tables import SubjectIndexRow

_log = structlog.get_logger(__name__)
_HOUR_MS: Final = 3_600_000


class SubjectIndexing:
    """Runs the indexer when the newest index is old enough; `run` may also be called by hand."""

    def __init__(
        self, indexer: Callable[[], SubjectIndexer], clock: Clock, after: Callable[[], None], *, hours: float
    ) -> None:
        """`indexer` gives one with the log's key of the moment; `after` is called when one was submitted."""
        self._indexer = indexer
        self._clock = clock
        self._after = after
        self._every_ms = int(hours * _HOUR_MS)
        self._turn = threading.Lock()
        self._looking = Looking(self.look, "daodi-subject-index")

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def run(self) -> SubjectIndex | None:
        """Index the published state now; None when that is done. Raises what `SubjectIndexer.run` raises."""
        with self._turn:
            index = self._indexer().run(self._clock())
        if index is not None:
            self._after()
        return index

    def run_if_due(self) -> SubjectIndex | None:
        """Index unless the newest index is younger than a day, or nothing is published yet."""
        with self._indexer().read() as session:
            newest = select(SubjectIndexRow.made_ms).order_by(col(SubjectIndexRow.size).desc()).limit(1)
            made_ms = session.exec(newest).first()
        if made_ms is not None and self._clock() - made_ms < self._every_ms:
            return None
        try:
            return self.run()
        except NoCheckpointYet:
            return None

    def close(self) -> None:
        """End the thread; an index that is being made is finished first."""
        self._looking.close()

    def look(self) -> None:
        """Do what is due; a failure is logged and waits for the next look."""
        try:
            self.run_if_due()
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("subject_index_failed")
