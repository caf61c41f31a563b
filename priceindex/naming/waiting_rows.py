"""Taking in the rows that waited for a name: their archived bodies are read again.

The rows enter the book as known from the moment of the decision, not from when they were sent: nobody
can have used them before.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from sqlmodel import Session

from priceindex import book
from priceindex.intake.known_names import KnownNames, written_form
from priceindex.intake.taking_in import take_in
from priceindex.naming.aliases import Alias, AliasNew, decide_alias
from priceindex.naming.review import UNKNOWN, bodies_waiting
from priceindex.quotes import Cell, Quote, ReadResult

ReadAgain: TypeAlias = Callable[[Session, str, str], ReadResult]
"""Reads an archived body (by its digest, for a source) without any list of names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameDecided:
    """What came of a decision about a name."""

    alias: Alias
    bodies: int
    """Archived bodies read again."""
    written: int
    """Rows that entered the book."""


def decide_name(
    session: Session, new: AliasNew, known: KnownNames, recorded_ms: int, read_again: ReadAgain
) -> NameDecided:
    """Decide what a name means and take in the rows that waited for it.

    Nothing is read again for a name that is none of ours, or of a grade or origin, for which no row ever
    waits. Raises what `decide_alias` and the reading raise.
    """
    alias = decide_alias(session, new, known, recorded_ms)
    if alias.meant is None or alias.kind not in UNKNOWN:
        return NameDecided(alias=alias, bodies=0, written=0)
    bodies = bodies_waiting(session, alias.kind, alias.written, alias.source)
    written = 0
    for source, sha256, rejected_ms in bodies:
        told = [
            quote
            for quote in read_again(session, sha256, source).quotes
            if written_form(getattr(quote, alias.kind)) == alias.written
        ]
        wanted = [replace(quote, source=source) for quote in told]
        unsaid = [quote for quote in wanted if not _said_since(session, quote, alias, rejected_ms)]
        report = take_in(
            session,
            unsaid,
            source,
            recorded_ms,
            known=known,
            archive_sha256=sha256,
            proceed=True,
            submitter=alias.decided_by,
        )
        written += report.written
    return NameDecided(alias=alias, bodies=len(bodies), written=written)


def _said_since(session: Session, quote: Quote, alias: Alias, rejected_ms: int) -> bool:
    """Whether the source has priced the cell on that day since, under the listed name."""
    cell = Cell(**{**quote.cell._asdict(), alias.kind: alias.meant or ""})
    return any(
        each.recorded_ms > rejected_ms for each in book.history(session, cell, quote.day, quote.source)
    )
