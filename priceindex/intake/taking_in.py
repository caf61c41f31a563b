"""Taking quotes in: check, judge, write; all of them or none unless the caller says to proceed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlmodel import Session

from ledger.errors import DaodiError, ManyFaults
from priceindex import archive, book
from priceindex.calendar import china_day, day_number
from priceindex.collection_pause import collection_paused
from priceindex.feeds.contract import RawBody
from priceindex.feeds.feed_errors import ReservedSource
from priceindex.feeds.feed_settings import FeedSettings
from priceindex.feeds.readers import reading_of
from priceindex.feeds.shapes import read_body, shape_of
from priceindex.feeds.traced_trades import SOURCE as TRADES
from priceindex.intake.against_book import Judged, judged_against_book
from priceindex.intake.columns import Sound, sound
from priceindex.intake.known_names import KnownNames
from priceindex.intake.rejected import keep_rejected
from priceindex.intake.rules.registry import verdicts
from priceindex.intake.writing import write_quotes
from priceindex.naming.aliases import known_here
from priceindex.naming.review import queue_names
from priceindex.quotes import Quote, Status

_SHARED: Final = ("archive_sha256", "submitter", "recorded_ms")
_SHARED_KINDS: Final = ("text", "text", "int8")


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
    """Rows no quote could be made of, each with its fault; kept, but not in the book."""
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


@collection_paused()
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
    submitter: str | None = None,
) -> IntakeReport:
    """Write quotes to the book under `source`, as known from `recorded_ms`.

    A herb or market that is not `known`, nor decided by an alias, is a fault. `faults` are those a feed
    found while reading; `submitter` is who hands the input in, such as `token 1a2b3c4d`. Unless `proceed`,
    one fault means that nothing is written and `ManyFaults` is raised with all of them, in the order of
    the rows; with it the faulty rows are kept aside. Taking the same input in again adds no row. Raises
    `ReservedSource` for a body that would speak as the recorded trades, which come from no body.
    """
    if source == TRADES and archive_sha256 is not None:
        raise ReservedSource(source=source)
    names = known_here(session, known, source, recorded_ms)
    good = sound(
        quotes, day_number(china_day(recorded_ms)), names, lambda cells: book.cell_ids(session, cells)
    )
    all_faults = tuple(sorted((*faults, *good.faults), key=lambda fault: fault.at.row or 0))
    if all_faults and not proceed:
        raise ManyFaults(all_faults)
    kept = (archive_sha256, submitter, recorded_ms)
    keep_rejected(session, all_faults, source, *kept)
    queue_names(session, all_faults, source, names, recorded_ms)
    judged = judged_against_book(session, good, source)
    constant = (("source", "text", source), *zip(_SHARED, _SHARED_KINDS, kept, strict=True))
    write_quotes(session, good, judged.rows, judged.revision, judged.bits, constant)
    verdict, which = verdicts(judged.bits)
    counts = np.bincount(which, minlength=len(verdict)).tolist()
    of = {
        status: sum(n for (was, _), n in zip(verdict, counts, strict=True) if was is status)
        for status in Status
    }
    return IntakeReport(
        accepted=of[Status.ACCEPTED],
        flagged=of[Status.FLAGGED],
        quarantined=of[Status.QUARANTINED],
        rejected=len(all_faults),
        duplicates=len(good.quotes) - len(judged.rows) + good.repeated,
        revised=int((judged.revision > 0).sum()),
        faults=all_faults,
        marked=_marked(good, judged),
        archive_sha256=archive_sha256,
    )


def _marked(good: Sound, judged: Judged) -> tuple[Marked, ...]:
    """The quotes that met a rule, by cell and day."""
    verdict, which = verdicts(judged.bits)
    met = np.flatnonzero(judged.bits)
    met = met[np.argsort(judged.rows[met])]
    return tuple(
        Marked(good.quotes[row], *verdict[place])
        for row, place in zip(judged.rows[met].tolist(), which[met].tolist(), strict=True)
    )


def raw_body(content: bytes, name: str, received_ms: int) -> RawBody:
    """An uploaded file as the archive keeps it: of no type until it is looked at."""
    return RawBody(name=name, content=content, media_type="application/octet-stream", received_ms=received_ms)


def take_in_body(
    session: Session,
    content: bytes,
    name: str,
    source: str,
    recorded_ms: int,
    *,
    known: KnownNames,
    proceed: bool = False,
    submitter: str | None = None,
) -> IntakeReport:
    """Archive a body of any shape we read, read it and take its quotes in.

    Raises `ManyFaults` as `take_in` does, and in any case what is wrong with the file as a whole:
    `UnreadableFile`, `BrokenCsv`, `EmptyBody`, `MissingColumn` and what its shape refuses.
    """
    raw = raw_body(content, name, recorded_ms)
    shape = shape_of(raw)
    kept = archive.keep(session, raw, shape)
    names = known_here(session, known, source, recorded_ms)
    read = read_body(shape, raw, reading_of(session, raw, source, FeedSettings(), names))
    return take_in(
        session,
        read.quotes,
        source,
        recorded_ms,
        known=known,
        faults=read.faults,
        archive_sha256=kept,
        proceed=proceed,
        submitter=submitter,
    )
