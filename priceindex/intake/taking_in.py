"""Taking quotes in: check, screen, write; all of them or none unless the caller says to proceed."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from ledger.errors import DaodiError, Location, ManyFaults
from priceindex import archive, book
from priceindex.calendar import china_day, day_number
from priceindex.errors import (
    ConflictingQuote,
    PriceIndexError,
    PriceNotPositive,
    QuoteInFuture,
    UnknownQuote,
)
from priceindex.feeds.contract import RawBody
from priceindex.feeds.csv_feed import read_csv
from priceindex.intake.known_names import KnownNames
from priceindex.intake.screening import screen
from priceindex.quotes import Cell, Quote, Status


@dataclass(frozen=True, slots=True)
class Marked:
    """A quote that was written with a mark: flagged or quarantined, and by which rules."""

    quote: Quote
    status: Status
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReport:
    """What became of every row of one input."""

    accepted: int
    flagged: int
    quarantined: int
    rejected: int
    """Rows that were not written, each with its fault."""
    duplicates: int
    """Rows that say what the book already says: nothing is written for them."""
    revised: int
    """Rows written over an earlier price of the same cell, day and source; counted above too."""
    faults: tuple[DaodiError, ...]
    marked: tuple[Marked, ...]
    archive_sha256: str | None

    @property
    def written(self) -> int:
        """Rows added to the book."""
        return self.accepted + self.flagged + self.quarantined


def take_in(
    session: Session,
    quotes: Sequence[Quote],
    source: str,
    recorded_ms: int,
    *,
    known: KnownNames,
    faults: Sequence[DaodiError] = (),
    archive_sha256: str | None = None,
    proceed: bool = False,
) -> IntakeReport:
    """Write quotes to the book under `source`, as known from `recorded_ms`.

    A herb or market that is not `known` is a fault. `faults` are those a feed found while reading.
    Unless `proceed`, one fault means that nothing is written and `ManyFaults` is raised with all of
    them, in the order of the rows. Taking the same input in again adds no row.
    """
    good, found, repeated = _checked(quotes, china_day(recorded_ms), known)
    all_faults = tuple(sorted((*faults, *found), key=lambda fault: fault.at.row or 0))
    if all_faults and not proceed:
        raise ManyFaults(all_faults)
    rows, marked, duplicates, revised = _screened(session, good, source)
    for row in rows:
        row["recorded_ms"] = recorded_ms
        row["archive_sha256"] = archive_sha256
    book.append(session, rows)
    counts = {status: sum(row["status"] == str(status) for row in rows) for status in Status}
    return IntakeReport(
        accepted=counts[Status.ACCEPTED],
        flagged=counts[Status.FLAGGED],
        quarantined=counts[Status.QUARANTINED],
        rejected=len(all_faults),
        duplicates=duplicates + repeated,
        revised=revised,
        faults=all_faults,
        marked=tuple(marked),
        archive_sha256=archive_sha256,
    )


def take_in_csv(
    session: Session,
    content: bytes,
    name: str,
    source: str,
    recorded_ms: int,
    *,
    known: KnownNames,
    proceed: bool = False,
) -> IntakeReport:
    """Archive a CSV body, read it and take its quotes in.

    Raises `ManyFaults` as `take_in` does, and in any case what is wrong with the file as a whole:
    `UnreadableFile`, `BrokenCsv`, `EmptyBody`, `MissingColumn`.
    """
    raw = RawBody(name=name, content=content, media_type="text/csv", received_ms=recorded_ms)
    read = read_csv(content, name, source, known)
    kept = archive.keep(session, raw)
    return take_in(
        session,
        read.quotes,
        source,
        recorded_ms,
        known=known,
        faults=read.faults,
        archive_sha256=kept,
        proceed=proceed,
    )


def decide(
    session: Session,
    cell: Cell,
    day: datetime.date,
    source: str,
    *,
    let_in: bool,
    reason: str,
    recorded_ms: int,
) -> None:
    """Let a quarantined quote into the index, or keep a quote out, as a new revision with its reason.

    Raises `UnknownQuote`.
    """
    revisions = book.history(session, cell, day, source)
    if not revisions:
        raise UnknownQuote(cell=" ".join(cell), day=day, source=source)
    before = revisions[-1]
    row = {
        "cell_id": book.cell_ids(session, [cell])[cell],
        "day": day_number(day),
        "source": source,
        "revision": before.revision + 1,
        "fen_per_kg": before.fen_per_kg,
        "low_fen_per_kg": before.low_fen_per_kg,
        "high_fen_per_kg": before.high_fen_per_kg,
        "tier": str(before.tier),
        "status": str(Status.ACCEPTED if let_in else Status.QUARANTINED),
        "rules": " ".join(before.rules),
        "reason": reason,
        "recorded_ms": recorded_ms,
        "archive_sha256": before.archive_sha256,
    }
    book.append(session, [row])


def _checked(
    quotes: Iterable[Quote], today: datetime.date, known: KnownNames
) -> tuple[list[Quote], list[DaodiError], int]:
    """The quotes that can be written, the faults of the rest, and how many repeat another."""
    good: dict[tuple[Cell, datetime.date], Quote] = {}
    faults: list[DaodiError] = []
    repeated = 0
    for told in quotes:
        try:
            quote = _sound(told, today, known)
        except PriceIndexError as fault:
            faults.append(fault)
            continue
        key = (quote.cell, quote.day)
        if key not in good:
            good[key] = quote
        elif good[key].fen_per_kg == quote.fen_per_kg:
            repeated += 1
        else:
            faults.append(_conflict(good[key], quote))
    return list(good.values()), faults, repeated


def _sound(quote: Quote, today: datetime.date, known: KnownNames) -> Quote:
    """The quote under its market's one name; raises what is wrong with it by itself."""
    if quote.fen_per_kg <= 0:
        raise PriceNotPositive(at=quote.at, price=f"{quote.fen_per_kg / 100:.2f}")
    if quote.day > today:
        raise QuoteInFuture(at=quote.at, day=quote.day, today=today)
    return known.listed(quote, lambda part, value: replace(quote.at, field=part, value=value))


def _conflict(first: Quote, second: Quote) -> ConflictingQuote:
    prices = [f"{each.fen_per_kg / 100:.2f}" for each in (first, second)]
    where = second.at if second.at.row else Location(field="price", value=prices[1])
    return ConflictingQuote(
        at=where, cell=" ".join(second.cell), day=second.day, first=prices[0], second=prices[1]
    )


def _screened(
    session: Session, quotes: list[Quote], source: str
) -> tuple[list[dict[str, object]], list[Marked], int, int]:
    """Rows to write, those marked, how many the book has already, and how many revise it."""
    if not quotes:
        return [], [], 0, 0
    ids = book.cell_ids(session, (quote.cell for quote in quotes))
    numbered = sorted(
        ((ids[quote.cell], day_number(quote.day), quote) for quote in quotes), key=lambda row: row[:2]
    )
    first, last = min(row[1] for row in numbered), max(row[1] for row in numbered)
    stands = book.standing(session, source, first, last)
    before = book.last_before(session, first)
    rows: list[dict[str, object]] = []
    marked: list[Marked] = []
    duplicates = revised = 0
    for cell_id, day, quote in numbered:
        stood = stands.get((cell_id, day))
        if stood is not None and _same(stood, quote):
            duplicates += 1
            if stood.status != Status.QUARANTINED:
                before[cell_id] = (day, quote.fen_per_kg)
            continue
        was_day, was_fen = before.get(cell_id, (day, None))
        status, rules = screen(quote.fen_per_kg, was_fen, day - was_day)
        if status is not Status.QUARANTINED:
            before[cell_id] = (day, quote.fen_per_kg)
        if rules:
            marked.append(Marked(quote, status, rules))
        revised += stood is not None
        rows.append(
            _row(cell_id, day, source, quote, status, rules, 0 if stood is None else stood.revision + 1)
        )
    return rows, marked, duplicates, revised


def _same(stood: book.Standing, quote: Quote) -> bool:
    told = (quote.fen_per_kg, quote.low_fen_per_kg, quote.high_fen_per_kg, str(quote.tier))
    return (stood.fen_per_kg, stood.low_fen_per_kg, stood.high_fen_per_kg, stood.tier) == told


def _row(
    cell_id: int, day: int, source: str, quote: Quote, status: Status, rules: tuple[str, ...], revision: int
) -> dict[str, object]:
    return {
        "cell_id": cell_id,
        "day": day,
        "source": source,
        "revision": revision,
        "fen_per_kg": quote.fen_per_kg,
        "low_fen_per_kg": quote.low_fen_per_kg,
        "high_fen_per_kg": quote.high_fen_per_kg,
        "tier": str(quote.tier),
        "status": str(status),
        "rules": " ".join(rules),
        "reason": None,
    }
