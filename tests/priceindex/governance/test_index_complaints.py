"""Complaints about an index: private words, public fate, answered once and in time."""

import json

import pytest

from priceindex.governance.governance_errors import IndexComplaintAnswered, UnknownIndexComplaint
from priceindex.governance.index_complaints import (
    DUE_DAYS,
    IndexComplaintNew,
    answer_index_complaint,
    complaint_words,
    file_index_complaint,
    index_complaints,
)
from priceindex.governance.stating import Operator
from tests.priceindex.logged import publics
from tests.priceindex.small_market import KEY, NOW_MS, ORIGIN, SmallMarket

OPERATOR = Operator(ORIGIN, KEY)
DAY_MS = 86_400_000
WORDS = "白芍一二级的报价与我店成交价相差三成，请核对"


def file(market: SmallMarket, at_ms: int = NOW_MS, number: int = 7) -> str:
    told = IndexComplaintNew.model_validate(
        {"category": "quote", "subject": "bozhou", "words": WORDS, "contact": "0558-0000000"}
    )
    with market.write() as session:
        return file_index_complaint(session, OPERATOR, told, at_ms, bytes([number] * 16)).complaint_id


def test_what_is_written_stays_out_of_the_log(market: SmallMarket) -> None:
    named = file(market)
    market.settle()
    told = publics(market, "index.complaint.filed")
    assert told == [{"complaint": named, "category": "quote", "subject": "bozhou"}]
    assert WORDS not in json.dumps(told, ensure_ascii=False)
    with market.read() as session:
        assert complaint_words(session, named) == (WORDS, "0558-0000000")


def test_a_complaint_is_late_after_its_days_and_not_before(market: SmallMarket) -> None:
    file(market)
    with market.read() as session:
        one = index_complaints(session)[0]
    assert not one.late(NOW_MS + DUE_DAYS * DAY_MS)
    assert one.late(NOW_MS + DUE_DAYS * DAY_MS + 1)


def test_an_answer_in_time_is_never_late_afterwards(market: SmallMarket) -> None:
    named = file(market)
    with market.write() as session:
        answer_index_complaint(session, OPERATOR, named, "已核对，报价无误", NOW_MS + DAY_MS, upheld=False)
    with market.read() as session:
        one = index_complaints(session)[0]
    assert not one.late(NOW_MS + 100 * DAY_MS)
    assert (one.upheld, one.answer) == (False, "已核对，报价无误")


def test_a_complaint_is_answered_once(market: SmallMarket) -> None:
    named = file(market)
    with market.write() as session:
        answer_index_complaint(session, OPERATOR, named, "已更正", NOW_MS, upheld=True)
    with market.write() as session, pytest.raises(IndexComplaintAnswered):
        answer_index_complaint(session, OPERATOR, named, "另作答复", NOW_MS, upheld=False)
    with market.write() as session, pytest.raises(UnknownIndexComplaint):
        answer_index_complaint(session, OPERATOR, "index-complaint-x", "没有这件", NOW_MS, upheld=False)


def test_the_newest_complaint_stands_first(market: SmallMarket) -> None:
    older, newer = file(market, NOW_MS, 1), file(market, NOW_MS + 1, 2)
    with market.read() as session:
        assert [one.complaint_id for one in index_complaints(session)] == [newer, older]
