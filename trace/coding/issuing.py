"""Trace codes in bulk: issued with one statement for all of them.

The codes are made and hashed before anything is written: serials are reserved first, so that a batch of
millions keeps nobody waiting. The statement carries the Merkle root of the batch, so a code added later
can be shown not to be of it, and its first serial. Serials say nothing about codes without the key of
the permutation; the log needs them so that what was done with ranges of codes can be replayed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from trace.coding.code_appliers import apply_issued
from trace.coding.code_keys import CodeKeys
from trace.coding.code_tables import CodeTileRow
from trace.coding.code_tree import CodeTree, Progress, code_tree
from trace.coding.code_words import Level
from trace.coding.serials import take_serials
from trace.coding.trace_code import encode_many
from trace.declaring import Declarer
from trace.tables import insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBatch:
    """Codes issued together."""

    batch_id: str
    """Merkle root of the codes, in hex."""
    party: str
    level: Level
    first_serial: int
    count: int
    key_version: int
    statement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A batch made and hashed, and not yet written anywhere."""

    party: str
    level: Level
    first_serial: int
    count: int
    key_version: int
    tree: CodeTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Issues codes for parties, through `declarer`."""

    declarer: Declarer
    code_keys: CodeKeys

    def issue(
        self, session: Session, party: str, count: int, recorded_ms: int, level: Level = Level.PACK
    ) -> CodeBatch:
        """Issue the next `count` codes to `party` at once: for what is small enough to make in between."""
        first = take_serials(session, count)
        return self.write(session, self.prepare(party, count, first, level), recorded_ms)

    def prepare(
        self,
        party: str,
        count: int,
        first_serial: int,
        level: Level = Level.PACK,
        progress: Progress = lambda _: None,
    ) -> Prepared:
        """Make and hash the codes of reserved serials; needs no database and may take its time.

        `progress` is told how many more codes are done. Raises `SerialOutOfRange`.
        """
        key = self.code_keys.current
        return Prepared(
            party=party,
            level=level,
            first_serial=first_serial,
            count=count,
            key_version=key.number,
            tree=code_tree(first_serial, count, key, progress),
        )

    def write(self, session: Session, batch: Prepared, recorded_ms: int) -> CodeBatch:
        """State that a prepared batch is issued and write it: one statement, one run, and its tiles."""
        root = batch.tree.root.hex()
        said = self.declarer.declare(
            session,
            apply_issued,
            kind="codes.issued",
            statement_id=f"codes/{root}",
            subject=f"codes/{batch.party}",
            public={
                "count": batch.count,
                "first_serial": batch.first_serial,
                "key_version": batch.key_version,
                "level": batch.level.value,
                "party": batch.party,
                "root": root,
            },
            at_ms=recorded_ms,
            by=batch.party,
        )
        insert_rows(session, CodeTileRow, _tile_values(root, batch.tree))
        return CodeBatch(
            batch_id=root,
            party=batch.party,
            level=batch.level,
            first_serial=batch.first_serial,
            count=batch.count,
            key_version=batch.key_version,
            statement_id=said.statement_id,
        )

    def codes(self, batch: CodeBatch) -> tuple[str, ...]:
        """Return the codes of a batch, in the order of issue; for small ones."""
        return tuple(encode_many(batch.first_serial, batch.count, self.code_keys, batch.key_version))


def _tile_values(root: str, tree: CodeTree) -> Iterator[dict[str, object]]:
    for (level, index), hashes in tree.tiles.items():
        yield {"batch_id": root, "level": level, "tile_index": index, "hashes": hashes}
