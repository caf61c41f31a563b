"""Corrections of packings and of weights behind shipments: what is flagged, and what becomes of the codes."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from trace.coding.code_tables import CodeRunRow
from trace.corrections.consequences import MOST, bounded, flagged_as
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import Corrected, CorrectionNew, Reason
from trace.rulebook import broken
from trace.service import RecordedStep
from trace.steps import StepNew

from .rebuilt import differences
from .season import GROWER, MAKER, at, founded, lot, recorder, step, white_peony


@pytest.fixture
def session() -> Iterator[Session]:
    with founded("sqlite://") as opened:
        yield opened


def packed(session: Session) -> RecordedStep:
    """The season up to its packing of 20 packs of 500 g."""
    by = recorder()
    return [by.record_step(session, new, at_ms) for new, at_ms in white_peony()[:12]][-1]


def correct(session: Session, step_id: str, instead: StepNew | None, by: str = MAKER) -> Corrected:
    reason = Reason.DID_NOT_OCCUR if instead is None else Reason.INCORRECT_DATA
    asked = CorrectionNew(reason=reason, instead=instead)
    return Corrector(recorder=recorder("correct"), by=by).correct(session, step_id, asked, at(1_000))


def packing(packs: int, grams: int) -> StepNew:
    return step("pack", 916, "WORKS", inputs=[lot("YP-1")], packs=packs, grams_per_pack=grams)


def states(session: Session) -> list[tuple[str, int, int | None, str | None]]:
    rows = session.exec(select(CodeRunRow).order_by(CodeRunRow.first_serial))  # type: ignore[arg-type]
    return [(row.status, row.last_serial - row.first_serial + 1, row.grams, row.pack_step) for row in rows]


def test_a_packing_corrected_to_fewer_packs_gives_the_rest_of_its_codes_back(session: Session) -> None:
    wrong = packed(session)
    found = correct(session, wrong.step_id, packing(18, 450))
    assert states(session) == [("activated", 18, 450, found.corrective), ("reserved", 2, None, None)]
    assert found.findings == ()
    assert differences(session) == []


def test_a_packing_that_did_not_occur_leaves_its_codes_unused(session: Session) -> None:
    wrong = packed(session)
    correct(session, wrong.step_id, None)
    assert states(session) == [("reserved", 20, None, None)]
    assert differences(session) == []


def test_sold_packs_of_a_wrong_packing_stay_sold_and_are_flagged(session: Session) -> None:
    wrong = packed(session)
    sale = step("sale", 917, "WORKS", codes=list(wrong.codes[:3]), fields={"price_fen_per_kg": 9})
    recorder("sale").record_step(session, sale, at(917))
    found = correct(session, wrong.step_id, None)
    [(about, finding)] = [each for each in found.findings if each[1].rule.code == "correction.packs"]
    assert (about, finding.parts["packs"]) == (wrong.step_id, 3)
    assert [(status, count) for status, count, _, _ in states(session)] == [("sold", 3), ("reserved", 17)]
    assert differences(session) == []


def test_a_lot_that_shipped_whole_no_longer_does_when_more_of_it_was_made(session: Session) -> None:
    by = recorder()
    steps = [by.record_step(session, new, at_ms) for new, at_ms in white_peony()[:5]]
    sent = by.record_step(session, step("ship", 906, lots=[lot("BS-HERB")], counterparty=MAKER), at(906))
    more = step(
        "primary_processing", 905, inputs=[lot("BS-FRESH")], outputs=[lot("BS-HERB", 1_050_000)],
        fields={"method": "晒干"},
    )  # fmt: skip
    found = correct(session, steps[-1].step_id, more, by=GROWER)
    assert [(about, each.rule.code) for about, each in found.findings] == [(sent.step_id, "correction.owner")]


def test_a_correction_names_as_many_faults_as_fit_and_counts_the_rest() -> None:
    many = [("s", broken("correction.packs", f"L{n}", packs=1)) for n in range(MOST + 5)]
    named = bounded(many)
    assert len(named) == MOST
    assert (named[-1][1].rule.code, named[-1][1].parts["count"]) == ("correction.more", 6)
    assert bounded(many[:MOST]) == tuple(many[:MOST])


def test_a_rule_without_a_family_of_its_own_is_flagged_as_other() -> None:
    assert flagged_as("late.recorded") == "correction.other"
