"""A check of the compliance table fails where what it asks for was broken on purpose."""

import dataclasses

from sqlalchemy import delete, update
from sqlmodel import col

from priceindex.families import Family
from priceindex.governance.checks.judged import Found, Judged
from priceindex.governance.compliance import CHECKS
from priceindex.intake.taking_in import take_in_body
from priceindex.tables import ArchiveRow, QuoteRow
from tests.priceindex.releases.issuing import BOZHOU, computed, fill, publish
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket

DAY_MS = 86_400_000
BODY = "品名,规格,产地,市场,日期,价格\n白芍,统,安徽,亳州,2025-03-01,85\n".encode()
ASKED_BY, COLLECTED_BY = "1a2b3c4d Li", "5e6f7a8b Wang"


def check(market: SmallMarket, name: str, family: Family = BOZHOU, at_ms: int = NOW_MS) -> Found:
    with market.read() as session:
        return CHECKS[name](session, Judged(family=family, at_ms=at_ms, run=None))


def take(market: SmallMarket) -> None:
    with market.write() as session:
        take_in_body(session, BODY, "fair.csv", "fair", NOW_MS, known=KNOWN)


def test_tiers_out_of_the_hierarchys_order_are_a_broken_text(sqlite_market: SmallMarket) -> None:
    basket = BOZHOU.basket.model_copy(update={"tiers": tuple(reversed(BOZHOU.basket.tiers))})
    assert check(sqlite_market, "tiers_stated").passed
    assert not check(sqlite_market, "tiers_stated", dataclasses.replace(BOZHOU, basket=basket)).passed


def test_a_body_gone_from_the_archive_is_found(sqlite_market: SmallMarket) -> None:
    take(sqlite_market)
    assert check(sqlite_market, "archive_complete").passed
    with sqlite_market.write() as session:
        session.connection().execute(delete(ArchiveRow))
    assert not check(sqlite_market, "archive_complete").passed


def test_who_collected_or_submitted_a_quote_may_not_have_decided_about_it(sqlite_market: SmallMarket) -> None:
    take(sqlite_market)
    told = {"submitter": ASKED_BY, "collector": COLLECTED_BY}
    for decider, passed in (("9c0d1e2f Zhao", True), (ASKED_BY, False), (COLLECTED_BY, False)):
        with sqlite_market.write() as session:
            session.connection().execute(
                update(QuoteRow).where(col(QuoteRow.source) == "fair").values(**told, decided_by=decider)
            )
        assert check(sqlite_market, "verifier_is_not_submitter").passed is passed


def test_a_trial_is_long_enough_on_its_last_day_and_not_the_day_before(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    publish(sqlite_market, computed(sqlite_market))
    over_ms = NOW_MS + BOZHOU.publication.trial_days * DAY_MS
    assert not check(sqlite_market, "trial_length", at_ms=over_ms - DAY_MS).passed
    assert check(sqlite_market, "trial_length", at_ms=over_ms).passed
