"""The 11,396 real Bozhou quotes, against an index worked out in plain Python by the closed form.

All 37 cells are quoted on all 308 days, so the chained index must equal the direct one: the mean over
herbs of the mean over grades of the geometric mean over cells of p(day)/p(base). Nothing of the
package is used to work it out.
"""

import csv
import io
import math
from collections import defaultdict
from datetime import date

import pytest

from priceindex import service
from priceindex.engine.run import IndexRun
from priceindex.families import family, family_version
from priceindex.intake.taking_in import take_in_body
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket

pytestmark = pytest.mark.shared
LAST = date(2025, 12, 31)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, bozhou: bytes) -> IndexRun:
    """The index of the real file, computed once for the tests that only read it."""
    market = SmallMarket(f"sqlite:///{tmp_path_factory.mktemp('bozhou') / 'daodi.sqlite'}")
    with market.write() as session:
        take_in_body(session, bozhou, "bozhou_daily_2025.csv", "kmzyw", NOW_MS, known=KNOWN)
    with market.read() as session:
        found = service.compute(session, family_version("bozhou@1"), CLASS_OF, LAST, NOW_MS)
    market.engine.dispose()
    return found


class Oracle:
    """The closed form, straight from the file."""

    def __init__(self, content: bytes) -> None:
        self.price: dict[tuple[str, str, str, str], dict[str, float]] = defaultdict(dict)
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
            cell = (row["herb"], row["spec"], row["origin"], row["market"])
            self.price[cell][row["date"]] = float(row["price_yuan_per_kg"])
        self.days = sorted({day for prices in self.price.values() for day in prices})
        self.base = [day for day in self.days if day.startswith("2025-02")]

    def relative(self, cell: tuple[str, str, str, str], day: str) -> float:
        prices = self.price[cell]
        base = math.exp(math.fsum(math.log(prices[each]) for each in self.base) / len(self.base))
        return prices[day] / base

    def grade(self, herb: str, grade: str, day: str) -> float:
        logs = [math.log(self.relative(cell, day)) for cell in self.price if cell[:2] == (herb, grade)]
        return math.exp(math.fsum(logs) / len(logs))

    def herb(self, herb: str, day: str) -> float:
        grades = sorted({cell[1] for cell in self.price if cell[0] == herb})
        return math.fsum(self.grade(herb, grade, day) for grade in grades) / len(grades)

    def composite(self, day: str) -> float:
        herbs = sorted({cell[0] for cell in self.price})
        return 1000 * math.fsum(self.herb(herb, day) for herb in herbs) / len(herbs)


def test_the_composite_of_every_day_is_the_closed_form(run: IndexRun, bozhou: bytes) -> None:
    oracle = Oracle(bozhou)
    points = run.series("composite", "all").points
    assert [point.day.isoformat() for point in points] == oracle.days
    for point in points[::7]:
        assert point.value is not None
        assert float(point.value) == pytest.approx(oracle.composite(point.day.isoformat()), rel=1e-10)


def test_herbs_and_grades_are_the_closed_form_on_days_of_big_moves(run: IndexRun, bozhou: bytes) -> None:
    oracle = Oracle(bozhou)
    for day in ("2025-02-27", "2025-03-31", "2025-04-01", "2025-10-09", "2025-12-31"):
        row = oracle.days.index(day)
        for herb in CLASS_OF:
            value = run.series("herb", herb).points[row].value
            assert float(value or 0) == pytest.approx(1000 * oracle.herb(herb, day), rel=1e-10)
        value = run.series("grade", "白术|统").points[row].value
        assert float(value or 0) == pytest.approx(1000 * oracle.grade("白术", "统", day), rel=1e-10)


def test_the_real_file_is_whole_and_eight_herbs_stand_in_three_classes(run: IndexRun) -> None:
    assert len(run.inputs.cells) == 37
    assert len(run.days) == 308
    assert run.tree.classes == ("fruit_seed", "fungus_alga", "root")
    last = run.series("composite", "all").last
    assert (last.quoted, last.carried, last.missing) == (37, 0, 0)
    assert (last.imputed_bp, last.stale_bp) == (0, 0)


def test_the_holiday_fall_of_zhejiang_baizhu_is_flagged_and_yet_counted(
    sqlite_market: SmallMarket, bozhou: bytes
) -> None:
    """白术 浙江 fell by a third on 2025-10-09, right after the holiday."""
    with sqlite_market.write() as session:
        report = take_in_body(session, bozhou, "bozhou_daily_2025.csv", "kmzyw", NOW_MS, known=KNOWN)
    assert (report.accepted, report.flagged, report.quarantined) == (10_630, 766, 0)
    assert {
        (mark.quote.herb, mark.quote.origin, mark.quote.day)
        for mark in report.marked
        if "big-step" in mark.rules
    } == {("白术", "浙江", date(2025, 10, 9))}
    assert sum("stale-repeat" in mark.rules for mark in report.marked) == _unchanged_past_90_days(bozhou)
    with sqlite_market.read() as session:
        run = service.compute(session, family("bozhou"), CLASS_OF, LAST, NOW_MS)
    row = run.days.index(date(2025, 10, 9))
    before, after = (run.series("grade", "白术|选").points[place].value for place in (row - 1, row))
    assert before is not None
    assert after is not None
    assert after < before


def _unchanged_past_90_days(body: bytes) -> int:
    """Rows whose cell has told the same price for more than 90 days, counted straight from the file."""
    rows = sorted(csv.reader(body.decode("utf-8-sig").splitlines()[1:]), key=lambda row: (row[:4], row[5]))
    count, before, since = 0, None, None
    for row in rows:
        told, day = (row[:4], row[6]), date.fromisoformat(row[5])
        if told != before or since is None:
            before, since = told, day
        count += (day - since).days > 90
    return count
