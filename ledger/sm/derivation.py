"""What must hold before the SM3 tree is extended or signed, read back from the rows and hashed again."""

from collections.abc import Iterator

from sqlmodel import Session

from ledger import store as log_store
from ledger.errors import BadProof, ProofOutOfRange, Said
from ledger.merkle import Frontier, leaf_hashes_of, prove_consistency, tree_root, verify_consistency
from ledger.sm import store
from ledger.sm.errors import SmTreeForked
from ledger.sm.sm3 import SM3
from ledger.store import Extent
from ledger.tree.tiles import TILE_WIDTH, TileReader, node_reader, split_hashes


def bound_leaves(session: Session, begin: int, end: int, head: Extent) -> list[bytes]:
    """Return the leaves from `begin` to `end - 1` once they are proved to be those of the log's checkpoint.

    Raises `SmTreeForked`: an entry changed since it was signed must not enter another signed tree.
    """
    leaves: list[bytes] = []
    for index, _, leaf in log_store.leaves_between(session, begin, end):
        if index != begin + len(leaves):
            break
        leaves.append(leaf)
    if len(leaves) != end - begin:
        raise SmTreeForked(size=begin, reason=_entry_said(begin + len(leaves)))
    node = node_reader(log_store.tile_reader(session, edge_of=head.size))
    try:
        frontier = Frontier.at(begin, node)
        frontier.extend(leaf_hashes_of(leaves))
        proof = prove_consistency(end, head.size, node)
        verify_consistency(end, head.size, frontier.root(), head.root, proof)
    except (BadProof, ProofOutOfRange) as error:
        raise SmTreeForked(
            size=begin,
            reason=Said(
                f"第 {begin} 至 {end - 1} 条记录不是账本检查点所承诺的",
                f"entries {begin} to {end - 1} are not what the log's checkpoint commits to",
            ),
        ) from error
    return leaves


def edge(at: Extent, tile: TileReader) -> Frontier:
    """Return the stored SM3 tree's right edge once it gives the root at that size; raises `SmTreeForked`."""
    try:
        frontier = Frontier.at(at.size, node_reader(tile, SM3), SM3)
    except ProofOutOfRange as error:
        raise SmTreeForked(size=at.size, reason=error) from error
    if frontier.root() != at.root:
        raise SmTreeForked(
            size=at.size, reason=Said("哈希块推不出它的根", "the tiles do not give the root there")
        )
    return frontier


def rederive(session: Session, last: Extent, state: Extent) -> None:
    """Hash again what was stored since `last`, and prove that it continues `last`; raises `SmTreeForked`."""
    tile = store.tile_reader(session, edge_of=state.size)
    node = node_reader(tile, SM3)
    frontier = edge(last, tile)
    for hashes in _read_back(session, tile, last.size, state.size):
        frontier.extend(hashes)
    try:
        roots = {frontier.root(), state.root, tree_root(state.size, node, SM3)}
        if frontier.size != state.size or len(roots) != 1:
            raise SmTreeForked(size=last.size, reason=Said("重算的根不同", "the recomputed root is another"))
        if last.size:
            proof = prove_consistency(last.size, state.size, node, SM3)
            verify_consistency(last.size, state.size, last.root, state.root, proof, SM3)
    except (BadProof, ProofOutOfRange) as error:
        raise SmTreeForked(size=last.size, reason=error) from error


def _read_back(session: Session, tile: TileReader, begin: int, end: int) -> Iterator[list[bytes]]:
    """Give the SM3 hashes of the stored leaves, a tile at a time, once leaves and tiles agree."""
    while begin < end:
        at, place = divmod(begin, TILE_WIDTH)
        stop = min(end, (at + 1) * TILE_WIDTH)
        rows = list(log_store.leaves_between(session, begin, stop))
        hashes = leaf_hashes_of([leaf for _, _, leaf in rows], SM3)
        if hashes != split_hashes(tile(0, at))[place : place + stop - begin]:
            raise SmTreeForked(size=begin, reason=_entry_said(begin))
        yield hashes
        begin = stop


def _entry_said(index: int) -> Said:
    return Said(f"第 {index} 条记录起", f"from entry {index} on")
