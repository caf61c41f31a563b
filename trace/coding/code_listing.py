"""Writing codes out: of a batch, of a lot or of ranges of serials, made again from the keys."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from sqlmodel import Session, col, select

from trace.coding.code_keys import CodeKeys
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.runs import Range, merged
from trace.coding.trace_code import BLOCK, encode_many


class Issued(Protocol):
    """What is needed of a batch to write its codes: a row or a `CodeBatch`."""

    @property
    def first_serial(self) -> int:
        """Serial of its first code."""

    @property
    def count(self) -> int:
        """How many codes it has."""

    @property
    def key_version(self) -> int:
        """Generation of keys it was made with."""


def codes_of_batch(
    batch: Issued, code_keys: CodeKeys, first: int = 0, count: int | None = None
) -> Iterator[str]:
    """Yield the codes of a batch in the order of issue, from place `first` on, at most `count` of them."""
    end = batch.count if count is None else min(batch.count, first + count)
    for begin in range(first, end, BLOCK):
        some = min(BLOCK, end - begin)
        yield from encode_many(batch.first_serial + begin, some, code_keys, batch.key_version)


def codes_of_ranges(session: Session, ranges: Iterable[Range], code_keys: CodeKeys) -> Iterator[str]:
    """Yield the codes of ranges of issued serials, in the order of the serials."""
    for first, last in merged(ranges):
        for batch in _batches(session, first, last):
            begin = max(first - batch.first_serial, 0)
            end = min(last - batch.first_serial + 1, batch.count)
            yield from codes_of_batch(batch, code_keys, begin, end - begin)


def codes_of_lot(session: Session, lot: str, code_keys: CodeKeys) -> Iterator[str]:
    """Yield the codes of the packs that were filled from a lot, in the order of their serials."""
    rows = session.execute(
        select(CodeRunRow.first_serial, CodeRunRow.last_serial).where(CodeRunRow.lot_id == lot)
    )
    yield from codes_of_ranges(session, [(first, last) for first, last in rows], code_keys)


def _batches(session: Session, first: int, last: int) -> list[CodeBatchRow]:
    """Return the batches that hold serials from `first` to `last`, in order."""
    begins = col(CodeBatchRow.first_serial)
    before = select(CodeBatchRow).where(begins <= first).order_by(begins.desc()).limit(1)
    within = select(CodeBatchRow).where(begins > first, begins <= last).order_by(begins)
    found = [*session.exec(before), *session.exec(within)]
    return [batch for batch in found if batch.first_serial + batch.count > first]
