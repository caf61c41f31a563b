"""Inspections, measures and complaints: who may, in which order, and what they cost."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from ledger.tables import PendingRow
from trace.integrity.complaints import ComplaintNew, DecisionNew, answer, complaint, decide, file_complaint
from trace.integrity.credit import (
    PunishmentNew,
    ask_repair,
    decide_repair,
    measures,
    punish,
    punished_at,
)
from trace.integrity.deductions import deductions
from trace.integrity.evidence_statements import behind
from trace.integrity.gathering import evidence_of
from trace.integrity.inspections import InspectionNew, find, inspections, overdue
from trace.integrity.integrity_errors import (
    BadComplaint,
    BadInspection,
    ComplaintClosed,
    MeasureClosed,
    NotByRegulator,
    UnknownComplaint,
    UnknownMeasure,
)
from trace.integrity.periods import quarter_of
from trace.integrity.source_trust import trusted_as_source
from trace.private_values import private_values
from trace.recalls.recall_errors import SamePerson
from trace.service import Recorder
from trace.tables import FindingRow, StepRow
from trace.turnover import turnover

from .holding import regulator
from .season import DAY, GROWER, MAKER, NOON, PHARMACY, VAULT, white_peony
from .supervised import AFTER, REGULATOR, SEASON, supervised, take

DOCUMENT = "sha256:" + "ab" * 32
WITHIN = SEASON.since_ms + 20 * DAY
Seasoned = tuple[Session, Recorder]


@pytest.fixture
def season() -> Iterator[Seasoned]:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        yield session, by


def inspection(**rest: object) -> InspectionNew:
    return InspectionNew.model_validate(
        {
            "party": MAKER,
            "subjects": [
                {"subject": "quality", "outcome": "failed"},
                {"subject": "price", "outcome": "passed"},
            ],
            "points": 3,
            "role": "市监局药品科",
            "inspectors": "孙八、周九",
            "lots": ["YP-1"],
            **rest,
        }
    )


def measure(**rest: object) -> PunishmentNew:
    return PunishmentNew.model_validate(
        {
            "party": PHARMACY,
            "measure": "published",
            "reason": "多次超售",
            "from_ms": WITHIN,
            "until_ms": AFTER,
            **rest,
        }
    )


def complain(**rest: object) -> ComplaintNew:
    return ComplaintNew.model_validate(
        {
            "category": "quality",
            "words": "药材有霉味，不敢吃",
            "lot": "YP-1",
            "contact": "13900001111",
            **rest,
        }
    )


def test_an_inspection_costs_its_points_and_names_nobody(season: Seasoned) -> None:
    session, by = season
    made = find(session, by.declarer, inspection(), REGULATOR, WITHIN)
    assert evidence_of(session, [MAKER], SEASON)[MAKER].deductions["inspections"] == 3
    assert behind(session, MAKER, SEASON)["inspections"] == [made]
    assert [each.result.value for each in inspections(session, MAKER)] == ["failed"]
    leaves = b"".join(session.exec(select(PendingRow.leaf))).decode()
    assert "孙八" not in leaves
    kept = {
        each.name: each.disclosure.value for each in private_values(session, VAULT, made) if each.disclosure
    }
    assert kept == {"inspectors": "孙八、周九"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"subjects": [{"subject": "price", "outcome": "passed"}] * 2},
        {"subjects": [{"subject": "price", "outcome": "passed"}]},
        {"due_ms": NOON},
        {"lots": ["NONE"]},
        {"draw": "draw-0"},
        {"follows": "inspection-0"},
    ],
)
def test_an_inspection_that_contradicts_itself_is_refused(season: Seasoned, wrong: dict[str, object]) -> None:
    session, by = season
    with pytest.raises(BadInspection):
        find(session, by.declarer, inspection(**wrong), REGULATOR, WITHIN)


def test_only_a_regulator_inspects_punishes_and_decides(season: Seasoned) -> None:
    session, by = season
    filed = file_complaint(session, by.declarer, complain(), WITHIN)
    for act in (
        lambda: find(session, by.declarer, inspection(), GROWER, WITHIN),
        lambda: punish(session, by.declarer, measure(), GROWER, WITHIN),
        lambda: decide(session, by.declarer, filed, DecisionNew(upheld=False, reason="不实"), GROWER, WITHIN),
    ):
        with pytest.raises(NotByRegulator):
            act()


def test_what_is_not_followed_up_by_its_deadline_is_overdue(season: Seasoned) -> None:
    session, by = season
    made = find(session, by.declarer, inspection(due_ms=WITHIN + DAY), REGULATOR, WITHIN)
    assert overdue(session, WITHIN) == []
    assert [each.inspection_id for each in overdue(session, WITHIN + 2 * DAY)] == [made]
    again = inspection(follows=made, points=0, subjects=[{"subject": "quality", "outcome": "passed"}])
    find(session, by.declarer, again, REGULATOR, WITHIN + 3 * DAY)
    assert overdue(session, WITHIN + 4 * DAY) == []


def test_a_repair_takes_the_party_and_two_persons(season: Seasoned) -> None:
    session, by = season
    made = punish(session, by.declarer, measure(), REGULATOR, WITHIN)
    with pytest.raises(MeasureClosed):
        decide_repair(session, by.declarer, made, regulator(), REGULATOR, WITHIN)
    with pytest.raises(UnknownMeasure):
        ask_repair(session, by.declarer, made, DOCUMENT, GROWER, WITHIN)
    ask_repair(session, by.declarer, made, DOCUMENT, PHARMACY, WITHIN)
    decide_repair(session, by.declarer, made, regulator(), REGULATOR, WITHIN)
    assert measures(session, PHARMACY)[0].in_force(WITHIN + 1)
    for same in (regulator(), regulator("科员甲", "ffffffff"), regulator("科员乙")):  # one name, or one token
        with pytest.raises(SamePerson):
            decide_repair(session, by.declarer, made, same, REGULATOR, WITHIN)
    decide_repair(session, by.declarer, made, regulator("科员乙", "eeeeeeee"), REGULATOR, WITHIN + DAY)
    assert not measures(session, PHARMACY)[0].in_force(WITHIN + DAY)
    assert punished_at(session, WITHIN + DAY) == {}


def test_the_log_does_not_say_who_the_two_persons_were(season: Seasoned) -> None:
    session, by = season
    made = punish(session, by.declarer, measure(), REGULATOR, WITHIN)
    ask_repair(session, by.declarer, made, DOCUMENT, PHARMACY, WITHIN)
    decide_repair(session, by.declarer, made, regulator("王科员", "0a1b2c3d"), REGULATOR, WITHIN)
    leaves = b"".join(session.exec(select(PendingRow.leaf))).decode()
    assert "0a1b2c3d" not in leaves
    assert "王科员" not in leaves


def test_who_is_under_a_measure_feeds_no_index(season: Seasoned) -> None:
    session, by = season
    assert trusted_as_source(session, PHARMACY, WITHIN).trusted
    punish(session, by.declarer, measure(), REGULATOR, WITHIN)
    refused = trusted_as_source(session, PHARMACY, WITHIN)
    assert not refused.trusted
    assert "公示失信" in refused.reason_zh
    assert [each.sales for each in turnover(session, VAULT, 0, AFTER)] == [1]
    assert turnover(session, VAULT, 0, AFTER, without=[PHARMACY]) == []
    assert trusted_as_source(session, PHARMACY, AFTER).trusted


def test_a_complaint_goes_to_the_maker_and_costs_only_when_upheld(season: Seasoned) -> None:
    session, by = season
    filed = file_complaint(session, by.declarer, complain(), WITHIN)
    assert complaint(session, filed).party == MAKER
    assert evidence_of(session, [MAKER], SEASON)[MAKER].deductions == {}
    answer(session, by.declarer, filed, "已自查，库房受潮", MAKER, WITHIN)
    decide(session, by.declarer, filed, DecisionNew(upheld=True, points=4, reason="属实"), REGULATOR, WITHIN)
    assert complaint(session, filed).status == "upheld"
    assert evidence_of(session, [MAKER], SEASON)[MAKER].deductions == {"complaints": 4}
    assert behind(session, MAKER, SEASON)["complaints"] == [filed]


def test_a_complaint_is_answered_by_whom_it_is_about_and_decided_once(season: Seasoned) -> None:
    session, by = season
    filed = file_complaint(session, by.declarer, complain(), WITHIN)
    with pytest.raises(UnknownComplaint):
        answer(session, by.declarer, filed, "不是我们的", GROWER, WITHIN)
    decide(session, by.declarer, filed, DecisionNew(upheld=False, reason="不实"), REGULATOR, WITHIN)
    for again in (
        lambda: answer(session, by.declarer, filed, "迟到的答复", MAKER, WITHIN),
        lambda: decide(
            session, by.declarer, filed, DecisionNew(upheld=False, reason="不实"), REGULATOR, WITHIN
        ),
    ):
        with pytest.raises(ComplaintClosed):
            again()


@pytest.mark.parametrize(
    "decision", [{"upheld": True, "points": 0}, {"upheld": True, "points": 1}, {"upheld": False, "points": 2}]
)
def test_points_are_two_to_five_for_an_upheld_complaint_and_none_else(
    season: Seasoned, decision: dict[str, object]
) -> None:
    session, by = season
    filed = file_complaint(session, by.declarer, complain(), WITHIN)
    with pytest.raises(BadComplaint):
        decide(
            session,
            by.declarer,
            filed,
            DecisionNew.model_validate({**decision, "reason": "如此"}),
            REGULATOR,
            WITHIN,
        )


def test_words_contact_and_code_of_a_complaint_stand_in_no_leaf(season: Seasoned) -> None:
    session, by = season
    code = "09H0ZN20B1802H6Q95TC"
    file_complaint(session, by.declarer, complain(code=code), WITHIN, lot_of_code="YP-1")
    leaves = b"".join(session.exec(select(PendingRow.leaf))).decode()
    assert not any(secret in leaves for secret in ("霉味", "13900001111", code))


@pytest.mark.parametrize("wrong", [{"lot": None}, {"lot": "NONE"}])
def test_a_complaint_about_nothing_on_record_is_refused(season: Seasoned, wrong: dict[str, object]) -> None:
    session, by = season
    with pytest.raises(BadComplaint):
        file_complaint(session, by.declarer, complain(**wrong), WITHIN)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "短"},
        {"words": "长" * 1001},
        {"words": "藏" + chr(0x200B) + "字的投诉"},
        {"contact": "x" * 81},
    ],
)
def test_words_that_are_too_short_too_long_or_unseen_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        complain(**wrong)


def test_a_lapse_is_shown_where_it_costs_and_in_no_later_quarter(season: Seasoned) -> None:
    session, _ = season
    made = session.exec(select(StepRow).where(StepRow.party == MAKER)).first()
    assert made is not None
    session.add(
        FindingRow(
            finding_id="lapse", rule="licence.expired", step_id=made.step_id, parts="{}", found_ms=WITHIN
        )
    )
    session.flush()
    then = quarter_of(made.recorded_ms)
    after = quarter_of(then.until_ms)
    assert behind(session, MAKER, then)["licences"] == [made.statement_id]
    assert deductions(session, [MAKER], then)[MAKER]["licences"] == 1
    assert "licences" not in behind(session, MAKER, after)
    assert "licences" not in deductions(session, [MAKER], after).get(MAKER, {})
