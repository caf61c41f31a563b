"""From a closed database file to the first verified inclusion proof, at two sizes."""

import random
import tempfile
from pathlib import Path

from figures.measure import Spread, timed
from figures.row import Row
from sqlmodel import Session, create_engine, select

from ledger import log
from ledger.merkle import leaf_hash, verify_inclusion
from ledger.tables import EntryRow
from ledger.tree.hot_tiles import HotTiles
from ledger_parts.grown import grown_log

SMALL, LARGE = 10_000, 1_000_000


def rows(*, quick: bool) -> list[Row]:
    """The figure of the issue. `quick` takes a tenth of the large size."""
    large_size = LARGE // 10 if quick else LARGE
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        addresses = [grown_log(Path(folder) / f"{size}.sqlite", size) for size in (SMALL, large_size)]
        first_proof(addresses[0], 1)  # the mapping of the tables is made once in a process
        taken = [
            [timed(lambda at=at, turn=turn: first_proof(at, turn))[0] * 1e3 for at in addresses]
            for turn in range(9 if quick else 25)
        ]
    small, large = (Spread(tuple(column)) for column in zip(*taken, strict=True))
    ratio = large.median / small.median
    return [
        Row(
            what="open and first proof",
            ours=f"at {large_size:,}: {large.text(' ms', 2)}",
            baseline=f"at {SMALL:,}: {small.text(' ms', 2)}",
            ratio=ratio,
            target="within 2x",
            met=ratio <= 2,
            note="A new engine on the file, the checkpoint, an entry, its proof verified; file cache warm.",
        )
    ]


def first_proof(address: str, turn: int) -> None:
    """Open the file, prove one entry under the published checkpoint, verify the proof, close."""
    engine = create_engine(address)
    hot = HotTiles(1 << 26)
    with Session(engine) as session:
        head = log.checkpoint(session)
        index = random.Random(turn).randrange(head.size)
        entry = session.exec(select(EntryRow.leaf).where(EntryRow.entry_index == index)).one()
        proof = log.inclusion(session, index, head.size, hot)
    verify_inclusion(leaf_hash(entry), index, head.size, proof, head.root)
    engine.dispose()
