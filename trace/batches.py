"""Trace codes in bulk: issued with one statement for all, activated by the packing that uses them.

An issued code is reserved: it answers "not activated" until a pack step binds it to a lot. The ledger
carries the Merkle root of each batch, so a code added later can be shown not to be of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.entry import Statement
from ledger.keys import SigningKey
from trace.codes import CodeKeys, batch_root, encode_many
from trace.errors import TooFewCodes, UnknownCodeBatch
from trace.stating import Stating, state_alone
from trace.steps import Step
from trace.tables import CodeBatchRow, CodeRow, insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBatch:
    """Codes issued together."""

    batch_id: str
    """Merkle root of the codes, in hex."""
    party: str
    first_serial: int
    codes: tuple[str, ...]
    statement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Issues codes for parties, in the log named `origin`."""

    origin: str
    signer_of: Callable[[str], SigningKey]
    code_keys: CodeKeys
    stating: Stating = state_alone
    """How its statements go to the ledger."""

    def issue(self, session: Session, party: str, count: int, recorded_ms: int) -> CodeBatch:
        """Reserve the next `count` serials for `party` and state their root; writes the code rows."""
        batch = self._stated(session, party, count, recorded_ms)
        _write_codes(session, batch, {"status": "reserved"})
        return batch

    def activate(self, session: Session, step: Step, recorded_ms: int) -> CodeBatch:
        """Bind codes to the lot `step` packs: fresh ones, or the next unused of the batch it names.

        Raises `UnknownCodeBatch` and `TooFewCodes`.
        """
        bound: dict[str, object] = {
            "status": "activated",
            "lot_id": step.inputs[0].lot,
            "pack_step": step.step_id,
            "grams": step.grams_per_pack,
            "activated_ms": recorded_ms,
        }
        wanted = step.packs or 0
        if step.batch is not None:
            return _activated(session, step.batch, step.party, wanted, bound)
        batch = self._stated(session, step.party, wanted, recorded_ms)
        _write_codes(session, batch, bound)
        return batch

    def _stated(self, session: Session, party: str, count: int, recorded_ms: int) -> CodeBatch:
        first = next_serial(session)
        codes = tuple(encode_many(first, count, self.code_keys))
        root = batch_root(codes).hex()
        statement = Statement(
            id=f"codes/{root}",
            kind="codes.issued",
            subject=f"codes/{party}",
            at_ms=recorded_ms,
            public={"party": party, "count": count, "root": root},
        )
        self.stating(session, statement, self.origin, self.signer_of(party))
        row = {"batch_id": root, "party": party, "count": count, "first_serial": first}
        insert_rows(session, CodeBatchRow, [row | {"issued_ms": recorded_ms, "statement_id": statement.id}])
        return CodeBatch(
            batch_id=root, party=party, first_serial=first, codes=codes, statement_id=statement.id
        )


def next_serial(session: Session) -> int:
    """Return the first serial never issued.

    Writers on PostgreSQL take turns by locking the oldest batch; before there is one, two who read the
    same serial collide on its unique constraint.
    """
    serial = col(CodeBatchRow.first_serial)
    session.execute(select(serial).order_by(serial).limit(1).with_for_update()).all()
    last = session.execute(
        select(CodeBatchRow.first_serial, CodeBatchRow.count)
        .order_by(col(CodeBatchRow.first_serial).desc())
        .limit(1)
    ).one_or_none()
    return 0 if last is None else int(last[0]) + int(last[1])


def packed_codes(session: Session, step_id: str) -> tuple[str, ...]:
    """Return the codes a pack step activated, in the order of their serials."""
    rows = session.execute(
        select(CodeRow.code).where(CodeRow.pack_step == step_id).order_by(col(CodeRow.serial))
    )
    return tuple(rows.scalars())


def _write_codes(session: Session, batch: CodeBatch, values: dict[str, object]) -> None:
    blank = {"lot_id": None, "pack_step": None, "grams": None, "activated_ms": None, "frozen": False}
    shared = blank | values | {"batch_id": batch.batch_id}
    rows = [
        {"code": code, "serial": serial} | shared
        for serial, code in enumerate(batch.codes, start=batch.first_serial)
    ]
    insert_rows(session, CodeRow, rows)


def _activated(
    session: Session, batch_id: str, party: str, wanted: int, bound: dict[str, object]
) -> CodeBatch:
    row = session.execute(
        select(CodeBatchRow.party, CodeBatchRow.statement_id)
        .where(CodeBatchRow.batch_id == batch_id)
        .with_for_update()  # two packings of one batch take turns, or both would be given the same codes
    ).one_or_none()
    if row is None or row.party != party:
        raise UnknownCodeBatch(batch=batch_id, party=party)
    unused = session.execute(
        select(CodeRow.serial, CodeRow.code)
        .where(CodeRow.batch_id == batch_id, CodeRow.status == "reserved")
        .order_by(col(CodeRow.serial))
        .limit(wanted)
    ).all()
    if len(unused) < wanted:
        raise TooFewCodes(batch=batch_id, left=len(unused), wanted=wanted)
    # Codes of a batch are used in order of their serials, so the ones taken are a range of reserved ones.
    session.execute(
        update(CodeRow)
        .where(
            col(CodeRow.batch_id) == batch_id,
            col(CodeRow.status) == "reserved",
            col(CodeRow.serial).between(unused[0].serial, unused[-1].serial),
        )
        .values(bound)
    )
    return CodeBatch(
        batch_id=batch_id,
        party=party,
        first_serial=unused[0].serial,
        codes=_codes(unused),
        statement_id=row.statement_id,
    )


def _codes(rows: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(code for _, code in rows)
