"""From judged quotes to rows of the book, without building an object a row."""

from collections.abc import Callable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Final

from sqlmodel import Session

from ledger.writing.bulk import write_rows
from priceindex.calendar import day_number
from priceindex.intake.columns import Sound
from priceindex.intake.rules.registry import Bits, Places, verdicts
from priceindex.quotes import DOMESTIC, Quote, Tier

_CHUNK: Final = 50_000
_MANDATORY: Final = (
    ("cell_id", "int8"),
    ("day", "int8"),
    ("revision", "int4"),
    ("fen_per_kg", "int8"),
    ("low_fen_per_kg", "int8"),
    ("high_fen_per_kg", "int8"),
    ("tier", "text"),
    ("status", "text"),
    ("rules", "text"),
)
_FACTS: Final[Sequence[tuple[str, str, Callable[[Quote], object]]]] = (
    ("deals", "int8", lambda quote: None if quote.deals == 1 else quote.deals),
    ("currency", "text", lambda quote: None if quote.currency == DOMESTIC else quote.currency),
    ("amount", "text", lambda quote: quote.amount),
    ("rate", "text", lambda quote: quote.rate),
    ("rate_day", "int8", lambda quote: None if quote.rate_day is None else day_number(quote.rate_day)),
    ("collection_point", "text", lambda quote: quote.collection_point),
    ("collector", "text", lambda quote: quote.collector),
    ("trend", "text", lambda quote: quote.trend),
)
"""Facts few quotes have: written only where a quote of the input has one."""
_FACTS_OF: Final = attrgetter(*(name for name, _, _ in _FACTS))
_NO_FACTS: Final = (1, DOMESTIC, None, None, None, None, None, None)
_TIERS: Final = {tier: tier.value for tier in Tier}


def write_quotes(
    session: Session,
    sound: Sound,
    rows: Places,
    revision: Places,
    bits: Bits,
    constant: Sequence[tuple[str, str, object]],
) -> None:
    """Write the quotes at `rows` of `sound` with their revisions and the `bits` of the rules they met.

    `constant` are the columns all of them share: name, PostgreSQL type and value.
    """
    told = [sound.quotes[row] for row in rows.tolist()]
    facts = _facts(told)
    verdict, which = verdicts(bits)
    columns = (*_MANDATORY, *((name, kind) for name, kind, _ in (*facts, *constant)))
    lines = zip(
        sound.cell[rows].tolist(),
        sound.day[rows].tolist(),
        revision.tolist(),
        sound.fen[rows].tolist(),
        [quote.low_fen_per_kg for quote in told],
        [quote.high_fen_per_kg for quote in told],
        [_TIERS[quote.tier] for quote in told],
        _each([status.value for status, _ in verdict], which),
        _each([" ".join(rules) for _, rules in verdict], which),
        *(values for _, _, values in facts),
        *([value] * len(told) for _, _, value in constant),
        strict=True,
    )
    while chunk := list(islice(lines, _CHUNK)):
        write_rows(session, "price_quote", columns, chunk)


def _facts(told: Sequence[Quote]) -> list[tuple[str, str, list[object]]]:
    """Name, type and values of the facts at least one of the quotes has."""
    if set(map(_FACTS_OF, told)) <= {_NO_FACTS}:
        return []
    return [(name, kind, values) for name, kind, of in _FACTS if any(values := [of(quote) for quote in told])]


def _each(texts: Sequence[str], which: Places) -> list[str]:
    return [texts[place] for place in which.tolist()]
