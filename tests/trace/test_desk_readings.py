"""What the desk reads, on both databases: figures of an area, ranks that are shared, complaints that wait."""

import pytest
from sqlmodel import Session

from trace.integrity.complaints import (
    ComplaintNew,
    DecisionNew,
    count_to_decide,
    decide,
    file_complaint,
    to_decide,
)
from trace.integrity.inspections import InspectionNew, find, inspections, overdue
from trace.integrity.periods import Period, period
from trace.integrity.ranking import ranking, scored_periods
from trace.integrity.scoring import score_period
from trace.recalls.recall_tables import RecallRow
from trace.recalls.recall_timing import timing
from trace.supervision.key_figures import key_figures
from trace.supervision.late_steps import late_or_missing
from trace.supervision.suspicious_scans import count_suspicious
from trace.vocabulary import NodeType

from .season import MAKER, white_peony
from .supervised import AFTER, REGULATOR, SEASON, supervised, take
from .test_supervision import registered

HOUR = 3_600_000


def test_the_figures_of_an_area_are_those_of_its_parts(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        registered(session, by)
        take(session, by, white_peony())
        whole, part = key_figures(session, SEASON), key_figures(session, SEASON, area="34")
        other = key_figures(session, SEASON, area="11")
        assert whole.covered.part == part.covered.part + other.covered.part
        assert (whole.covered.whole, part.covered.whole, other.covered.whole) == (4, 3, 1)
        assert whole.steps == part.steps + other.steps
        assert key_figures(session, period("2020Q1")).covered.per_mille is None
        assert count_suspicious(session, 0, AFTER, area="34") == 0
        assert late_or_missing(session, SEASON, offset=1) == late_or_missing(session, SEASON)[1:]


def test_who_scores_alike_shares_a_rank_and_the_filter_ranks_anew(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        before = Period(year=SEASON.year, quarter=(SEASON.quarter or 2) - 1)
        for each in (before, SEASON):
            score_period(session, by.declarer, each, AFTER)
        assert scored_periods(session) == [SEASON.name, before.name]
        found = ranking(session, SEASON.name, before.name)
        scores = [each.scored.score.thousandths for each in found]
        assert scores == sorted(scores, reverse=True)
        assert [each.rank for each in found] == [1 + sum(other > mine for other in scores) for mine in scores]
        assert all(each.moved == each.scored.score.thousandths - (each.before or 0) for each in found)
        [office] = ranking(session, SEASON.name, None, node_type=NodeType.REGULATOR)
        assert (office.scored.uscc, office.rank, office.moved) == (REGULATOR, 1, None)
        assert ranking(session, SEASON.name, None, area="65") == []
        assert ranking(session, SEASON.name, None, offset=1, limit=1)[0].scored.uscc == found[1].scored.uscc


def test_a_complaint_waits_until_it_is_decided(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        new = ComplaintNew.model_validate({"category": "weight", "words": "短少了两成", "party": MAKER})
        first = file_complaint(session, by.declarer, new, AFTER)
        second = file_complaint(session, by.declarer, new, AFTER + 1)
        assert [each.complaint_id for each in to_decide(session, area="34")] == [first, second]
        assert (count_to_decide(session), count_to_decide(session, area="11")) == (2, 0)
        decide(session, by.declarer, first, DecisionNew(upheld=False, reason="查无"), REGULATOR, AFTER + 2)
        assert [each.complaint_id for each in to_decide(session)] == [second]


def test_inspections_are_listed_by_quarter_and_area(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        seen = entered(session, by.declarer, SEASON.until_ms - HOUR)
        assert [each.inspection_id for each in inspections(session, quarter=SEASON, area="34")] == [seen]
        assert inspections(session, quarter=SEASON, area="11") == []
        assert inspections(session, quarter=period("2020Q1")) == []
        assert [each.inspection_id for each in overdue(session, AFTER, area="3416")] == [seen]
        assert overdue(session, AFTER, area="11") == []


def entered(session: Session, declarer: object, at_ms: int) -> str:
    looked = [{"subject": "quality", "outcome": "failed"}]
    told = {"party": MAKER, "subjects": looked, "role": "药品科", "due_ms": at_ms + 1}
    return find(session, declarer, InspectionNew.model_validate(told), REGULATOR, at_ms)  # type: ignore[arg-type]


@pytest.mark.parametrize(("recall_class", "hours"), [(1, 24), (2, 48), (3, 72)])
def test_the_clock_of_a_recall_is_that_of_its_class_and_stops_when_it_is_closed(
    recall_class: int, hours: int
) -> None:
    recall = RecallRow(
        recall_id="r", recall_class=recall_class, responsible=MAKER, advice="", roots="[]", opened_ms=0,
        notify_until_ms=hours * HOUR,
    )  # fmt: skip
    told = timing(recall, 30 * HOUR)
    assert (told.open_ms, told.notify_left_ms) == (30 * HOUR, (hours - 30) * HOUR)
    recall.closed_ms = 2 * HOUR
    assert timing(recall, 30 * HOUR).open_ms == 2 * HOUR
