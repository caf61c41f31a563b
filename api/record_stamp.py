"""One value that changes with everything public that a scan page is drawn from, but for scans.

Whatever changes the record is a statement: it waits with a number above all others, and later stands in the
log, whose size grows by it. The published checkpoint changes besides with witnesses' cosignatures and with
the policy. All of it is read by key, whatever the size of the log.
"""

import sqlite3
from typing import Final, TypeAlias

from sqlalchemy import text
from sqlmodel import Session

Stamp: TypeAlias = tuple[object, ...]
"""Compared for equality only; equal stamps mean equal pages."""

STAMP: Final = """
SELECT (SELECT size FROM ledger_state), (SELECT max(pending_id) FROM ledger_pending),
  (SELECT max(size) FROM ledger_checkpoint), policy.quorum_size, policy.text,
  (SELECT count(*) FROM ledger_cosignature WHERE size >= coalesce(policy.quorum_size, 0))
FROM (SELECT 1) AS one LEFT JOIN ledger_policy AS policy ON policy.policy_id = 1
"""
"""The query of one row whose columns are the stamp."""
_COMPILED: Final = text(STAMP)


def stamp_of(session: Session) -> Stamp:
    """Return the stamp of the snapshot that `session` reads."""
    return tuple(session.connection().execute(_COMPILED).one())


class StampOnSqlite:
    """The stamp as one connection of SQLite sees it; read again when another connection has committed."""

    def __init__(self, reader: sqlite3.Connection) -> None:
        """Read by `reader`, which nothing is written through."""
        self._reader = reader
        self._version: object = None
        self._stamp: Stamp = ()

    def now(self) -> Stamp:
        """Return the stamp of a snapshot begun after this call, or of an equal one."""
        version = self._reader.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._stamp = self._reader.execute(STAMP).fetchone()
            self._version = version
        return self._stamp
