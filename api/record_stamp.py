"""One value that changes with everything public that a scan page is drawn from, but for scans.

Whatever changes the record is a statement: it waits with a number above all others, and later stands in the
log, whose size grows by it. The published checkpoint changes besides with witnesses' cosignatures and with
the policy. All of it is read by key, whatever the size of the log.
"""

from typing import Final, TypeAlias

from sqlalchemy import text
from sqlmodel import Session

Stamp: TypeAlias = tuple[object, ...]
"""Compared for equality only; equal stamps mean equal pages."""

_STAMP: Final = text(
    """
SELECT (SELECT size FROM ledger_state), (SELECT max(pending_id) FROM ledger_pending),
  (SELECT max(size) FROM ledger_checkpoint), policy.quorum_size, policy.text,
  (SELECT count(*) FROM ledger_cosignature WHERE size >= coalesce(policy.quorum_size, 0))
FROM (SELECT 1) AS one LEFT JOIN ledger_policy AS policy ON policy.policy_id = 1
"""
)


def stamp_of(session: Session) -> Stamp:
    """Return the stamp of the snapshot that `session` reads."""
    return tuple(session.connection().execute(_STAMP).one())
