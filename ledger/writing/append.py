"""The one way leaves enter the log: appended to the tree, with the rows and tiles that follow, in one go.

Done in the caller's transaction. The state moves by compare-and-swap before anything else is written,
so whoever loses a race has written nothing, and whoever wins holds the row until the commit.
"""

from collections.abc import Sequence

from sqlmodel import Session

from ledger import store
from ledger.entry import Entry, SignedStatement
from ledger.errors import DaodiError, LogForked, LostRace, Said, StatementHeld
from ledger.merkle import Frontier, NodeReader
from ledger.store import Extent, Leaf
from ledger.tree.tiles import extend, node_reader
from ledger.writing.admission import admit
from ledger.writing.placement import Placement, held_words


def append_leaves(session: Session, old: Extent, leaves: Sequence[Leaf]) -> None:
    """Append checked `leaves` to the log that reaches as far as `old`.

    Raises `LostRace` when somebody extended the log since `old` was read, and `LogForked` when the
    stored tiles do not give its root: nothing is then written.
    """
    tile = store.tile_reader(session, edge_of=old.size)
    frontier = taken_up(old, node_reader(tile))
    tiles = extend(frontier, [leaf.leaf_hash for leaf in leaves], tile)
    if not store.swap_state(session, old, Extent(frontier.size, frontier.root())):
        raise LostRace(size=old.size)
    store.write_entries(session, old.size, leaves)
    store.write_tiles(session, tiles)


def append_statements(
    session: Session, signed: Sequence[SignedStatement], *, checked: bool = False
) -> list[Entry | DaodiError]:
    """Bring signed statements straight into the log, past the outbox: for imports and restores.

    Returns the entry of each statement that passes the gate and for each other what is wrong with it, in
    order. With `checked` the caller has verified the signatures. A few thousand at a time keep memory and
    locks small; the sequencer signs afterwards. Raises `StatementHeld` when one builds on what still waits
    for its index (an earlier statement on its subject, its key): drain first. Raises `LostRace`,
    `LogForked` and `LogNotFounded`. Whatever is raised, the transaction has to be rolled back.
    """
    outcomes = admit(session, signed, checked=checked, waiting=False)
    entries = [outcome for outcome in outcomes if isinstance(outcome, Entry)]
    after = store.extent_of(session)
    placement = Placement(session, after.size, [entry.statement.id for entry in entries], entries)
    for entry in entries:
        fault = placement.fault(entry.statement.id, entry)
        if fault is not None:
            raise StatementHeld(id=entry.statement.id, reason=held_words(fault))
    append_leaves(session, after, [leaf_of(entry) for entry in entries])
    return outcomes


def leaf_of(entry: Entry) -> Leaf:
    """Return an entry as it is stored."""
    said = entry.statement
    return Leaf(said.id, said.subject, entry.seq, entry.leaf_hash, entry.leaf_bytes)


def taken_up(at: Extent, node: NodeReader) -> Frontier:
    """Return the stored tree's right edge at a size once it gives the root there; raises `LogForked`."""
    size = at.size
    try:
        frontier = Frontier.at(size, node)
    except DaodiError as error:
        raise LogForked(size=size, reason=error) from error
    if frontier.root() != at.root:
        raise LogForked(
            size=size,
            reason=Said(f"哈希块推不出大小 {size} 的根", f"the tiles do not give the root at size {size}"),
        )
    return frontier
