"""A print run: part of a batch of codes with everything that goes onto its labels, one label at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from sqlmodel import Session, col, select

from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_batch
from trace.coding.code_tables import CodeRunRow
from trace.coding.pins import pins_of
from trace.labels.label_errors import BadLabelRange
from trace.labels.label_text import LabelNew, LabelText, PackLabel, label_text, pack_labels

_PINS: Final = 4_096
"""PINs made at once."""


class Batch(Protocol):
    """What is needed of a batch of codes."""

    @property
    def batch_id(self) -> str:
        """Root of its codes, in hex."""

    @property
    def first_serial(self) -> int:
        """Serial of its first code."""

    @property
    def count(self) -> int:
        """How many codes it has."""

    @property
    def key_version(self) -> int:
        """Generation of keys it was made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which labels of a batch are wanted."""

    first: int = 1
    """Number of the first within its batch, from 1."""
    count: int | None = None
    """How many; None for the rest of the batch."""
    pins: bool = False
    """Whether the PIN under the scratch layer is printed: each is a secret until it is scratched free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRun:
    """Labels to print."""

    text: LabelText
    first: int
    count: int
    labels: Iterator[PackLabel]
    """One by one: however many there are, only one is held."""


def print_run(
    session: Session, batch: Batch, code_keys: CodeKeys, base_url: str, new: LabelNew, wanted: Wanted
) -> PrintRun:
    """Return a print run; raises `BadLabelRange` and `UnknownLot`.

    Lot and mass are taken from the packs the codes are on, where they are on any and none is given.
    """
    count = batch.count - wanted.first + 1 if wanted.count is None else wanted.count
    last = wanted.first + count - 1
    if not 1 <= wanted.first <= last <= batch.count:
        raise BadLabelRange(batch=batch.batch_id[:12], count=batch.count, first=wanted.first, last=last)
    codes = codes_of_batch(batch, code_keys, wanted.first - 1, count)
    pins = _pins(batch, code_keys, wanted.first - 1, count) if wanted.pins else None
    return PrintRun(
        text=label_text(session, _filled(session, batch, new, wanted.first)),
        first=wanted.first,
        count=count,
        labels=pack_labels(codes, pins, base_url, wanted.first),
    )


def _filled(session: Session, batch: Batch, new: LabelNew, first: int) -> LabelNew:
    """Add lot and mass of the pack that bears the first code, if it is on one."""
    serial = batch.first_serial + first - 1
    row = session.execute(
        select(CodeRunRow.lot_id, CodeRunRow.grams)
        .where(col(CodeRunRow.first_serial) <= serial)
        .order_by(col(CodeRunRow.first_serial).desc())
        .limit(1)
    ).one_or_none()
    if row is None or row[0] is None:
        return new
    return new.model_copy(update={"lot": new.lot or row[0], "grams": new.grams or row[1]})


def _pins(batch: Batch, code_keys: CodeKeys, first: int, count: int) -> Iterator[str]:
    version = code_keys.versions[batch.key_version]
    for begin in range(first, first + count, _PINS):
        yield from pins_of(batch.first_serial + begin, min(_PINS, first + count - begin), version)
