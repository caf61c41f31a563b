"""The one place where herbs and traded volumes go from the trace to the price indices.

Neither package knows the other: which herbs and markets there are, which class a herb is in, and what was
traded, is handed over here.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, lru_cache

from sqlmodel import Session

from api.station import Station
from ledger.private.private_vault import Vault
from priceindex import book, service
from priceindex.engine.weights import GradeTurnover, TurnoverTable
from priceindex.errors import NothingQuoted
from priceindex.families import Family, family
from priceindex.intake.known_names import KnownNames
from priceindex.service import IndexRun, Release
from trace import service as trace_service
from trace.herbs import all_herbs, nearest
from trace.integrity.source_trust import SourceTrust, untrusted_sources
from trace.markets import all_markets
from trace.turnover import sellers

CHINA = timezone(timedelta(hours=8))
"""The days of quotes are Chinese calendar days; China has kept one time without summer time since 1992."""

TURNOVER_DAYS = 365
"""Traded value of the basket's first year weighs it: less, and the harvest season decides; a moving year,
and every publication would revise the whole past."""


def class_of() -> dict[str, str]:
    """Return the class of every herb by its Chinese name.

    >>> class_of()["白芍"]
    'root'
    """
    return {herb.name_zh: str(herb.part_class) for herb in all_herbs()}


@cache
def known_names() -> KnownNames:
    """Return the herbs and markets a quote may name.

    A market answers to its short, full and English name and its slug, and is kept by its short name.

    >>> known_names().markets["bozhou"]
    '亳州'
    """
    return KnownNames(
        herbs=frozenset(herb.name_zh for herb in all_herbs()),
        markets={
            written.lower(): market.short_name
            for market in all_markets()
            for written in (market.short_name, market.full_name, market.slug, market.english)
        },
        near_herbs=lru_cache(maxsize=1024)(nearest),
    )


def compute_run(
    session: Session, vault: Vault, family_id: str, until: date | None, as_of_ms: int
) -> IndexRun:
    """Compute a family through `until` (the newest quote's day by default) from what was known at `as_of_ms`.

    Nothing is written. Raises `UnknownFamily`, `NothingQuoted` and what the computation refuses.
    """
    chosen = family(family_id, until)
    last = until or book.last_day(session, chosen, as_of_ms=as_of_ms)
    if last is None:
        raise NothingQuoted(family=chosen.id)
    weights = traded(session, vault, chosen, as_of_ms) if chosen.weights.rule == "turnover" else None
    return service.compute(session, chosen, class_of(), last, as_of_ms, weights)


def publish_run(station: Station, family_id: str, until: date | None) -> Release:
    """Compute and publish a family under the operator's key; the sequencer logs its statement."""
    as_of_ms = station.clock()
    with station.database.read() as session:
        run = compute_run(session, station.vault, family_id, until, as_of_ms)
    return station.writer.submit(
        lambda session: service.publish(session, run, station.settings.origin, station.key, station.clock())
    )


def traded(session: Session, vault: Vault, chosen: Family, as_of_ms: int) -> TurnoverTable:
    """Return what was traded, by herb and grade, in the year that begins with the family's first quote.

    Raises `NothingQuoted`.
    """
    first = book.first_day(session, chosen, as_of_ms=as_of_ms)
    if first is None:
        raise NothingQuoted(family=chosen.id)
    last = first + timedelta(days=TURNOVER_DAYS - 1)
    since_ms, until_ms = _start_ms(first), _start_ms(last + timedelta(days=1))
    untrusted = untrusted_sources(session, sellers(session, since_ms, until_ms), as_of_ms)
    volumes = trace_service.turnover(
        session, vault, since_ms, until_ms, without=[each.party for each in untrusted]
    )
    lines = tuple(GradeTurnover(volume.herb, volume.grade or "", volume.fen) for volume in volumes)
    return TurnoverTable(lines, source_words(untrusted), first, last)


def source_words(untrusted: Sequence[SourceTrust]) -> str:
    """Say where the turnover is from and whose trades were left out, for the release and its bundle.

    >>> source_words([])
    'trades in the log'
    """
    if not untrusted:
        return "trades in the log"
    left_out = "; ".join(f"{each.party} ({each.reason_en})" for each in untrusted)
    return f"trades in the log, without untrusted sources: {left_out}"


def _start_ms(day: date) -> int:
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1000)
