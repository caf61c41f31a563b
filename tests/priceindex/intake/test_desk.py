"""The desk: a decision is a further revision with a reason, by another person, stated in the log."""

from datetime import date

import pytest
from sqlalchemy import text

from priceindex import book
from priceindex.errors import UnknownQuote
from priceindex.intake.desk import MOST, Decided, QuoteKey, Verdict, decide, same_person, statement_of
from priceindex.intake.desk_errors import NothingToDecide, OwnQuote, ReasonTooShort, TooManyToDecide
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Cell, Status, Tier
from tests.priceindex.small_market import KEY, KNOWN, NOW_MS, ORIGIN, SmallMarket, daily, quote

CELL = Cell("白芍", "统", "安徽", "亳州")
SLIPPED = QuoteKey(CELL, date(2025, 3, 2), "test")
CLERK, VERIFIER = "1a2b3c4d 王", "5e6f7a8b 李"


@pytest.fixture
def slipped(sqlite_market: SmallMarket) -> SmallMarket:
    """A market with one quote set aside."""
    with sqlite_market.write() as session:
        take_in(session, daily([8500, 17_000], "2025-03-01"), "test", NOW_MS, known=KNOWN, submitter=CLERK)
    return sqlite_market


def ruled(
    market: SmallMarket,
    verdict: Verdict = Verdict.RELEASE,
    *,
    named: QuoteKey = SLIPPED,
    reason: str = "电话核实，确有此价",
    by: str = VERIFIER,
    at_ms: int = NOW_MS + 5,
) -> Decided:
    with market.write() as session:
        return decide(
            session, [named], verdict, reason=reason, decided_by=by, origin=ORIGIN, key=KEY, recorded_ms=at_ms
        )


def test_a_release_is_a_revision_known_from_then_on(slipped: SmallMarket) -> None:
    ruled(slipped)
    with slipped.read() as session:
        before = book.quotes(session, as_of_ms=NOW_MS + 4, status=Status.QUARANTINED)
        now = book.history(session, CELL, date(2025, 3, 2), "test")
    assert [one.fen_per_kg for one in before] == [17_000]
    assert [(one.status, one.reason, one.decided_by) for one in now] == [
        (Status.QUARANTINED, None, None),
        (Status.ACCEPTED, "电话核实，确有此价", VERIFIER),
    ]
    assert now[1].submitter == CLERK


def test_a_rejected_quote_stays_out_and_can_be_released_by_a_later_decision(slipped: SmallMarket) -> None:
    ruled(slipped, Verdict.REJECT)
    with pytest.raises(NothingToDecide):
        ruled(slipped, Verdict.REJECT, at_ms=NOW_MS + 6)
    ruled(slipped, at_ms=NOW_MS + 7)
    with slipped.read() as session:
        kept = book.history(session, CELL, date(2025, 3, 2), "test")
    assert [one.status.value for one in kept] == ["quarantined", "rejected", "accepted"]


def test_a_decision_is_in_the_log_without_a_price_or_a_name(slipped: SmallMarket) -> None:
    done = ruled(slipped)
    slipped.settle()
    with slipped.read() as session:
        asked = text("select leaf from ledger_entry where statement_id = :id")
        leaf = bytes(session.connection().execute(asked, {"id": done.statement_id}).scalar_one()).decode()
    assert '"kind":"quote.decided"' in leaf
    assert '"verdict":"release"' in leaf
    assert not any(word in leaf for word in ("17000", "白芍", "王", "李", "电话"))


def test_the_price_of_a_trade_is_not_even_in_the_digest(sqlite_market: SmallMarket) -> None:
    from dataclasses import replace

    with sqlite_market.write() as session:
        take_in(session, [quote(8500, "2025-03-01")], "test", NOW_MS, known=KNOWN)
    with sqlite_market.read() as session:
        [told] = book.quotes(session)
    one, other = (replace(told, tier=Tier.TRADE, fen_per_kg=fen) for fen in (8500, 9900))
    stated = [statement_of([each], Verdict.REJECT, "理由充分吧", CLERK, NOW_MS).id for each in (one, other)]
    assert stated[0] == stated[1]
    asked = [
        statement_of([replace(told, fen_per_kg=fen)], Verdict.REJECT, "理由充分吧", CLERK, NOW_MS).id
        for fen in (8500, 9900)
    ]
    assert asked[0] != asked[1]


@pytest.mark.parametrize("reason", ["", "    ", "好的 ", "行 行 "])
def test_a_reason_of_fewer_than_five_characters_is_none(slipped: SmallMarket, reason: str) -> None:
    with pytest.raises(ReasonTooShort):
        ruled(slipped, reason=reason)


def test_a_quote_nobody_made_cannot_be_decided(slipped: SmallMarket) -> None:
    with pytest.raises(UnknownQuote):
        ruled(slipped, named=QuoteKey(CELL, date(2025, 4, 1), "test"))


def test_a_decision_about_a_usable_quote_can_only_reject_it(slipped: SmallMarket) -> None:
    named = QuoteKey(CELL, date(2025, 3, 1), "test")
    with pytest.raises(NothingToDecide):
        ruled(slipped, named=named)
    ruled(slipped, Verdict.REJECT, named=named)


def test_nobody_decides_about_more_than_a_thousand_at_once(slipped: SmallMarket) -> None:
    many = [QuoteKey(CELL, date.fromordinal(730_000 + place), "test") for place in range(MOST + 1)]
    with pytest.raises(TooManyToDecide), slipped.write() as session:
        decide(
            session,
            many,
            Verdict.REJECT,
            reason="全部剔除吧",
            decided_by=VERIFIER,
            origin=ORIGIN,
            key=KEY,
            recorded_ms=NOW_MS,
        )


@pytest.mark.parametrize("by", [CLERK, "1a2b3c4d 李", "99999999 王"])
def test_who_handed_a_quote_in_does_not_release_it_under_another_name_or_token(
    slipped: SmallMarket, by: str
) -> None:
    with pytest.raises(OwnQuote):
        ruled(slipped, by=by)
    ruled(slipped, Verdict.REJECT, by=by)


def test_a_collector_who_signed_the_form_does_not_release_it_either(sqlite_market: SmallMarket) -> None:
    from dataclasses import replace

    told = [replace(one, collector="aabbccdd 赵") for one in daily([8500, 17_000], "2025-03-01")]
    with sqlite_market.write() as session:
        take_in(session, told, "test", NOW_MS, known=KNOWN, submitter=CLERK)
    with pytest.raises(OwnQuote):
        ruled(sqlite_market, by="12345678 赵")
    ruled(sqlite_market)


def test_nobody_is_the_same_as_somebody() -> None:
    assert not same_person(None, CLERK)
    assert not same_person(" 王", " 李")
    assert same_person(" 王", CLERK)
    assert not same_person("1a2b3c4d", "5e6f7a8b")


def test_a_price_released_is_what_the_next_one_is_judged_by(slipped: SmallMarket) -> None:
    ruled(slipped)
    with slipped.write() as session:
        report = take_in(session, [quote(17_000, "2025-03-03")], "test", NOW_MS + 9, known=KNOWN)
    assert report.accepted == 1
