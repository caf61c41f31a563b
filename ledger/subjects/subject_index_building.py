"""Makes the subject index of a log's published state, has the log state it, and keeps what proofs need.

The leaves are first gathered in a file outside the database, then written in small transactions that
nobody sees, and become an index in the transaction that submits the statement. Dying in between leaves
drafts, which the next run clears.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from sqlalchemy import delete, func, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from ledger.entry import Statement, sign_statement
from ledger.errors import DuplicateStatement
from ledger.keys import SigningKey
from ledger.merkle import Frontier, leaf_hashes_of
from ledger.subjects.subject_index import KIND, SUBJECT, SubjectHead, SubjectIndex
from ledger.subjects.subject_index_errors import SubjectIndexAltered
from ledger.subjects.subject_index_source import LoggedIndex, heads, is_kept, logged
from ledger.subjects.subject_index_tables import SubjectBundleRow, SubjectIndexRow, SubjectTileRow
from ledger.tree.tiles import FULL_TILE_SIZE, TILE_WIDTH, TileId, extend
from ledger.witnessing.publication import published
from ledger.writing import outbox

_BUNDLES_AT_ONCE: Final = 64
"""Bundles written in one transaction: some two megabytes, so that other writers wait for moments only."""

Opening = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class SubjectIndexer:
    """Makes subject indices; two that run at once cannot state two for one size."""

    read: Opening
    """Opens a session on one snapshot."""
    write: Opening
    """Opens a session whose transaction commits at the end of the block."""
    origin: str
    key: SigningKey
    """A current key of the log."""

    def run(self, now_ms: int) -> SubjectIndex | None:
        """Index the published state; None when it is indexed already.

        Rows of the newest logged index that are missing or altered are made anew from the log first. Raises
        `NoCheckpointYet`, `LogNotFounded`, and `SubjectIndexAltered` when the log's entries do not give the
        root that was logged, or another run got in between.
        """
        with self.read() as session:
            size = published(session).size
            newest = next(iter(logged(session, size)), None)
            base = newest.index if newest is not None and is_kept(session, newest.index) else None
        if newest is not None and base is None:
            self._restore(newest, now_ms)
            base = newest.index
        if self._is_stated(size):
            return None
        try:
            index = self._draft(size, base)
        except SubjectIndexAltered:
            index = self._draft(size, None)
        said = Statement(
            id=index.statement_id, kind=KIND, subject=SUBJECT, at_ms=now_ms, public=index.to_public()
        )
        with self.write() as session:
            _keep(session, index, now_ms)
            try:
                outbox.submit(session, sign_statement(said, self.origin, self.key))
            except DuplicateStatement as error:
                raise SubjectIndexAltered(size=size) from error
        return index

    def _restore(self, newest: LoggedIndex, now_ms: int) -> None:
        """Make the rows of a logged index anew."""
        index = newest.index
        with self.write() as session:
            session.connection().execute(
                delete(SubjectIndexRow).where(col(SubjectIndexRow.size) == index.size)
            )
            _clear(session, index.size)
        if self._draft(index.size, None) != index:
            raise SubjectIndexAltered(size=index.size)
        with self.write() as session:
            _keep(session, index, now_ms)

    def _is_stated(self, size: int) -> bool:
        with self.read() as session:
            return session.get(SubjectIndexRow, size) is not None

    def _draft(self, size: int, base: SubjectIndex | None) -> SubjectIndex:
        """Write the leaves and tiles of the index at `size`; nobody reads them before `_keep`."""
        with tempfile.TemporaryFile() as gathered:
            with self.read() as session:
                _gather(gathered, heads(session, size, base))
            with self.write() as session:
                _clear_drafts(session, size, base)
                _clear(session, size)
            gathered.seek(0)
            return self._written(size, gathered)

    def _written(self, size: int, leaves: Iterable[bytes]) -> SubjectIndex:
        frontier = Frontier()
        tails: dict[TileId, bytes] = {}

        def begun(level: int, index: int) -> bytes:
            return tails.get((level, index), b"")

        for begin, lines in _groups(leaves):
            tails |= extend(frontier, leaf_hashes_of(line[:-1] for line in lines), begun)
            whole = {at: joined for at, joined in tails.items() if len(joined) == FULL_TILE_SIZE}
            for at in whole:
                del tails[at]
            with self.write() as session:
                _insert(session, SubjectBundleRow, _bundles(size, begin, lines))
                _insert(session, SubjectTileRow, _tiles(size, whole))
        with self.write() as session:
            _insert(session, SubjectTileRow, _tiles(size, tails))
        return SubjectIndex(size, frontier.size, frontier.root())


def _gather(file: BinaryIO, found: Iterator[SubjectHead]) -> None:
    file.writelines(head.leaf() + b"\n" for head in found)


def _groups(leaves: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Give the lines some bundles at a time, each group with the index of its first bundle."""
    rest, begin = iter(leaves), 0
    while lines := list(islice(rest, _BUNDLES_AT_ONCE * TILE_WIDTH)):
        yield begin, lines
        begin += _BUNDLES_AT_ONCE


def _bundles(size: int, begin: int, lines: list[bytes]) -> list[dict[str, object]]:
    return [
        {
            "size": size,
            "bundle_index": begin + first // TILE_WIDTH,
            "first": SubjectHead.of_leaf(lines[first][:-1]).place,
            "leaves": b"".join(lines[first : first + TILE_WIDTH]),
        }
        for first in range(0, len(lines), TILE_WIDTH)
    ]


def _tiles(size: int, tiles: dict[TileId, bytes]) -> list[dict[str, object]]:
    return [
        {"size": size, "level": level, "tile_index": index, "hashes": hashes}
        for (level, index), hashes in tiles.items()
    ]


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, object]]) -> None:
    """Insert rows; one that another run has written already is the same row."""
    if rows:
        connection = session.connection()
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _keep(session: Session, index: SubjectIndex, now_ms: int) -> None:
    """Make drafts an index; raises `SubjectIndexAltered` when another run cleared some of them."""
    wanted = select(func.count()).select_from(SubjectBundleRow).where(SubjectBundleRow.size == index.size)
    if session.exec(wanted).one() != -(-index.count // TILE_WIDTH):
        raise SubjectIndexAltered(size=index.size)
    row = {"size": index.size, "subjects": index.count, "root": index.root, "made_ms": now_ms}
    session.connection().execute(insert(SubjectIndexRow).values(**row))


def _clear_drafts(session: Session, size: int, base: SubjectIndex | None) -> None:
    """Delete what no index of the newest logged one or later needs, and everything that never became one."""
    connection = session.connection()
    if base is not None:
        connection.execute(delete(SubjectIndexRow).where(col(SubjectIndexRow.size) < base.size))
    kept = select(SubjectIndexRow.size)
    for table in (SubjectBundleRow, SubjectTileRow):
        connection.execute(delete(table).where(col(table.size).not_in(kept), col(table.size) != size))


def _clear(session: Session, size: int) -> None:
    """Delete the rows of one index."""
    for table in (SubjectBundleRow, SubjectTileRow):
        session.connection().execute(delete(table).where(col(table.size) == size))
