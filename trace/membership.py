"""Proves that a trace code is one of the batch that a logged statement issued."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger.merkle import leaf_hash, nodes_of, prove_inclusion
from trace.errors import UnknownCode
from trace.tables import CodeBatchRow, CodeRow


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


def membership(session: Session, code: str) -> Membership:
    """Return the proof for a stored code; raises `UnknownCode`. Reads the codes of its batch once."""
    found = session.execute(
        select(CodeRow.batch_id, CodeBatchRow.statement_id)
        .join(CodeBatchRow, col(CodeBatchRow.batch_id) == col(CodeRow.batch_id))
        .where(CodeRow.code == code)
    ).one_or_none()
    if found is None:
        raise UnknownCode(code=code)
    wanted = select(CodeRow.code).where(CodeRow.batch_id == found[0]).order_by(col(CodeRow.serial))
    codes = list(session.execute(wanted).scalars())
    place = codes.index(code)
    hashes = [leaf_hash(each.encode()) for each in codes]
    path = prove_inclusion(place, len(hashes), nodes_of(hashes))
    return Membership(code=code, issued=found[1], count=len(codes), place=place, path=tuple(path))
