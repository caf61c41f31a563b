"""The yearly self-assessment is made after the year, kept, numbered, and its digest is in the log."""

import datetime
import hashlib

import pytest

from ledger.canonical import canonical
from priceindex.families import family
from priceindex.governance.assessments import assess, assessment, figures
from priceindex.governance.governance_errors import UnknownAssessment, YearNotOver
from priceindex.governance.index_complaints import IndexComplaintNew, file_index_complaint
from priceindex.governance.requirements import requirements
from priceindex.governance.stating import Operator
from priceindex.intake.taking_in import take_in
from tests.priceindex.logged import publics
from tests.priceindex.small_market import KEY, KNOWN, NOW_MS, ORIGIN, SmallMarket, daily

OPERATOR = Operator(ORIGIN, KEY)


def new_year_ms(year: int) -> int:
    """Midnight of 1 January in China, epoch milliseconds."""
    china = datetime.timezone(datetime.timedelta(hours=8))
    return int(datetime.datetime(year, 1, 1, tzinfo=china).timestamp() * 1000)


def test_a_year_is_assessed_only_when_it_is_over(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session, pytest.raises(YearNotOver):
        assess(session, OPERATOR, 2025, [family("bozhou")], new_year_ms(2026) - 1)
    with sqlite_market.write() as session:
        assert assess(session, OPERATOR, 2025, [family("bozhou")], new_year_ms(2026)).number == 0


def test_the_report_is_kept_with_every_requirement_and_its_digest_is_logged(market: SmallMarket) -> None:
    with market.write() as session:
        made = assess(session, OPERATOR, 2025, [family("bozhou"), family("herbs")], NOW_MS)
    market.settle()
    with market.read() as session:
        read = assessment(session, 2025)
    assert (read.body, read.sha256) == (made.body, hashlib.sha256(made.body).hexdigest())
    assert canonical(read.members) == read.body
    for told in read.members["families"]:  # type: ignore[union-attr]
        lines = told["requirements"]  # type: ignore[call-overload, index]
        assert [line["requirement"] for line in lines] == [each.id for each in requirements()]  # type: ignore[call-overload, index, union-attr]
    assert publics(market, "index.assessed") == [{"year": 2025, "number": 0, "sha256": made.sha256}]


def test_a_second_report_of_a_year_leaves_the_first_in_place(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session:
        first = assess(session, OPERATOR, 2025, [family("bozhou")], NOW_MS)
        second = assess(session, OPERATOR, 2025, [family("bozhou")], NOW_MS)
    assert (first.number, second.number) == (0, 1)
    with sqlite_market.read() as session:
        assert assessment(session, 2025).number == 1
        with pytest.raises(UnknownAssessment):
            assessment(session, 2024)


def test_what_happened_in_another_chinese_year_is_not_counted(sqlite_market: SmallMarket) -> None:
    words = {"category": "method", "subject": "herbs", "words": "权数来源没有说明清楚，请补充"}
    for number, at_ms in enumerate((new_year_ms(2025) - 1, new_year_ms(2025), new_year_ms(2026) - 1)):
        with sqlite_market.write() as session:
            told = IndexComplaintNew.model_validate(words)
            file_index_complaint(session, OPERATOR, told, at_ms, bytes([number] * 16))
    with sqlite_market.write() as session:
        take_in(session, daily([4000, 4100], "2024-12-29"), "fair", new_year_ms(2025) - 1, known=KNOWN)
        take_in(session, daily([4000], "2025-12-29"), "fair", new_year_ms(2026) - 1, known=KNOWN)
    with sqlite_market.read() as session:
        found = figures(session, 2025)
    assert (found["complaints"], found["complaints_open"], found["quotes"]) == (2, 2, 1)
