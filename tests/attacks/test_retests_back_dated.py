"""A firm that tells of an old bad result, and then of a retest dated before the bad result that counts."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from tests.trace.book import Book, dried, opened
from tests.trace.rebuilt import rebuilt
from tests.trace.season import lot, step
from trace.steps import StepNew
from trace.tables import LotRow


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        dried(book, "H", 1_000)
        yield book
        assert rebuilt(book.session).equal


def analysed(day: int, **values: str) -> StepNew:
    """A test of H on `day`: sulphur dioxide within 400 mg/kg, lead within 5 mg/kg."""
    names = {"so2": "二氧化硫", "lead": "铅"}
    results = [{"measurand": names[name], "value": value, "unit": "mg/kg"} for name, value in values.items()]
    return step("test", day, lots=[lot("H")], results=results, fields={"report_number": "1"})


def quality(book: Book) -> str:
    return book.session.execute(select(LotRow.quality).where(LotRow.lot_id == "H")).scalar_one()


def test_an_old_bad_result_told_late_opens_no_door_for_a_retest_dated_before_the_newer_one(
    book: Book,
) -> None:
    book.record(analysed(10, so2="1762"), 10)
    book.record(analysed(4, lead="900"), 11)
    book.record(analysed(5, so2="1", lead="1"), 12)
    assert quality(book) == "failed"
    assert "quality.failed_before_pack" in book.refusals(
        step("pack", 13, inputs=[lot("H")], packs=1, grams_per_pack=10), 13
    )


def test_a_failure_in_one_measurand_is_not_answered_by_another(book: Book) -> None:
    book.record(analysed(10, so2="1"), 10)
    book.record(analysed(4, lead="900"), 11)
    book.record(analysed(12, so2="1"), 12)
    assert quality(book) == "failed"


def test_all_that_failed_measured_again_within_limits_and_later_passes(book: Book) -> None:
    book.record(analysed(10, so2="1762"), 10)
    book.record(analysed(4, lead="900"), 11)
    book.record(analysed(12, so2="1", lead="1"), 12)
    assert quality(book) == "passed"
