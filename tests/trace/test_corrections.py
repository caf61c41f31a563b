"""A step declared wrong: what takes its place, what follows for the lots, and what then no longer fits."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from trace.corrections.correcting import Corrector
from trace.corrections.correction_errors import (
    AlreadyCorrected,
    CorrectiveMisfit,
    NotStatedByYou,
    UnknownStep,
)
from trace.corrections.correction_words import Corrected, CorrectionNew, Reason
from trace.errors import RuleRefused
from trace.projections import lots_named
from trace.service import RecordedStep
from trace.steps import StepNew
from trace.tables import EdgeRow, FindingRow, LotRow, SaleRow, ShipmentRow, StepRow

from .rebuilt import differences
from .season import COOP, GROWER, MAKER, PHARMACY, at, founded, lot, recorder, step, white_peony

NOW = at(1_000)


@pytest.fixture
def session() -> Iterator[Session]:
    with founded("sqlite://") as opened:
        yield opened


def record(session: Session) -> dict[str, RecordedStep]:
    """The season of 白芍, by stage; of two steps of a stage the later."""
    by = recorder()
    return {new.stage.value: by.record_step(session, new, at_ms) for new, at_ms in white_peony()}


def correct(
    session: Session, step_id: str, instead: StepNew | None, by: str = GROWER, seed: str = "correct"
) -> Corrected:
    reason = Reason.DID_NOT_OCCUR if instead is None else Reason.INCORRECT_DATA
    asked = CorrectionNew(reason=reason, instead=instead)
    return Corrector(recorder=recorder(seed), by=by).correct(session, step_id, asked, NOW)


def dried(grams: int, **rest: object) -> StepNew:
    """The primary processing of the season with another weight."""
    made = lot("BS-HERB", grams, grade="统")
    fields = {"method": "去皮水煮后晒干", "drying": "晒干"}
    return step("primary_processing", 905, inputs=[lot("BS-FRESH")], outputs=[made], fields=fields, **rest)


def broken_rules(session: Session) -> set[tuple[str, str | None]]:
    rows = session.exec(select(FindingRow).where(col(FindingRow.rule).like("correction.%")))
    return {(row.rule, row.lot_id) for row in rows}


def test_a_corrected_weight_changes_the_lot_and_nothing_else(session: Session) -> None:
    steps = record(session)
    before = lots_named(session, ["BS-HERB", "BS-A", "BS-B", "BS-M", "YP-1"])
    assert before["BS-HERB"].grams == 100_000
    found = correct(session, steps["primary_processing"].step_id, dried(1_050_000))
    after = lots_named(session, ["BS-HERB", "BS-A", "BS-B", "BS-M", "YP-1"])
    assert (after["BS-HERB"].grams_in, after["BS-HERB"].grams) == (1_050_000, 150_000)
    for name in ("BS-A", "BS-B", "BS-M", "YP-1"):
        assert after[name] == before[name]
    assert after["BS-HERB"].made_step == found.corrective
    assert found.findings == ()


def test_a_weight_corrected_below_what_was_drawn_is_flagged_and_not_refused(session: Session) -> None:
    """1,000 kg were said and 900 kg split; it was 800 kg: 100 kg cannot have been there."""
    steps = record(session)
    found = correct(session, steps["primary_processing"].step_id, dried(800_000))
    herb = session.get_one(LotRow, "BS-HERB", populate_existing=True)
    assert (herb.grams_in, herb.grams) == (800_000, -100_000)
    assert [(each, finding.rule.code, finding.lot) for each, finding in found.findings] == [
        (steps["split"].step_id, "correction.balance", "BS-HERB")
    ]
    assert broken_rules(session) == {("correction.balance", "BS-HERB")}
    _, finding = found.findings[0]
    assert "900000" in finding.message("zh")
    assert "900000" in finding.message("en")


def test_a_second_correction_of_the_corrective_step_cures_what_the_first_broke(session: Session) -> None:
    steps = record(session)
    first = correct(session, steps["primary_processing"].step_id, dried(800_000))
    assert first.corrective is not None
    second = correct(session, first.corrective, dried(1_000_000), seed="again")
    herb = session.get_one(LotRow, "BS-HERB", populate_existing=True)
    assert (herb.grams_in, herb.grams) == (1_000_000, 100_000)
    assert broken_rules(session) == set()
    assert second.findings == ()
    counting = session.exec(select(StepRow).where(col(StepRow.voided_by).is_(None))).all()
    assert len(counting) == len(white_peony())


def test_what_an_earlier_correction_broke_stays_broken_until_it_is_cured(session: Session) -> None:
    steps = record(session)
    first = correct(session, steps["primary_processing"].step_id, dried(800_000))
    assert first.corrective is not None
    correct(session, first.corrective, dried(850_000), seed="again")
    assert broken_rules(session) == {("correction.balance", "BS-HERB")}


def test_a_sale_that_did_not_occur_counts_no_longer(session: Session) -> None:
    steps = record(session)
    assert len(session.exec(select(SaleRow)).all()) == 1
    correct(session, steps["sale"].step_id, None, by=PHARMACY)
    assert session.exec(select(SaleRow)).all() == []
    assert session.get_one(LotRow, "YP-1", populate_existing=True).sold_grams == 0


def test_a_split_that_did_not_occur_leaves_its_lots_unmade_and_their_later_steps_flagged(
    session: Session,
) -> None:
    steps = record(session)
    correct(session, steps["split"].step_id, None)
    herb, half = (session.get_one(LotRow, name, populate_existing=True) for name in ("BS-HERB", "BS-A"))
    assert herb.grams == 1_000_000
    assert (half.unmade, half.grams_in, half.grams) == (True, 0, -500_000)
    assert ("correction.order", "BS-A") in broken_rules(session)
    assert session.exec(select(EdgeRow).where(EdgeRow.target == "BS-A")).all() == []
    late = step("split", 930, inputs=[lot("BS-A", 1)], outputs=[lot("BS-A1", 1)])
    with pytest.raises(RuleRefused, match="BS-A"):
        recorder("late").record_step(session, late, at(930))


def test_an_unmade_lot_can_be_made_again(session: Session) -> None:
    steps = record(session)
    correct(session, steps["split"].step_id, None)
    new = step("split", 935, inputs=[lot("BS-HERB", 900_000)], outputs=[lot("BS-B", 400_000)])
    recorder("new").record_step(session, new, at(935))
    again = session.get_one(LotRow, "BS-B", populate_existing=True)
    assert (again.unmade, again.grams) == (False, 400_000)
    assert differences(session) == []


def test_a_shipment_to_the_wrong_receiver_is_put_right(session: Session) -> None:
    by = recorder()
    for new, at_ms in white_peony()[:5]:
        by.record_step(session, new, at_ms)
    wrong = by.record_step(session, step("ship", 906, lots=[lot("BS-HERB")], counterparty=PHARMACY), at(906))
    correct(session, wrong.step_id, step("ship", 906, lots=[lot("BS-HERB")], counterparty=MAKER))
    [shipment] = session.exec(select(ShipmentRow)).all()
    assert (shipment.receiver, shipment.grams) == (MAKER, 1_000_000)
    by.record_step(session, step("receive", 908, "WORKS", lots=[lot("BS-HERB")]), at(908))
    assert session.get_one(LotRow, "BS-HERB", populate_existing=True).holder == MAKER


def test_a_shipment_that_did_not_occur_leaves_its_receipt_flagged_with_answer_2(session: Session) -> None:
    by = recorder()
    for new, at_ms in white_peony()[:5]:
        by.record_step(session, new, at_ms)
    sent = by.record_step(session, step("ship", 906, lots=[lot("BS-HERB")], counterparty=MAKER), at(906))
    got = by.record_step(session, step("receive", 908, "WORKS", lots=[lot("BS-HERB")]), at(908))
    found = correct(session, sent.step_id, None)
    [(about, finding)] = found.findings
    assert (about, finding.rule.code, finding.parts["rule"]) == (
        got.step_id,
        "correction.receipt",
        "receipt.2",
    )


def test_a_corrected_test_result_follows_into_what_was_made_of_the_lot(session: Session) -> None:
    """The laboratory mistyped 120.5 for 420.5 mg/kg: over 400, the limit for 白芍."""
    steps = record(session)
    results = [{"measurand": "二氧化硫残留量", "value": "420.5", "unit": "mg/kg"}]
    fields = {"report_number": "BG-1", "inspector": "王五"}
    found = correct(
        session,
        steps["test"].step_id,
        step("test", 910, lots=[lot("BS-HERB")], fields=fields, results=results),
    )
    qualities = {
        name: state.quality.value for name, state in lots_named(session, ["BS-HERB", "BS-M", "YP-1"]).items()
    }
    assert set(qualities.values()) == {"failed"}
    assert {finding.rule.code for _, finding in found.findings} == {"correction.quality"}
    assert {about for about, _ in found.findings} == {steps["pack"].step_id, steps["sale"].step_id}


def test_the_corrective_step_is_judged_where_the_wrong_one_stood(session: Session) -> None:
    """More came out of the drying than went in: refused, though enough fresh goods exist today."""
    steps = record(session)
    with pytest.raises(RuleRefused, match=r"balance\.created|产出"):
        correct(session, steps["primary_processing"].step_id, dried(3_000_901))


def test_a_corrective_step_cannot_take_a_lot_that_another_step_made(session: Session) -> None:
    steps = record(session)
    other = step(
        "primary_processing",
        905,
        inputs=[lot("BS-FRESH")],
        outputs=[lot("BS-B", 900_000)],
        fields={"method": "晒干"},
    )
    with pytest.raises(RuleRefused, match="BS-B"):
        correct(session, steps["primary_processing"].step_id, other)


def test_the_same_correction_again_answers_the_same_and_another_is_refused(session: Session) -> None:
    steps = record(session)
    wrong = steps["primary_processing"].step_id
    first = correct(session, wrong, dried(1_050_000))
    again = correct(session, wrong, dried(1_050_000), seed="again")
    assert (again.replayed, again.statement_id, again.corrective) == (
        True,
        first.statement_id,
        first.corrective,
    )
    assert session.get_one(LotRow, "BS-HERB", populate_existing=True).grams_in == 1_050_000
    with pytest.raises(AlreadyCorrected):
        correct(session, wrong, None)


def test_only_the_party_that_stated_a_step_corrects_it(session: Session) -> None:
    steps = record(session)
    with pytest.raises(NotStatedByYou):
        correct(session, steps["primary_processing"].step_id, dried(1_050_000), by=COOP)
    with pytest.raises(UnknownStep):
        correct(session, "00000000-0000-4000-8000-000000000000", None)
    with pytest.raises(CorrectiveMisfit):
        correct(session, steps["primary_processing"].step_id, dried(1_050_000, party=MAKER))


def test_the_operator_declares_a_step_wrong_and_states_none(session: Session) -> None:
    steps = record(session)
    operator = Corrector(recorder=recorder("operator"), by=None, supervising=True)
    wrong = steps["sale"].step_id
    with pytest.raises(CorrectiveMisfit):
        operator.correct(session, wrong, CorrectionNew(reason=Reason.INCORRECT_DATA, instead=dried(1)), NOW)
    found = operator.correct(session, wrong, CorrectionNew(reason=Reason.INCORRECT_DATA), NOW)
    assert found.corrective is None
    assert session.get_one(StepRow, wrong, populate_existing=True).voided_by == found.statement_id


def test_corrected_tables_are_rebuilt_row_for_row(database_url: str) -> None:
    with founded(database_url) as session:
        steps = record(session)
        first = correct(session, steps["primary_processing"].step_id, dried(800_000))
        assert first.corrective is not None
        correct(session, first.corrective, dried(1_010_000), seed="second")
        correct(session, steps["sale"].step_id, None, by=PHARMACY, seed="third")
        assert differences(session) == []
