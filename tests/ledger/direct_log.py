"""A log of many entries put straight into its rows: nothing is signed but the checkpoint."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import insert
from sqlmodel import Session, create_engine

from ledger.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.keys import SigningKey
from ledger.merkle import EMPTY_ROOT, Frontier, leaf_hashes_of
from ledger.note import NoteKey
from ledger.tables import CheckpointRow, EntryRow, StateRow, TileRow
from ledger.tree.tiles import TileId, extend
from tests.made_tables import make_tables

ORIGIN = "log.example/many"
LOG_KEY = SigningKey.from_seed(bytes(range(32)))
VKEY = NoteKey(ORIGIN, LOG_KEY.public).to_vkey()


def plain_leaf(number: int) -> bytes:
    """Bytes that are no entry, of a length that differs from leaf to leaf."""
    return hashlib.sha256(number.to_bytes(8, "big")).hexdigest().encode() * (1 + number % 3)


class DirectLog:
    """A log that is given its leaves; `sign` publishes what it has."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        make_tables(self.engine, "ledger_")
        self.frontier = Frontier()
        self.leaves: list[bytes] = []
        self._tiles: dict[TileId, bytes] = {}
        state = {"state_id": 1, "origin": ORIGIN, "vkey": VKEY, "size": 0, "root": EMPTY_ROOT}
        with self.write() as session:
            session.connection().execute(insert(StateRow), state)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end."""
        with Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that does not."""
        with Session(self.engine) as session:
            yield session

    def grow_to(self, size: int) -> None:
        """Append plain leaves until there are `size`."""
        self.append([plain_leaf(number) for number in range(len(self.leaves), size)])

    def append(self, leaves: Sequence[bytes], subjects: Sequence[tuple[str, int]] = ()) -> None:
        """Append leaves, each on a subject of its own unless its subject and place are given."""
        begin = len(self.leaves)
        hashes = leaf_hashes_of(leaves)
        changed = extend(self.frontier, hashes, lambda level, index: self._tiles.get((level, index), b""))
        self._tiles |= changed
        self.leaves += leaves
        placed = subjects or [(f"plain/{begin + place}", 0) for place in range(len(leaves))]
        entries = [
            {
                "entry_index": begin + place,
                "statement_id": f"s{begin + place}",
                "subject": subject,
                "seq": seq,
                "leaf_hash": hashed,
                "leaf": leaf,
            }
            for place, (leaf, hashed, (subject, seq)) in enumerate(zip(leaves, hashes, placed, strict=True))
        ]
        with self.write() as session:
            if entries:
                session.connection().execute(insert(EntryRow), entries)
            for (level, index), hashes_joined in changed.items():
                session.merge(TileRow(level=level, tile_index=index, hashes=hashes_joined))
            session.merge(
                StateRow(
                    state_id=1, origin=ORIGIN, vkey=VKEY, size=len(self.leaves), root=self.frontier.root()
                )
            )

    def sign(self) -> SignedCheckpoint:
        """Sign and store a checkpoint over everything there is."""
        body = Checkpoint(ORIGIN, len(self.leaves), self.frontier.root())
        signed = sign_checkpoint(body, [LOG_KEY])
        with self.write() as session:
            session.merge(CheckpointRow(size=signed.size, note=signed.text))
        return signed
