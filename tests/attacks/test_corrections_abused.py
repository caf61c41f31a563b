"""A party that corrects its way out: goods given back to itself, faults washed off, others harmed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from ledger.errors import DaodiError
from tests.trace.book import Book, dried, gathered, opened
from tests.trace.rebuilt import differences, rebuilt
from tests.trace.season import COOP, GROWER, MAKER, PHARMACY, at, lot, recorder, step
from tests.trace.test_gate_origin import outlined
from trace.corrections.correcting import Corrector
from trace.corrections.correction_errors import NotStatedByYou
from trace.corrections.correction_words import Corrected, CorrectionNew, Reason
from trace.projections import lots_named
from trace.registers.transfers import transfer_business
from trace.service import RecordedStep
from trace.steps import StepNew
from trace.tables import FindingRow, LotRow, ShipmentRow


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book
        assert rebuilt(book.session).equal


def correct(
    book: Book, done: RecordedStep, instead: StepNew | None = None, by: str | None = GROWER
) -> Corrected:
    reason = Reason.DID_NOT_OCCUR if instead is None else Reason.INCORRECT_DATA
    asked = CorrectionNew(reason=reason, instead=instead)
    seed = f"fix-{done.step_id}-{by}"
    return Corrector(recorder=recorder(seed), by=by, supervising=by is None).correct(
        book.session, done.step_id, asked, at(50)
    )


def rules_on(book: Book, name: str) -> set[str]:
    return set(book.session.execute(select(FindingRow.rule).where(FindingRow.lot_id == name)).scalars())


def test_goods_of_a_business_that_went_to_another_do_not_come_back_by_a_correction(book: Book) -> None:
    gathered(book, "A", 900)
    work = book.record(step("storage", 2, lots=[lot("A")], fields={"care": "通风"}), 2)
    transfer_business(book.session, book.declarer, GROWER, COOP, reason="合并", at_ms=at(3), by=GROWER)
    split = step("split", 4, "PLOT-D", inputs=[lot("A", 100)], outputs=[lot("B", 100)])
    book.record(split, 4)
    correct(book, work, by=None)
    assert lots_named(book.session, ["A"])["A"].holder == COOP
    assert not {rule for rule in rules_on(book, "A") if rule.startswith("correction.")}


def test_a_shipment_under_way_to_a_business_that_went_to_another_arrives_there(book: Book) -> None:
    gathered(book, "A", 900)
    work = book.record(step("storage", 2, lots=[lot("A")], fields={"care": "通风"}), 2)
    book.record(step("ship", 3, lots=[lot("A")], counterparty=MAKER), 3)
    transfer_business(book.session, book.declarer, MAKER, COOP, reason="合并", at_ms=at(4), by=MAKER)
    correct(book, work)
    assert book.session.execute(select(ShipmentRow.receiver)).scalar_one() == COOP
    book.record(step("receive", 5, "PLOT-D", lots=[lot("A")]), 5)
    assert lots_named(book.session, ["A"])["A"].holder == COOP


def test_a_receipt_declared_never_to_have_been_does_not_give_the_goods_back_unseen(book: Book) -> None:
    """The receiver denies the receipt: they are on the road again, and what it made of them is flagged."""
    gathered(book, "A", 900)
    book.record(step("ship", 2, lots=[lot("A")], counterparty=MAKER), 2)
    got = book.record(step("receive", 3, "WORKS", lots=[lot("A")]), 3)
    book.record(step("split", 4, "WORKS", inputs=[lot("A", 100)], outputs=[lot("B", 100)]), 4)
    with pytest.raises(NotStatedByYou):
        correct(book, got, by=GROWER)
    found = correct(book, got, by=MAKER)
    assert {rule.rule.code for _, rule in found.findings} == {"correction.owner"}
    assert lots_named(book.session, ["A"])["A"].in_transit


def test_a_correction_does_not_wash_off_the_packs_an_earlier_one_left_out_in_the_world(book: Book) -> None:
    dried(book, "H", 100)
    packing = step("pack", 2, inputs=[lot("H")], packs=4, grams_per_pack=10)
    done = book.record(packing, 2)
    book.record(step("sale", 3, codes=done.codes[:2]), 3)
    care = book.record(step("storage", 3, lots=[lot("H")], fields={"care": "通风"}, minute=5), 3)
    correct(book, done, step("pack", 2, inputs=[lot("H")], packs=3, grams_per_pack=10))
    assert "correction.packs" in rules_on(book, "H")
    correct(book, care)
    assert "correction.packs" in rules_on(book, "H")


def test_a_bad_result_taken_back_stays_named_whatever_is_corrected_after(book: Book) -> None:
    dried(book, "H", 100)
    results = [{"measurand": "二氧化硫", "value": "999", "unit": "mg/kg"}]
    bad = book.record(step("test", 2, lots=[lot("H")], results=results, fields={"report_number": "1"}), 2)
    care = book.record(step("storage", 3, lots=[lot("H")], fields={"care": "通风"}), 3)
    correct(book, bad)
    correct(book, care)
    assert "quality.result_withdrawn" in rules_on(book, "H")


def test_a_corrected_weight_ten_levels_up_reaches_the_packs(book: Book) -> None:
    gathered(book, "L0", 3_000)
    first = book.record(
        step("primary_processing", 1, inputs=[lot("L0")], outputs=[lot("L1", 1_000)], fields={"method": "晒"},
             minute=20), 1
    )  # fmt: skip
    for level in range(1, 10):
        new = step("split", 2, inputs=[lot(f"L{level}")], outputs=[lot(f"L{level + 1}", 1_000)], minute=level)
        book.record(new, 2)
    packed = book.record(step("pack", 3, inputs=[lot("L10")], packs=100, grams_per_pack=10), 3)
    book.record(step("sale", 4, codes=packed.codes[:5]), 4)
    found = correct(
        book,
        first,
        step("primary_processing", 1, inputs=[lot("L0")], outputs=[lot("L1", 900)], fields={"method": "晒"},
             minute=20),
    )  # fmt: skip
    assert ("correction.balance", "L1") in {(each.rule.code, each.lot) for _, each in found.findings}
    again = step("split", 2, inputs=[lot("L1")], outputs=[lot("L2", 900)], minute=1)
    second = [row for row in found.findings if row[1].lot == "L1"]
    fixed = Corrector(recorder=recorder("second"), by=GROWER).correct(
        book.session, second[0][0], CorrectionNew(reason=Reason.INCORRECT_DATA, instead=again), at(51)
    )
    assert ("correction.balance", "L2") in {(each.rule.code, each.lot) for _, each in fixed.findings}


def test_a_correction_is_judged_by_the_outline_too(book: Book) -> None:
    """Else a step outside of its place would be put right by saying the same again."""
    outlined(book)
    far = {"area_name": "山里", "position": "34.5,116.5"}
    new = step("gathering", 1, outputs=[lot("A", 10, "白芍")], fields=far)
    done = book.record(new, 1)
    assert "geofence.outside" in {each.rule.code for each in done.findings}
    made = correct(book, done, step("gathering", 1, outputs=[lot("A", 11, "白芍")], fields=far))
    rows = book.session.execute(
        select(FindingRow.rule).where(FindingRow.step_id == made.corrective)
    ).scalars()
    assert "geofence.outside" in set(rows)


def test_of_two_corrections_of_one_step_at_once_one_stands(database_url: str) -> None:
    with opened(database_url) as book:
        gathered(book, "A", 1_000)
        done = book.record(step("split", 2, inputs=[lot("A", 900)], outputs=[lot("B", 900)]), 2)
        care = book.record(step("split", 3, inputs=[lot("B", 100)], outputs=[lot("C", 100)]), 3)
        book.session.commit()
        engine = book.session.get_bind()

        def mend(grams: int) -> bool:
            if not grams:
                wrong, instead = care, step("split", 3, inputs=[lot("B", 50)], outputs=[lot("C", 50)])
            else:
                outputs = [lot("B", grams)]
                wrong, instead = done, step("split", 2, inputs=[lot("A", grams)], outputs=outputs)
            asked = CorrectionNew(reason=Reason.INCORRECT_DATA, instead=instead)
            with Session(engine) as own:
                try:
                    Corrector(recorder=recorder(f"mend{grams}"), by=GROWER).correct(
                        own, wrong.step_id, asked, at(50)
                    )
                except DaodiError:
                    return False
                own.commit()
            return True

        with ThreadPoolExecutor(3) as pool:
            stood = list(pool.map(mend, [800, 700, 0]))
        book.session.rollback()
        assert sum(stood[:2]) == 1
        rows = book.session.execute(select(LotRow.lot_id, LotRow.grams).order_by(col(LotRow.lot_id)))
        grams = {row[0]: row[1] for row in rows}
        kept = 800 if stood[0] else 700
        assert grams == {
            "A": 1_000 - kept,
            "B": kept - (50 if stood[2] else 100),
            "C": 50 if stood[2] else 100,
        }
        assert differences(book.session) == []


def test_nobody_corrects_for_a_pharmacy_what_it_never_said(book: Book) -> None:
    gathered(book, "A", 900)
    done = book.record(step("split", 2, inputs=[lot("A", 100)], outputs=[lot("B", 100)]), 2)
    with pytest.raises(NotStatedByYou):
        correct(book, done, by=PHARMACY)


def test_an_honest_correction_of_a_harvest_is_not_counted_twice(book: Book) -> None:
    book.record(step("planting", 1, outputs=[lot("P", herb="白芍")], fields={"area_mu": "1"}), 1)
    cut = step("harvest", 200, inputs=[lot("P")], outputs=[lot("F", 4_000_000)])
    done = book.record(cut, 200)
    assert "area.yield" not in {each.rule.code for each in done.findings}
    made = Corrector(recorder=recorder("cut"), by=GROWER).correct(
        book.session,
        done.step_id,
        CorrectionNew(
            reason=Reason.INCORRECT_DATA,
            instead=step("harvest", 200, inputs=[lot("P")], outputs=[lot("F", 3_900_000)]),
        ),
        at(201),
    )
    rules = book.session.execute(select(FindingRow.rule).where(FindingRow.step_id == made.corrective))
    assert "area.yield" not in set(rules.scalars())
