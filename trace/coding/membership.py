"""Proves that a trace code is one of the batch that a logged statement issued."""

from dataclasses import dataclass

from sqlmodel import Session, select

from ledger.merkle import prove_inclusion
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.coding.code_tables import CodeBatchRow, CodeTileRow
from trace.coding.code_tree import path_nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A code's place in its batch, and the path from it to the batch's root."""

    code: str
    issued: str
    """Id of the codes.issued statement."""
    count: int
    """How many codes the batch has."""
    place: int
    path: tuple[bytes, ...]
    """RFC 9162, section 2.1.3.1, over the codes in the order of issue (ledger format, section 10)."""


def membership(session: Session, code: str, code_keys: CodeKeys) -> Membership:
    """Return the proof for an issued code.

    Costs the making of at most 255 codes and a few stored tiles, however large the batch. Raises
    `MalformedCode`, `ForgedCode` and `UnknownCode`.
    """
    state = code_state(session, code, code_keys)
    batch = session.get_one(CodeBatchRow, state.batch_id)

    def tile(level: int, index: int) -> bytes:
        kept = select(CodeTileRow.hashes).where(
            CodeTileRow.batch_id == state.batch_id,
            CodeTileRow.level == level,
            CodeTileRow.tile_index == index,
        )
        return session.exec(kept).first() or b""

    place = state.serial - batch.first_serial
    node = path_nodes(batch.first_serial, code_keys.versions[batch.key_version], tile)
    path = prove_inclusion(place, batch.count, node)
    return Membership(code=state.code, issued=state.issued, count=batch.count, place=place, path=tuple(path))
