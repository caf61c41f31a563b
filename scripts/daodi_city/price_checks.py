"""Asks the loaded city about its prices: what waits at the desk, what was corrected, what trades say."""

from collections.abc import Iterator

from sqlmodel import Session

from api.comparing import compare_release
from api.station import Station
from daodi_city.city import City
from daodi_city.index_life import OFFICIAL
from daodi_city.outcome import Outcome, outcome
from daodi_city.sources import COLLECTORS, DEALERS, MISSPELT, SLIPS
from priceindex import book, service
from priceindex.feeds.traced_trades import SOURCE as TRADES
from priceindex.governance.index_complaints import index_complaints
from priceindex.naming.review import waiting
from priceindex.quotes import Status
from priceindex.releases.notices import notices
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.standing import Standing, standing_of


def look_at_prices(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Run every check of what was collected and published."""
    yield _desk(session)
    yield _name(city, session)
    yield _form(session)
    yield _official(city, session)
    yield _corrected(city, session)
    yield _trades(city, session, station)


def _desk(session: Session) -> Outcome:
    """Every price per half kilogram was set aside; somebody kept two of them out."""
    aside = book.quotes(session, source=DEALERS, status=Status.QUARANTINED)
    rejected = book.quotes(session, source=DEALERS, status=Status.REJECTED)
    return outcome(
        "check.desk", "figures.desk",
        passed=len(aside) + len(rejected) == SLIPS and 0 < len(rejected) < SLIPS,
        waiting=len(aside), rejected=len(rejected),
    )  # fmt: skip


def _name(city: City, session: Session) -> Outcome:
    """The misspelt herb waits for somebody to say what it means."""
    names = [each.written for each in waiting(session, city.now_ms)]
    return outcome("check.name", "figures.name", passed=MISSPELT in names, names="、".join(names) or "-")


def _form(session: Session) -> Outcome:
    """Quotes of the signed forms know their collector and their point."""
    quotes = book.quotes(session, source=COLLECTORS)
    signed = [quote for quote in quotes if quote.collector and quote.collection_point]
    return outcome(
        "check.form", "figures.form", passed=0 < len(signed) == len(quotes), signed=len(signed),
    )  # fmt: skip


def _official(city: City, session: Session) -> Outcome:
    """The family is official, two of its releases are, and the first of them kept its moment."""
    standing = standing_of(session, OFFICIAL, city.now_ms)
    every = service.releases(session, OFFICIAL)
    official = [each for each in every if each.status is ReleaseStatus.OFFICIAL]
    sealed = [each for each in official if each.sealed_statement and each.published_ms == each.due_ms]
    return outcome(
        "check.official", "figures.official",
        passed=standing.standing is Standing.OFFICIAL and len(official) > len(sealed) > 0,
        trial=len(every) - len(official), official=len(official), sealed=len(sealed),
    )  # fmt: skip


def _corrected(city: City, session: Session) -> Outcome:
    """The correction has its notice, and the complaint that led to it its answer."""
    found = notices(session, OFFICIAL, as_of_ms=city.now_ms)
    answered = [each for each in index_complaints(session) if each.answered_ms and each.upheld]
    changed = sum(each.values_changed for each in found)
    return outcome(
        "check.corrected", "figures.corrected_index", passed=bool(found and changed and answered),
        notices=len(found), changed=changed, answered=len(answered),
    )  # fmt: skip


def _trades(city: City, session: Session, station: Station) -> Outcome:
    """Weeks of trades became quotes, and stand beside the quotes of the same cells."""
    weeks = {quote.day for quote in book.quotes(session, source=TRADES)}
    newest = service.latest(session, OFFICIAL)
    beside = None if newest is None else compare_release(session, station.vault, newest, city.now_ms).indices
    months = 0 if beside is None else len(beside.spread(*beside.nodes("month")[0], "month"))
    return outcome(
        "check.trades", "figures.trades", passed=len(weeks) > months > 0,
        weeks=len(weeks), cells=beside.cells if beside else 0, months=months,
    )  # fmt: skip
