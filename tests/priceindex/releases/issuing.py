"""Publishing in a small market: quotes in, releases out, by one person or by two."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from priceindex import service
from priceindex.calendar import china_day
from priceindex.engine.index_run import IndexRun
from priceindex.families import Family, family
from priceindex.governance.declarations import DeclarationKind, DeclarationNew, declare
from priceindex.governance.stating import Operator
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote
from priceindex.releases import drafts, standing
from priceindex.releases.drafts import Draft
from priceindex.releases.persons import Person
from priceindex.releases.standing import Standing
from priceindex.service import Release
from tests.priceindex.small_market import CLASS_OF, KEY, KNOWN, NOW_MS, ORIGIN, SmallMarket, daily, quote

UNTIL = datetime.date(2025, 3, 20)
DAY_MS = 86_400_000
OPERATOR = Operator(ORIGIN, KEY)
MAKER, CHECKER = Person("王五", "aaaa0001"), Person("赵六", "bbbb0002")
BOZHOU = family("bozhou")


def fill(market: SmallMarket, at_ms: int = NOW_MS) -> None:
    """Twenty days of two herbs: 白芍 moves, 茯苓 stands."""
    prices = [8500] * 10 + [8800] * 5 + [8000] * 5
    quotes = daily(prices, "2025-03-01") + daily([6000] * 20, "2025-03-01", "茯苓", grade="丁")
    say(market, quotes, at_ms)


def say(market: SmallMarket, quotes: Sequence[Quote], at_ms: int) -> None:
    """Take quotes in."""
    with market.write() as session:
        take_in(session, list(quotes), "test", at_ms, known=KNOWN)


def correct(market: SmallMarket, fen: int, on: str, at_ms: int) -> None:
    """Correct the quote of 白芍 on one day."""
    say(market, [quote(fen, on)], at_ms)


def computed(
    market: SmallMarket,
    as_of_ms: int = NOW_MS,
    until: datetime.date = UNTIL,
    chosen: Family = BOZHOU,
) -> IndexRun:
    """What is known at a moment, computed."""
    with market.read() as session:
        return service.compute(session, chosen, CLASS_OF, until, as_of_ms)


def publish(market: SmallMarket, run: IndexRun, at_ms: int = NOW_MS, reason: str | None = None) -> Release:
    """Publish a run by one person."""
    with market.write() as session:
        return service.publish(session, run, ORIGIN, KEY, at_ms, reason=reason)


def published(market: SmallMarket) -> Release:
    """The first release of the filled market."""
    fill(market)
    release = publish(market, computed(market))
    market.settle()
    return release


def become(market: SmallMarket, wanted: Standing, at_ms: int, reason: str = "董事会决定") -> None:
    """Declare the family's standing."""
    with market.write() as session:
        standing.declare(session, OPERATOR, BOZHOU, wanted, reason, MAKER, at_ms)


def two_eyed(chosen: Family = BOZHOU) -> Family:
    """The family with a text that asks for two persons for every release, due at half past four."""
    text = chosen.text.decode()
    publication = chosen.publication.model_copy(update={"four_eyes": "always"})
    assert 'four_eyes = "official"' in text
    changed = text.replace('four_eyes = "official"', 'four_eyes = "always"').encode()
    return replace(chosen, publication=publication, text=changed)


def declare_what_is_asked(market: SmallMarket, at_ms: int) -> None:
    """Declare what the compliance table asks of an official index, for a year from `at_ms`."""
    first = china_day(at_ms)
    last = first + datetime.timedelta(days=360)
    wanted = [
        (DeclarationKind.INDEPENDENCE, "*", None),
        (DeclarationKind.REVIEW, "*", None),
        (DeclarationKind.COVERAGE, BOZHOU.id, 3000),
        (DeclarationKind.SUBMITTER, "test", None),
    ]
    with market.write() as session:
        for place, (kind, subject, share_bp) in enumerate(wanted):
            new = DeclarationNew(
                kind=kind,
                subject=subject,
                words="依照本所章程作出的声明，全文公开。",
                share_bp=share_bp,
                valid_from=first,
                valid_until=last,
            )
            declare(session, OPERATOR, new, at_ms, bytes([place]) * 16)


def made_official(market: SmallMarket) -> int:
    """A family with a release on trial, made official when its trial is over; returns that moment."""
    published(market)
    at_ms = NOW_MS + 183 * DAY_MS
    declare_what_is_asked(market, at_ms)
    become(market, Standing.OFFICIAL, at_ms)
    return at_ms


def make(
    market: SmallMarket, run: IndexRun, at_ms: int, reason: str | None = None, person: Person = MAKER
) -> Draft:
    """Make a draft of a run."""
    with market.write() as session:
        return drafts.make(session, run, person, at_ms, reason=reason)


def approve(
    market: SmallMarket, draft: Draft, at_ms: int, person: Person = CHECKER
) -> tuple[Draft, Release | None]:
    """Approve a draft."""
    with market.write() as session:
        return drafts.approve(session, OPERATOR, draft.release_id, draft.values_sha256, person, at_ms)
