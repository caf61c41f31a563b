"""The price desk of the service: decisions about quotes and names, each in one transaction of the writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.quoted_names import known_names
from api.station import Station
from priceindex import book
from priceindex.feeds.readers import read_again
from priceindex.intake.desk import MOST, Decided, QuoteKey, Verdict, decide
from priceindex.naming.aliases import Alias, AliasNew, end_alias
from priceindex.naming.waiting_rows import NameDecided, decide_name
from priceindex.quotes import Status, StoredQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFilter:
    """Which quotes of the desk a list or a decision is about."""

    status: Status = Status.QUARANTINED
    herb: str | None = None
    market: str | None = None
    source: str | None = None
    rule: str | None = None
    first: date | None = None
    last: date | None = None


def desk_quotes(
    session: Session,
    chosen: QuoteFilter,
    limit: int,
    offset: int = 0,
    after: book.Place | None = None,
) -> list[StoredQuote]:
    """Return the quotes that stand now as the filter says, newest day first; `after` the place of one."""
    return book.quotes(
        session,
        herb=chosen.herb,
        market=chosen.market,
        source=chosen.source,
        rule=chosen.rule,
        first=chosen.first,
        last=chosen.last,
        status=chosen.status,
        limit=limit,
        offset=offset,
        after=after,
    )


def decide_quotes(
    station: Station, chosen: Sequence[QuoteKey] | QuoteFilter, verdict: Verdict, reason: str, by: str
) -> Decided:
    """Decide about the quotes named or filtered; raises what `desk.decide` raises.

    A filter that meets more quotes than one decision may cover is refused, not cut short.
    """
    recorded_ms = station.clock()

    def work(session: Session) -> Decided:
        named = chosen
        if isinstance(named, QuoteFilter):
            found = desk_quotes(session, named, MOST + 1)
            named = [QuoteKey(quote.cell, quote.day, quote.source) for quote in found]
        return decide(
            session,
            named,
            verdict,
            reason=reason,
            decided_by=by,
            origin=station.settings.origin,
            key=station.key,
            recorded_ms=recorded_ms,
        )

    return station.writer.submit(work)


def decide_about_name(station: Station, new: AliasNew) -> NameDecided:
    """Decide what a name means and take in the rows that waited; raises what `decide_name` raises."""
    recorded_ms = station.clock()
    return station.writer.submit(
        lambda session: decide_name(session, new, known_names(), recorded_ms, read_again)
    )


def end_name(station: Station, number: int, *, by: str, reason: str) -> Alias:
    """End an alias; raises `UnknownAlias`."""
    at_ms = station.clock()
    return station.writer.submit(
        lambda session: end_alias(session, number, ended_by=by, reason=reason, at_ms=at_ms)
    )
