"""An SM3 tree beside a small log."""

import hashlib

from sqlalchemy import text

from ledger.sm import store
from ledger.sm.audit import SmReport, audit_stored
from ledger.sm.checkpoint import Sm2NoteKey, tree_origin
from ledger.sm.follower import GROUP, Follower
from ledger.sm.keys import Sm2SigningKey
from ledger.writing.kept_heads import KeptHeads
from tests.ledger.plain_tree import mth
from tests.ledger.small_log import ORIGIN, SmallLog

SM_KEY = Sm2SigningKey(bytes(range(32, 64)))
TRUSTED = Sm2NoteKey(tree_origin(ORIGIN), SM_KEY.public)


def founded(log: SmallLog) -> None:
    """Begin the tree."""
    with log.write() as session:
        store.found(session, TRUSTED.to_vkey())


def follower(log: SmallLog, group: int = GROUP, kept: KeptHeads | None = None) -> Follower:
    """What follows this log."""
    return Follower(log.read, log.write, ORIGIN, SM_KEY, kept, group)


def leaves(log: SmallLog) -> list[bytes]:
    """Every leaf of the log, in order."""
    with log.engine.connect() as connection:
        rows = connection.execute(text("SELECT leaf FROM ledger_entry ORDER BY entry_index"))
        return [bytes(row[0]) for row in rows]


def sm3_hashes(log: SmallLog) -> list[bytes]:
    """The SM3 leaf hashes, by OpenSSL alone."""
    return [hashlib.new("sm3", b"\x00" + leaf).digest() for leaf in leaves(log)]


def root_at(log: SmallLog, size: int) -> bytes:
    """The root RFC 6962 gives with SM3, written down a second time."""
    return mth(sm3_hashes(log)[:size], "sm3")


def published(log: SmallLog) -> tuple[int, bytes, str]:
    """Size, root and note of the newest checkpoint."""
    with log.read() as session:
        head = store.published(session)
    return head.size, head.root, head.text


def sm_audit(log: SmallLog) -> SmReport:
    """Recompute it all."""
    with log.read() as session:
        return audit_stored(session, TRUSTED)
