"""Replays a whole log and names every fault at its index.

Believes nothing but the log's verifier key: every leaf is parsed and hashed anew, every
signature verified, every tile and every checkpoint ever signed compared. One pass in index
order; what it keeps grows with the number of statements, subjects and keys.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger import store
from ledger.checkpoint import open_checkpoint
from ledger.errors import DaodiError, Said
from ledger.faults import AuditFault, CheckpointFalse, EntryMissing, HashAltered, StateFalse
from ledger.merkle import EMPTY_ROOT, HASH_SIZE, Frontier
from ledger.note import NoteKey
from ledger.replay import Replay
from ledger.tables import CheckpointRow, EntryRow, StateRow, TileRow
from ledger.tiles import FULL_TILE_SIZE, TILE_WIDTH, TileId, extend, split_hashes, tile_widths

_PAGE = 4 * TILE_WIDTH
"""Entries read at a time: whole tiles, so that only the last page ends in a partial one."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a replay found."""

    entries: int
    """How many entries were replayed."""
    root: bytes
    """Root recomputed from their bytes."""
    checkpoints: int
    """How many stored checkpoints were compared."""
    faults: tuple[AuditFault, ...]
    """In order of index; empty when the log is sound."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def audit(session: Session, trusted_vkey: str, kept: Iterable[str] = ()) -> AuditReport:
    """Replay the log in `session` against its verifier key.

    `kept` are checkpoints that somebody outside kept: only they can show that a whole tail of
    the log, checkpoints included, was cut off or written anew. An entry that is missing is
    bridged with its stored tile hash, so that what follows is still checked at its own index.
    Raises `MalformedNote` or `BadPublicKey` for an unusable vkey, `LogNotFounded`, and what
    `open_checkpoint` raises when a kept checkpoint is not this log's.
    """
    log = NoteKey.from_vkey(trusted_vkey)
    notes = sorted({*_stored_notes(session), *((open_checkpoint(note, log).size, note) for note in kept)})
    state = store.state_of(session)
    sizes = {state.size, *(size for size, _ in notes)}
    expected = max(sizes)
    # Sizes are claims: a false one must not make the audit count to it.
    walked = min(expected, store.reach(session))
    walk = _Walk(session, Replay(log), sizes)
    walk.run(walked)
    faults = [
        *walk.replay.faults,
        *walk.tile_faults,
        *_tail_missing(walked, expected),
        *_extra_entries(session, walked),
        *_extra_tiles(session, expected),
        *_false_checkpoints(notes, log, walk.roots),
        *_false_state(state, log, expected, walk.roots),
    ]
    faults.sort(key=lambda fault: fault.index)
    return AuditReport(walk.replayed, walk.frontier.root(), len(notes), tuple(faults))


class _Walk:
    """One pass over the stored entries that grows the tree beside them."""

    def __init__(self, session: Session, replay: Replay, wanted_sizes: set[int]) -> None:
        self.session = session
        self.replay = replay
        self.frontier = Frontier()
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}
        """Recomputed root at every size a checkpoint was signed for."""
        self.tile_faults: list[AuditFault] = []
        self.replayed = 0
        self._wanted = wanted_sizes
        self._tails: dict[TileId, bytes] = {}
        self._stored = store.tile_reader(session)

    def run(self, expected: int) -> None:
        """Replay the entries from 0 to `expected - 1` and compare every tile they give."""
        for begin in range(0, expected, _PAGE):
            page = list(self._hashes(begin, min(begin + _PAGE, expected)))
            changed = extend(begin, page, lambda level, index: self._tails.get((level, index), b""))
            for tile_id, hashes in changed.items():
                self._tails.pop(tile_id, None)
                if len(hashes) == FULL_TILE_SIZE:
                    self._compare(tile_id, hashes)
                else:
                    self._tails[tile_id] = hashes
        for tile_id, hashes in self._tails.items():
            self._compare(tile_id, hashes)

    def _hashes(self, begin: int, end: int) -> Iterator[bytes]:
        """Give the leaf hash at each index of a page, checking the entries on the way."""
        rows = {row.entry_index: row for row in store.entries_between(self.session, begin, end)}
        for index in range(begin, end):
            row = rows.get(index)
            if row is None:
                self.replay.missing(index)
                hashed = self._stored_hash(index)
            else:
                self.replayed += 1
                hashed = self.replay.entry(row)
                self.session.expunge(row)
            self.frontier.append(hashed)
            if self.frontier.size in self._wanted:
                self.roots[self.frontier.size] = self.frontier.root()
            yield hashed

    def _stored_hash(self, index: int) -> bytes:
        tile, place = divmod(index, TILE_WIDTH)
        hashes = split_hashes(self._stored(0, tile))
        return hashes[place] if place < len(hashes) else bytes(32)

    def _compare(self, tile_id: TileId, expected: bytes) -> None:
        """Report where a stored tile differs, unless an entry below is already known to be at fault."""
        level, tile = tile_id
        span = TILE_WIDTH**level
        joined = self._stored(level, tile)
        stored = split_hashes(joined)
        for place, hashed in enumerate(split_hashes(expected)):
            if place < len(stored) and stored[place] == hashed:
                continue
            first = (tile * TILE_WIDTH + place) * span
            if not self.replay.faulty_between(first, first + span):
                self.tile_faults.append(HashAltered(index=first, level=level))
                return
        if len(joined) > len(expected):
            beyond = (tile * TILE_WIDTH + len(expected) // HASH_SIZE) * span
            self.tile_faults.append(HashAltered(index=beyond, level=level))


def _stored_notes(session: Session) -> list[tuple[int, str]]:
    return list(session.exec(select(CheckpointRow.size, CheckpointRow.note)))


def _tail_missing(walked: int, expected: int) -> Iterator[AuditFault]:
    """One fault for all the entries far beyond what is stored."""
    if walked < expected:
        yield EntryMissing(index=walked, expected=f"{walked} … {expected - 1}", found="—")


def _extra_entries(session: Session, expected: int) -> Iterator[AuditFault]:
    """Entries nobody signed for: beyond the log's size, or before its beginning."""
    outside = (col(EntryRow.entry_index) >= expected) | (col(EntryRow.entry_index) < 0)
    for index in session.exec(select(EntryRow.entry_index).where(outside)):
        yield EntryMissing(index=index, expected="—", found=index)


def _extra_tiles(session: Session, expected: int) -> Iterator[AuditFault]:
    """Tiles beyond the tree; tiles it lacks are reported where they are compared."""
    last = dict(tile_widths(expected).keys())
    for level, tile in session.exec(select(TileRow.level, TileRow.tile_index)):
        if level not in last or not 0 <= tile <= last[level]:
            yield HashAltered(index=expected, level=level)


def _false_checkpoints(
    notes: list[tuple[int, str]], log: NoteKey, roots: dict[int, bytes]
) -> Iterator[AuditFault]:
    """Checkpoints the log did not sign, and the first whose root its entries do not give.

    Later ones fail for the same cause: a root commits to everything before it.
    """
    diverged = False
    for size, note in notes:
        try:
            signed = open_checkpoint(note, log)
        except DaodiError as error:
            yield CheckpointFalse(index=size, reason=error)
            continue
        if signed.size != size:
            yield CheckpointFalse(
                index=size, reason=Said(f"签名的大小是 {signed.size}", f"its signed size is {signed.size}")
            )
        elif signed.root != roots.get(size) and not diverged:
            diverged = True
            yield CheckpointFalse(
                index=size, reason=Said("根哈希与记录不符", "its root is not what the entries give")
            )


def _false_state(
    state: StateRow, log: NoteKey, expected: int, roots: dict[int, bytes]
) -> Iterator[AuditFault]:
    if (state.origin, state.vkey) != (log.name, log.to_vkey()):
        yield StateFalse(
            index=state.size, reason=Said("名称或公钥属于另一个账本", "its name or key is another log's")
        )
    if state.size != expected:
        yield StateFalse(
            index=state.size,
            reason=Said(f"检查点覆盖到 {expected} 条", f"checkpoints cover {expected} entries"),
        )
    elif state.root != roots.get(state.size):
        yield StateFalse(
            index=state.size, reason=Said("根哈希与记录不符", "its root is not what the entries give")
        )
