"""A firm with a bad test result: told late, in another unit, by another name, or unsaid."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from tests.trace.book import Book, dried, opened
from tests.trace.rebuilt import rebuilt
from tests.trace.season import GROWER, at, lot, recorder, step
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.service import RecordedStep
from trace.steps import StepNew
from trace.story import story_of_lot
from trace.tables import LotRow


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book
        assert rebuilt(book.session).equal


def analysed(
    name: str, day: int, value: str, what: str = "二氧化硫", unit: str = "mg/kg", minute: int = 0
) -> StepNew:
    results = [{"measurand": what, "value": value, "unit": unit}]
    return step("test", day, lots=[lot(name)], results=results, fields={"report_number": "1"}, minute=minute)


def packing(day: int) -> StepNew:
    return step("pack", day, inputs=[lot("S")], packs=1, grams_per_pack=10)


def quality(book: Book, name: str) -> str:
    return str(book.session.execute(select(LotRow.quality).where(LotRow.lot_id == name)).scalar_one())


def slices(book: Book, source: str, name: str, day: int, grams: int = 900) -> None:
    fields = {"method": "切片", "standard": "药典"}
    book.record(step("paozhi", day, inputs=[lot(source)], outputs=[lot(name, grams)], fields=fields), day)


def test_a_bad_result_kept_back_until_something_else_passed_still_counts(book: Book) -> None:
    """In the order of events the lot would have failed; the order of telling changes nothing."""
    dried(book, "H", 1_000)
    book.record(analysed("H", 4, "1", "铅"), 4)
    assert quality(book, "H") == "passed"
    book.record(analysed("H", 3, "1762"), 5)
    assert quality(book, "H") == "failed"


def test_a_bad_result_told_after_its_retest_passed_does_not_undo_the_retest(book: Book) -> None:
    dried(book, "H", 1_000)
    book.record(analysed("H", 4, "100"), 4)
    book.record(analysed("H", 3, "1762"), 5)
    assert quality(book, "H") == "passed"


def test_a_bad_result_told_only_when_the_slices_are_made_stops_their_packing(book: Book) -> None:
    dried(book, "H", 1_000)
    slices(book, "H", "S", 4)
    book.record(analysed("H", 3, "1762"), 5)
    assert "quality.source_failed" in book.refusals(packing(6), 6)


def test_slices_tested_themselves_for_what_failed_in_their_herb_are_packed(book: Book) -> None:
    dried(book, "H", 1_000)
    slices(book, "H", "S", 4)
    book.record(analysed("H", 3, "1762"), 5)
    book.record(analysed("S", 6, "1", "铅"), 6)
    assert "quality.source_failed" in book.refusals(packing(7), 7)
    book.record(analysed("S", 7, "100", minute=1), 7)
    assert quality(book, "S") == "passed"
    assert "quality.source_failed" not in book.flags(packing(8), 8)


def test_a_sale_of_packs_whose_herb_failed_since_is_flagged(book: Book) -> None:
    dried(book, "H", 1_000)
    slices(book, "H", "S", 4)
    book.record(packing(5), 5)
    book.record(analysed("H", 3, "1762"), 6)
    assert "quality.failed_before_sale" in book.flags(step("sale", 7, lots=[lot("S", 10)]), 7)


@pytest.mark.parametrize(("value", "unit"), [("1762", "ppm"), ("1762", "μg/g"), ("1762", "ＭＧ / kg")])
def test_a_bad_result_in_another_unit_of_the_same_quantity_is_still_bad(
    book: Book, value: str, unit: str
) -> None:
    dried(book, "H", 1_000)
    assert "quality.over_limit" in book.flags(analysed("H", 3, value, unit=unit), 3)
    assert quality(book, "H") == "failed"


@pytest.mark.parametrize("unit", ["ppt", "", "个", "g/kg"])
def test_a_result_in_a_unit_that_cannot_be_held_against_the_limit_passes_nothing(
    book: Book, unit: str
) -> None:
    """Beside a good result of something else it would pass unseen."""
    dried(book, "H", 1_000)
    results = [
        {"measurand": "二氧化硫", "value": "1762", "unit": unit},
        {"measurand": "铅", "value": "1", "unit": "mg/kg"},
    ]
    new = step("test", 3, lots=[lot("H")], results=results, fields={"report_number": "1"})
    assert "quality.unit" in book.flags(new, 3)
    assert quality(book, "H") == "untested"


@pytest.mark.parametrize(
    "name", ["二氧化硫残留 量", "二氧化硫（残留量）", "ＳＵＬＰＨＵＲ　ＤＩＯＸＩＤＥ", "二氧化硫残留"]
)
def test_a_name_written_a_little_otherwise_is_the_same_measurand(book: Book, name: str) -> None:
    dried(book, "H", 1_000)
    assert "quality.over_limit" in book.flags(analysed("H", 3, "1762", name), 3)


def declared(book: Book, done: RecordedStep, instead: StepNew | None) -> list[str]:
    reason = Reason.DID_NOT_OCCUR if instead is None else Reason.INCORRECT_DATA
    asked = CorrectionNew(reason=reason, instead=instead)
    found = Corrector(recorder=recorder("fix"), by=GROWER).correct(book.session, done.step_id, asked, at(20))
    return [finding.rule.code for _, finding in found.findings]


def test_a_failed_test_declared_never_to_have_been_stays_in_sight(book: Book) -> None:
    dried(book, "H", 1_000)
    bad = book.record(analysed("H", 3, "1762"), 3)
    assert "quality.result_withdrawn" in declared(book, bad, None)


def test_a_bad_result_corrected_into_a_good_one_stays_in_sight(book: Book) -> None:
    dried(book, "H", 1_000)
    bad = book.record(analysed("H", 3, "1762"), 3)
    assert "quality.result_withdrawn" in declared(book, bad, analysed("H", 3, "100"))


def test_a_good_result_corrected_is_nothing_to_point_at(book: Book) -> None:
    dried(book, "H", 1_000)
    good = book.record(analysed("H", 3, "101"), 3)
    assert declared(book, good, analysed("H", 3, "100")) == []


def reasons(book: Book, name: str) -> list[tuple[str, str | None]]:
    told = story_of_lot(book.session, name).reasons
    return [(each.rule, each.lot) for each in told if each.rule == "quality.failed_since"]


def test_a_test_of_something_else_on_the_slices_does_not_hide_that_their_herb_failed(book: Book) -> None:
    """The herb's bad result is dated before the slices' own test, and told after it."""
    dried(book, "H", 1_000)
    slices(book, "H", "S", 5)
    book.record(analysed("S", 6, "1", "铅"), 6)
    book.record(packing(7), 7)
    book.record(analysed("H", 4, "1762"), 8)
    assert reasons(book, "S") == [("quality.failed_since", "H")]


def test_slices_measured_for_what_failed_in_their_herb_are_not_doubtful(book: Book) -> None:
    dried(book, "H", 1_000)
    slices(book, "H", "S", 5)
    book.record(analysed("S", 6, "100"), 6)
    book.record(packing(7), 7)
    book.record(analysed("H", 4, "1762"), 8)
    assert reasons(book, "S") == []
