"""Putting codes to use: a packing takes codes of its party and binds them to the lot it packs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col

from trace.coding.code_errors import NotPacked
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_ranges
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import UNUSED, CodeStatus, Level
from trace.coding.issuing import Issuer
from trace.coding.runs import CodeRun, Range, change_runs, merged, run_of
from trace.errors import TooFewCodes, UnknownCodeBatch
from trace.steps import Step
from trace.tables import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Codes picked for a packing, and not put to use yet."""

    batch_id: str
    """Root of the batch they belong to, in hex."""
    statement_id: str
    """The statement that issued the batch."""
    ranges: tuple[Range, ...]
    codes: tuple[str, ...]
    """In the order of their serials."""


def choose_codes(session: Session, issuer: Issuer, step: Step, recorded_ms: int) -> Chosen:
    """Pick as many codes as `step` makes packs: the next unused of the batch it names, or newly issued ones.

    Raises `UnknownCodeBatch`, `NotPacked` and `TooFewCodes`.
    """
    wanted = step.packs or 0
    if step.batch is None:
        issued = issuer.issue(session, step.party, wanted, recorded_ms)
        ranges = ((issued.first_serial, issued.first_serial + wanted - 1),)
        return Chosen(
            batch_id=issued.batch_id,
            statement_id=issued.statement_id,
            ranges=ranges,
            codes=issuer.codes(issued),
        )
    row = session.execute(
        select(col(CodeBatchRow.party), col(CodeBatchRow.statement_id), col(CodeBatchRow.level))
        .where(col(CodeBatchRow.batch_id) == step.batch)
        .with_for_update()  # two packings of one batch take turns, or both would be given the same codes
    ).one_or_none()
    if row is None or row.party != step.party:
        raise UnknownCodeBatch(batch=step.batch, party=step.party)
    if row.level != Level.PACK:
        raise NotPacked(batch=step.batch, level_zh=Level(row.level).zh, level_en=Level(row.level).en)
    found = next_unused(session, step.batch, wanted)
    return Chosen(
        batch_id=step.batch,
        statement_id=row.statement_id,
        ranges=found,
        codes=tuple(codes_of_ranges(session, found, issuer.code_keys)),
    )


def next_unused(session: Session, batch_id: str, wanted: int) -> tuple[Range, ...]:
    """Return the next `wanted` serials of a batch that are on no goods yet; raises `TooFewCodes`."""
    rows = session.connection().execute(
        select(table_of(CodeRunRow))
        .where(
            col(CodeRunRow.batch_id) == batch_id,
            col(CodeRunRow.status).in_([status.value for status in UNUSED]),
        )
        .order_by(col(CodeRunRow.first_serial))
    )
    found: list[Range] = []
    left = wanted
    for run in map(run_of, rows):
        if run.frozen:
            continue
        some = min(left, run.count)
        found.append((run.first_serial, run.first_serial + some - 1))
        left -= some
        if not left:
            return tuple(merged(found))
    raise TooFewCodes(batch=batch_id, left=wanted - left, wanted=wanted)


def apply_activation(session: Session, step: Step, ranges: Sequence[Range], recorded_ms: int) -> None:
    """Bind the codes in `ranges` to the lot that `step` packs.

    The oldest packings list no serials: they took the next unused of their batch.
    """
    taken = ranges or next_unused(session, step.batch or "", step.packs or 0)

    def change(run: CodeRun) -> CodeRun:
        return replace(
            run,
            status=CodeStatus.ACTIVATED,
            status_ms=step.event_ms,
            lot_id=step.inputs[0].lot,
            pack_step=step.step_id,
            grams=step.grams_per_pack,
            activated_ms=recorded_ms,
        )

    change_runs(session, taken, change)


def packed_codes(session: Session, step_id: str, code_keys: CodeKeys) -> tuple[str, ...]:
    """Return the codes a pack step put to use, in the order of their serials."""
    return tuple(codes_of_ranges(session, _packed(session, step_id), code_keys))


def _packed(session: Session, step_id: str) -> Iterable[Range]:
    rows = session.connection().execute(
        select(table_of(CodeRunRow)).where(col(CodeRunRow.pack_step) == step_id)
    )
    return [(run.first_serial, run.last_serial) for run in map(run_of, rows)]
