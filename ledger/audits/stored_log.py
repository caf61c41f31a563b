"""A log in its database, read for an audit, and the rows of it that no entry accounts for.

SQLite keeps a value of any type in any column when told to: what is no whole number, or no text, where
one belongs is judged as a false one.
"""

from collections.abc import Iterator

from sqlalchemy import BigInteger, cast
from sqlmodel import Session, col, select

from ledger import store
from ledger.audits.faults import AuditFault, EntryMissing, HashAltered, StateFalse
from ledger.audits.log_source import Page
from ledger.errors import Said
from ledger.note import NoteKey
from ledger.tables import CheckpointRow, EntryRow, StateRow, TileRow
from ledger.tree.tiles import TILE_WIDTH, tile_widths
from ledger.witnessing.witness_tables import CosignatureRow

_PAGE = 4 * TILE_WIDTH
_ENTRY = select(
    *(
        getattr(EntryRow, name)
        for name in ("entry_index", "leaf", "leaf_hash", "statement_id", "subject", "seq")
    )
)


class StoredLog:
    """The log in `session`; raises `LogNotFounded` when made from a database without one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._state = store.state_of(session)

    def notes(self) -> list[tuple[int, str]]:
        """Return every checkpoint row, the lines of its witnesses below it."""
        connection = self._session.connection()
        signed = connection.execute(select(CheckpointRow.size, CheckpointRow.note))
        notes = {_whole(size): _text(note) for size, note in signed}
        lines = select(CosignatureRow.size, CosignatureRow.line).order_by(CosignatureRow.vkey)
        for size, line in connection.execute(lines):
            notes[_whole(size)] = notes.get(_whole(size), "") + _text(line)
        return sorted(notes.items())

    def reach(self, size: int) -> int:
        """Return no more than the stored rows could account for."""
        return min(size, store.reach(self._session))

    def pages(self, size: int) -> Iterator[Page]:
        """Give the entries with the columns beside them."""
        connection = self._session.connection()
        for begin in range(0, size, _PAGE):
            end = min(begin + _PAGE, size)
            wanted = _ENTRY.where(col(EntryRow.entry_index) >= begin, col(EntryRow.entry_index) < end)
            page = Page(begin, [None] * (end - begin), [None] * (end - begin))
            for index, leaf, *columns in connection.execute(wanted):
                if not isinstance(index, int):
                    continue  # `beyond` names it
                page.leaves[index - begin] = leaf
                page.columns[index - begin] = tuple(columns)  # type: ignore[index]
            yield page

    def tile(self, level: int, index: int, width: int) -> bytes:  # noqa: ARG002  a row holds whatever it holds
        """Return the stored row of a tile, longer or shorter than it should be."""
        wanted = select(TileRow.hashes).where(TileRow.level == level, TileRow.tile_index == index)
        return self._session.connection().execute(wanted).scalar() or b""

    def sizes(self) -> set[int]:
        """Return the size the state row claims."""
        return {_whole(self._state.size)}

    def beyond(self, walked: int, expected: int) -> Iterator[AuditFault]:
        """Give a fault for each row outside the log: entries before it or after it, tiles the tree lacks."""
        connection = self._session.connection()
        place = col(EntryRow.entry_index)
        outside = (place >= walked) | (place < 0) | (place != cast(place, BigInteger))
        for (index,) in connection.execute(select(EntryRow.entry_index).where(outside)):
            yield EntryMissing(index=_whole(index), expected="—", found=index)
        last = dict(tile_widths(expected).keys())
        for level, tile in connection.execute(select(TileRow.level, TileRow.tile_index)):
            if level not in last or not 0 <= _whole(tile) <= last[level]:
                yield HashAltered(index=expected, level=level)

    def state_faults(self, log: NoteKey, expected: int, roots: dict[int, bytes]) -> Iterator[AuditFault]:
        """Give what the state row says that the walk or the trusted key contradicts."""
        return _false_state(self._state, log, expected, roots)


def _false_state(
    state: StateRow, log: NoteKey, expected: int, roots: dict[int, bytes]
) -> Iterator[AuditFault]:
    if (state.origin, state.vkey) != (log.name, log.to_vkey()):
        yield StateFalse(
            index=_whole(state.size),
            reason=Said("名称或公钥属于另一个账本", "its name or key is another log's"),
        )
    if state.size != expected:
        yield StateFalse(
            index=_whole(state.size),
            reason=Said(f"检查点覆盖到 {expected} 条", f"checkpoints cover {expected} entries"),
        )
    elif state.root != roots.get(state.size):
        yield StateFalse(
            index=state.size, reason=Said("根哈希与记录不符", "its root is not what the entries give")
        )


def _whole(stored: object) -> int:
    """Return a stored number; for what is none a size and an index that no log has."""
    return stored if isinstance(stored, int) else -1


def _text(stored: object) -> str:
    """Return a stored text; for what is none one that is no note and no line."""
    return stored if isinstance(stored, str) else ascii(stored)
