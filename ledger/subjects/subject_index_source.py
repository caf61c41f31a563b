"""Where a subject index comes from: the log's entries, and the index before, merged.

Only the subjects that were spoken of since the last index are read from the log; all of it streams in the
order of the subjects' bytes, so that memory does not grow with the number of subjects.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, collate, func
from sqlmodel import Session, col, select

from ledger.entry import parse_leaf
from ledger.errors import BadProof
from ledger.merkle import Frontier, leaf_hashes_of
from ledger.subjects.subject_index import KIND, SUBJECT, SubjectHead, SubjectIndex
from ledger.subjects.subject_index_errors import SubjectIndexAltered
from ledger.subjects.subject_index_tables import SubjectBundleRow, SubjectIndexRow
from ledger.tables import EntryRow

_PAGE: Final = 4096
"""Rows fetched at a time."""
_LOOKED_BACK: Final = 8
"""Indices looked at; the rows of no more than the last two are kept."""


@dataclass(frozen=True, slots=True)
class LoggedIndex:
    """A subject index and the place of the entry that states it."""

    index: SubjectIndex
    entry_index: int


def logged(session: Session, below: int) -> list[LoggedIndex]:
    """Return the last few subject indices that entries with an index below `below` state, newest first."""
    wanted = select(EntryRow.entry_index, EntryRow.leaf).where(
        EntryRow.subject == SUBJECT, col(EntryRow.entry_index) < below
    )
    rows = session.exec(wanted.order_by(col(EntryRow.seq).desc()).limit(_LOOKED_BACK)).all()
    stated = [(entry_index, parse_leaf(leaf).statement) for entry_index, leaf in rows]
    return [
        LoggedIndex(SubjectIndex.of_public(said.public), entry_index)
        for entry_index, said in stated
        if said.kind == KIND
    ]


def is_kept(session: Session, index: SubjectIndex) -> bool:
    """Tell whether the rows that serve this index's proofs are here."""
    row = session.get(SubjectIndexRow, index.size)
    return row is not None and (row.subjects, row.root) == (index.count, index.root)


def heads(session: Session, size: int, base: SubjectIndex | None) -> Iterator[SubjectHead]:
    """Give the newest entry below `size` of every subject, in the order of the index.

    `base` is a smaller logged index that is kept here; without one the whole log is read. Raises
    `SubjectIndexAltered`, at the end, when what is kept of `base` does not give its logged root.
    """
    if base is None:
        return _spoken_of(session, 0, size)
    return merged(_kept(session, base), _spoken_of(session, base.size, size))


def merged(old: Iterator[SubjectHead], new: Iterator[SubjectHead]) -> Iterator[SubjectHead]:
    """Give the heads of both in order; where both have a subject, the new one's.

    >>> old, new = [SubjectHead("a", 1, b""), SubjectHead("b", 1, b"")], [SubjectHead("b", 2, b"")]
    >>> [(head.subject, head.count) for head in merged(iter(old), iter(new))]
    [('a', 1), ('b', 2)]
    """
    kept = next(old, None)
    for head in new:
        while kept is not None and kept.place < head.place:
            yield kept
            kept = next(old, None)
        if kept is not None and kept.place == head.place:
            kept = next(old, None)
        yield head
    while kept is not None:
        yield kept
        kept = next(old, None)


def _spoken_of(session: Session, begin: int, end: int) -> Iterator[SubjectHead]:
    """Give the head of each subject that has an entry from `begin` to `end - 1`, ordered by its bytes."""
    place = col(EntryRow.entry_index)
    newest = (
        select(EntryRow.subject, func.max(EntryRow.seq).label("newest"))
        .where(place >= begin, place < end)
        .group_by(EntryRow.subject)
        .subquery()
    )
    wanted = select(EntryRow.subject, EntryRow.seq, EntryRow.leaf_hash).join(
        newest, (col(EntryRow.subject) == newest.c.subject) & (col(EntryRow.seq) == newest.c.newest)
    )
    ordered = wanted.order_by(_by_bytes(session))
    with session.execute(ordered, execution_options={"yield_per": _PAGE}) as rows:
        for subject, seq, leaf_hash in rows:
            yield SubjectHead(subject, seq + 1, leaf_hash)


def _by_bytes(session: Session) -> ColumnElement[str]:
    """Order by UTF-8 bytes: SQLite's own order, PostgreSQL's under the collation "C"."""
    # BINARY is what SQLite compares by unless told otherwise.
    own = "C" if session.connection().dialect.name == "postgresql" else "BINARY"
    return collate(col(EntryRow.subject), own)


def _kept(session: Session, base: SubjectIndex) -> Iterator[SubjectHead]:
    """Give the leaves kept of `base`; unless they give its root, raise `SubjectIndexAltered` at the end."""
    frontier = Frontier()
    wanted = select(SubjectBundleRow.leaves).where(SubjectBundleRow.size == base.size)
    ordered = wanted.order_by(col(SubjectBundleRow.bundle_index))
    with session.execute(ordered, execution_options={"yield_per": 16}) as rows:
        for (joined,) in rows:
            leaves = joined.splitlines()
            frontier.extend(leaf_hashes_of(leaves))
            try:
                yield from map(SubjectHead.of_leaf, leaves)
            except BadProof as error:
                raise SubjectIndexAltered(size=base.size) from error
    if (frontier.size, frontier.root()) != (base.count, base.root):
        raise SubjectIndexAltered(size=base.size)
