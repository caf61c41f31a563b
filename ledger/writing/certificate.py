"""Signs a checkpoint, once everything that must hold before a signature was read back and proved."""

from sqlmodel import Session

from ledger import store
from ledger.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, sign_checkpoint
from ledger.errors import BadProof, DaodiError, LogForked, ProofOutOfRange, Said
from ledger.keyring.log_keys import Signers, at_size
from ledger.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    leaf_hash,
    prove_consistency,
    tree_root,
    verify_consistency,
)
from ledger.note import NoteKey
from ledger.store import Extent
from ledger.tables import StateRow
from ledger.tree.tiles import TILE_WIDTH, TileReader, node_reader
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.publication import refuse_below_witnesses
from ledger.writing.append import taken_up
from ledger.writing.kept_heads import KeptHeads


def certify(session: Session, origin: str, state: StateRow, signers: Signers, kept: KeptHeads | None) -> None:
    """Sign a checkpoint over what `state` says is integrated, unless it is signed already.

    The signature is durable in `kept` before the caller's commit lets anybody see it. What an earlier run
    signed and did not live to commit is taken up. Raises `LogForked` when what is stored does not continue
    every checkpoint known, what `refuse_below_witnesses` raises, and what `signers` raises; nothing is then
    signed.
    """
    last = _last_signed(session, origin, state, kept)
    refuse_below_witnesses(session, last.size)
    if state.size > last.size:
        keys = signers(session, state.size)
        if not keys:
            raise LogForked(size=last.size, reason=Said("其中没有账本密钥", "it holds no key of the log"))
        _rederive(session, state, last)
        signed = sign_checkpoint(Checkpoint(origin, state.size, state.root), keys)
        if kept is not None:
            kept.write(signed.size, signed.text)
        store.write_checkpoint(session, signed.size, signed.text)
    elif state.root != last.root:
        raise LogForked(size=last.size, reason=_state_said(state))


def _last_signed(session: Session, origin: str, state: StateRow, kept: KeptHeads | None) -> Checkpoint:
    """Return the newest checkpoint of database and folder, once the stored tree contains both.

    The one that is behind is brought up to it. Raises `LogForked`.
    """
    row = store.last_checkpoint(session)
    stored = None if row is None else _opened(session, origin, row.size, row.note)
    found = None if kept is None else kept.read()
    same = row is not None and found == (row.size, row.note)
    beside = stored if same else None if found is None else _opened(session, origin, *found)
    heads = [head for head in (stored, beside) if head is not None]
    if not heads:
        return Checkpoint(origin, 0, EMPTY_ROOT)
    last = max(heads, key=lambda head: head.size)
    # Another sequencer may have integrated and signed since the state was read.
    if state.size < last.size and store.state_of(session).size < last.size:
        raise LogForked(size=last.size, reason=_state_said(state))
    node = node_reader(store.tile_reader(session, edge_of=last.size))
    for at in {Extent(head.size, head.root) for head in heads}:
        taken_up(at, node)
    if kept is not None and (beside is None or beside.size < last.size):
        kept.write(last.size, last.text)
    if stored is None or stored.size < last.size:
        store.write_checkpoint(session, last.size, last.text)
    return last.checkpoint


def _opened(session: Session, origin: str, size: int, note: str) -> SignedCheckpoint:
    """Return a checkpoint kept under `size` that a log key of that size signed; raises `LogForked`."""
    keys = at_size(session, size)
    try:
        signed = open_checkpoint(note, Policy(tuple(Log(NoteKey(origin, key)) for key in keys)))
    except DaodiError as error:
        raise LogForked(size=size, reason=error) from error
    if signed.size != size:
        raise LogForked(
            size=size, reason=Said(f"其签名的大小是 {signed.size}", f"its signed size is {signed.size}")
        )
    return signed


def _rederive(session: Session, state: StateRow, old: Checkpoint) -> None:
    """Hash again what was stored since `old`, and prove that it continues `old`; raises `LogForked`."""
    tile = store.tile_reader(session, edge_of=state.size)
    node = node_reader(tile)
    frontier = taken_up(Extent(old.size, old.root), node)
    try:
        frontier.extend(_read_back(session, tile, old.size, state.size))
        if frontier.size != state.size or not frontier.root() == state.root == tree_root(state.size, node):
            raise LogForked(
                size=old.size, reason=Said(f"大小 {state.size} 的根", f"the root at size {state.size}")
            )
        if old.size:
            proof = prove_consistency(old.size, state.size, node)
            verify_consistency(old.size, state.size, old.root, state.root, proof)
    except (BadProof, ProofOutOfRange) as error:
        raise LogForked(size=old.size, reason=error) from error


def _read_back(session: Session, tile: TileReader, begin: int, end: int) -> list[bytes]:
    """Return the leaf hashes that the stored leaves give, once rows and tiles agree; raises `LogForked`."""
    hashes: list[bytes] = []
    for index, stored, leaf in store.leaves_between(session, begin, end):
        hashed = leaf_hash(leaf)
        at, place = divmod(index, TILE_WIDTH)
        in_tile = tile(0, at)[place * HASH_SIZE : (place + 1) * HASH_SIZE]
        if index != begin + len(hashes) or not hashed == stored == in_tile:
            raise LogForked(size=begin, reason=Said(f"第 {index} 条记录", f"entry {index}"))
        hashes.append(hashed)
    return hashes


def _state_said(state: StateRow) -> Said:
    return Said(
        f"账本状态是大小 {state.size}、根 {state.root.hex()[:16]}…",
        f"the log's state is size {state.size} with root {state.root.hex()[:16]}…",
    )
