"""Scores from the log: right by hand, the same from the statements, and kept for ever."""

from itertools import pairwise

import pytest
from sqlmodel import select

from ledger.canonical import parse
from ledger.tables import PendingRow
from trace.integrity.evidence import Share, logged_of
from trace.integrity.formula import score
from trace.integrity.gathering import evidence_of
from trace.integrity.integrity_errors import BadPeriod, NoScores, PeriodNotOver
from trace.integrity.periods import period
from trace.integrity.scoring import apply_scored, score_period, scores_for, scores_of
from trace.integrity.source_trust import trusted_as_source
from trace.said import Said

from .season import DAY, GROWER, MAKER, PHARMACY, at, lot, step, white_peony
from .supervised import AFTER, SEASON, supervised, take


def test_the_evidence_of_a_season_is_what_can_be_counted_by_hand(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        found = evidence_of(session, [GROWER, MAKER, PHARMACY], SEASON)
        # The grower shipped 600 kg; nothing was packed or sold by it, so no way of it was judged.
        assert found[GROWER].shares["tests"] == Share(good=600_000, whole=600_000)
        assert found[GROWER].shares["business"] == Share(good=600_000, whole=600_000)
        assert "completeness" not in found[GROWER].shares
        # The maker packed 20 × 500 g of 550 kg and shipped the lot: it counts once, by the most.
        assert found[MAKER].shares["tests"] == Share(good=550_000, whole=550_000)
        assert found[MAKER].shares["completeness"] == Share(good=550_000, whole=550_000)
        # The pharmacy sold 1 kg.
        assert found[PHARMACY].shares["soundness"] == Share(good=1_000, whole=1_000)
        assert found[PHARMACY].weight == 1


def test_scores_are_stated_with_their_inputs_and_computed_again_from_the_log(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        stated = score_period(session, by.declarer, SEASON, AFTER)
        pages = [
            leaf
            for leaf in map(parse, session.exec(select(PendingRow.leaf)))
            if isinstance(leaf, dict) and leaf["id"] in stated
        ]
        listed = [each for page in pages for each in page["public"]["scores"]]
        assert {each["uscc"] for each in listed} >= {GROWER, MAKER, PHARMACY}
        for each in listed:
            again = score(logged_of(each["evidence"]))
            assert (again.thousandths, again.stars) == (each["score"], each["stars"])
            assert scores_of(session, each["uscc"])[0].score == again


def test_applying_a_page_again_gives_the_same_rows() -> None:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        stated = score_period(session, by.declarer, SEASON, AFTER)
        before = [row.model_dump() for row in scores_for(session, SEASON.name)]
        leaves = map(parse, session.exec(select(PendingRow.leaf)).all())
        for leaf in leaves:
            if isinstance(leaf, dict) and leaf["id"] in stated:
                apply_scored(session, _said(leaf))
        session.expire_all()
        assert [row.model_dump() for row in scores_for(session, SEASON.name)] == before


def _said(leaf: dict) -> Said:
    return Said(
        statement_id=leaf["id"],
        kind=leaf["kind"],
        subject=leaf["subject"],
        at_ms=leaf["at_ms"],
        actor=leaf["actor"],
        public=leaf["public"],
    )


def test_a_period_scored_again_keeps_every_statement_and_shows_the_newest() -> None:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        first = score_period(session, by.declarer, SEASON, AFTER)
        second = score_period(session, by.declarer, SEASON, AFTER + DAY)
        assert not set(first) & set(second)
        assert {row.statement_id for row in scores_for(session, SEASON.name)} == set(second)
        logged = {parse(leaf)["id"] for leaf in session.exec(select(PendingRow.leaf))}  # type: ignore[index,call-overload]
        assert {*first, *second} <= logged


def test_nobody_is_scored_before_the_period_is_over() -> None:
    with supervised("sqlite://") as (session, by), pytest.raises(PeriodNotOver):
        score_period(session, by.declarer, SEASON, SEASON.until_ms - 1)


def test_a_period_nobody_was_scored_for_is_said_to_be_so() -> None:
    with supervised("sqlite://") as (session, _), pytest.raises(NoScores):
        scores_for(session, "2025")


@pytest.mark.parametrize("text", ["", "26", "2026Q5", "2026-03", "1999", "2026Q33"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        period(text)


def test_quarters_of_a_year_follow_each_other_without_a_gap() -> None:
    quarters = [period(f"2028Q{number}") for number in (1, 2, 3, 4)]
    year = period("2028")
    assert [quarters[0].since_ms, quarters[3].until_ms] == [year.since_ms, year.until_ms]
    assert all(one.until_ms == other.since_ms for one, other in pairwise(quarters))


def test_an_oversold_lot_costs_soundness_and_the_trade_stays_a_source(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        day = 920
        sold = step("sale", day, "COUNTER", lots=[lot("YP-1", 560_000)], fields={"price_fen_per_kg": 9_000})
        by.record_step(session, sold, at(day))
        found = evidence_of(session, [PHARMACY], SEASON)[PHARMACY]
        assert found.shares["soundness"] == Share(good=0, whole=560_000)
        score_period(session, by.declarer, SEASON, AFTER)
        part = {each.component.name: each for each in scores_of(session, PHARMACY)[0].score.parts}
        assert part["soundness"].points < part["soundness"].component.weight // 2
        assert trusted_as_source(session, PHARMACY, AFTER).trusted
