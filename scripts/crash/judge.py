"""Says what a database broke of the promises a diary holds; empty when it broke none.

Believes neither the product's tree nor its audit alone: roots are computed by `plain_tree` as well, and
an audit that finds nothing in an altered copy is a fault itself.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import update
from sqlmodel import Session, col, select

from crash.diary import Diary
from crash.plain_tree import roots_at
from ledger.audits import audit as auditing
from ledger.checkpoint import SignedCheckpoint, open_checkpoint
from ledger.errors import DaodiError
from ledger.note import NoteKey
from ledger.tables import CheckpointRow, EntryRow, PendingRow, StateRow


class Breach(StrEnum):
    """What can be wrong."""

    LOST = "lost"
    """An acknowledged statement is not in the log."""
    HELD = "held"
    """An acknowledged statement was set aside."""
    REPEATED = "repeated"
    """A statement stands in the log twice."""
    GAP = "gap"
    """Indices do not run from 0 without a hole."""
    FORK = "fork"
    """Two heads, or a head and the entries, contradict each other."""
    REGRESSED = "regressed"
    """A head is smaller than one published before it."""
    AUDIT = "audit"
    """The audit names a fault."""
    BLIND = "blind"
    """The audit does not name a fault that is there."""
    STUCK = "stuck"
    """The service does not start again, or not drain."""
    SLOW = "slow"
    """The service took too long to start again."""
    SWALLOWED = "swallowed"
    """Statements were acknowledged although what makes them durable had failed."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise."""

    breach: Breach
    words: str

    def __str__(self) -> str:
        return f"{self.breach}: {self.words}"


Auditor = Callable[[Session, str, Sequence[str]], Sequence[object]]
"""Given a session, the log's vkey and checkpoints kept outside, returns the faults it finds."""


def product_audit(session: Session, vkey: str, kept: Sequence[str]) -> Sequence[object]:
    """Audit with the product's own audit."""
    return auditing.audit(session, vkey, kept).faults


def judge(session: Session, vkey: str, diary: Diary, auditor: Auditor = product_audit) -> list[Violation]:
    """Hold the database against the diary. Everything acknowledged has to be integrated by now."""
    kept, broken = _kept_heads(diary, NoteKey.from_vkey(vkey))
    leaves = session.exec(select(EntryRow.leaf).order_by(col(EntryRow.entry_index))).all()
    return [
        *broken,
        *_entries(session),
        *_acknowledged(session, diary),
        *_heads(session, kept, leaves),
        *_audited(session, vkey, diary, auditor),
    ]


def _kept_heads(diary: Diary, key: NoteKey) -> tuple[list[SignedCheckpoint], list[Violation]]:
    opened: list[SignedCheckpoint] = []
    broken: list[Violation] = []
    for note in diary.heads:
        try:
            opened.append(open_checkpoint(note, key))
        except DaodiError as error:
            broken.append(Violation(Breach.FORK, f"a published head does not open: {error}"))
    for before, after in pairwise(opened):
        if after.size < before.size:
            broken.append(Violation(Breach.REGRESSED, f"size {after.size} published after {before.size}"))
        elif after.size == before.size and after.root != before.root:
            broken.append(Violation(Breach.FORK, f"two roots at size {after.size}"))
    return opened, broken


def _entries(session: Session) -> Iterator[Violation]:
    rows = session.exec(
        select(EntryRow.entry_index, EntryRow.statement_id).order_by(col(EntryRow.entry_index))
    ).all()
    size = session.exec(select(StateRow.size)).one()
    if [index for index, _ in rows] != list(range(size)):
        yield Violation(Breach.GAP, f"{len(rows)} entries stand for a size of {size}, or not at their places")
    for name, count in Counter(name for _, name in rows).items():
        if count > 1:
            yield Violation(Breach.REPEATED, f"{name} stands there {count} times")


def _acknowledged(session: Session, diary: Diary) -> Iterator[Violation]:
    logged = set(session.exec(select(EntryRow.statement_id)))
    waiting = dict(session.exec(select(PendingRow.statement_id, PendingRow.fault)).all())
    for name in dict.fromkeys(diary.acknowledged):
        if name in logged:
            continue
        if waiting.get(name):
            yield Violation(Breach.HELD, f"{name}: {waiting[name]}")
        else:
            yield Violation(Breach.LOST, f"{name}{' still waits' if name in waiting else ''}")


def _heads(session: Session, kept: list[SignedCheckpoint], leaves: Sequence[bytes]) -> Iterator[Violation]:
    roots = roots_at(leaves, [head.size for head in kept])
    for head in kept:
        if roots.get(head.size) != head.root:
            yield Violation(Breach.FORK, f"the entries do not give the head published at size {head.size}")
    signed = max(session.exec(select(CheckpointRow.size)), default=0)
    published = max((head.size for head in kept), default=0)
    if signed < published:
        yield Violation(Breach.REGRESSED, f"signed up to {signed}, published up to {published}")


def _audited(session: Session, vkey: str, diary: Diary, auditor: Auditor) -> Iterator[Violation]:
    try:
        for fault in auditor(session, vkey, list(dict.fromkeys(diary.heads))):
            yield Violation(Breach.AUDIT, str(fault))
    except DaodiError as error:
        yield Violation(Breach.AUDIT, f"it could not be audited: {error}")


def blind_spots(
    session: Session, vkey: str, chance: random.Random, auditor: Auditor = product_audit
) -> list[Violation]:
    """Alter one byte of one entry and have it audited: an auditor that names nothing is worth nothing.

    The caller rolls `session` back.
    """
    index = chance.choice(session.exec(select(EntryRow.entry_index)).all())
    leaf = bytearray(session.exec(select(EntryRow.leaf).where(EntryRow.entry_index == index)).one())
    place = chance.randrange(len(leaf))
    leaf[place] ^= 1 << chance.randrange(8)
    change = update(EntryRow).where(col(EntryRow.entry_index) == index).values(leaf=bytes(leaf))
    session.connection().execute(change)
    if auditor(session, vkey, ()):
        return []
    return [Violation(Breach.BLIND, f"byte {place} of entry {index} was changed and nobody noticed")]
