"""The price index asked or told in ways that cost: patterns that go back, refusals asked again, waiting."""

import threading
from typing import Any, TypeAlias

import pytest
from starlette.testclient import TestClient

from api import index_seasons
from api.errors import TooManyRequests
from api.index_analysis import sold_months
from api.quoted_names import known_names
from api.web.kept import Kept
from api.web.turns import WAITING, Turns
from ledger.errors import DaodiError
from priceindex.analysis.traded_months import TradedMonths
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.shapes import read_body
from priceindex.seasonal.seasonal_errors import TooShortForSeasons
from tests.api.conftest import NOW_MS
from tests.api.two_vintages import Published

Lines: TypeAlias = list[str]
LONG = 200_000
"""With time growing as the square of the length, none of these would end within an hour."""
REPORTS = [
    "1," * LONG + "x",
    "1" * LONG,
    "1" * LONG + "元",
    "1-" * LONG + "元x",
    "白芍统货" + "4" * LONG,
    "白芍" + " " * LONG + "元1",
    "亳州白芍" + "现的" * LONG + "1元",
    "白芍" + "新陈" * LONG + "片1元",
    "元1价" * LONG,
    "(" * LONG,
]


@pytest.mark.parametrize("number", range(len(REPORTS)))
def test_no_market_report_makes_a_pattern_go_back_and_try_again(number: int) -> None:
    """The first held a processor for more than three minutes."""
    raw = RawBody(name="r.txt", content=REPORTS[number].encode(), media_type="text/plain", received_ms=NOW_MS)
    try:
        read = read_body("prose", raw, Reading(source="rival", known=known_names(), market="亳州"))
    except DaodiError:
        return
    assert read.quotes == ()


@pytest.fixture
def asked(published: Published, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, Lines]:
    """A service nothing was asked of yet, and a line for each time all prices were opened."""
    opened: Lines = []

    def counted(*given: Any) -> TradedMonths:
        opened.append("opened")
        return sold_months(*given)

    monkeypatch.setattr(index_seasons, "sold_months", counted)
    monkeypatch.setattr(index_seasons, "_KEPT", Kept(limit=16))
    return published[0], opened


def test_a_refusal_that_took_opening_every_price_is_kept_like_an_answer(
    asked: tuple[TestClient, Lines],
) -> None:
    client, opened = asked
    answers = [client.get("/v1/seasonal/trades?family=bozhou") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert {answer.json()["type"] for answer in answers} == {"/problems/too-short-for-seasons"}
    assert opened == ["opened"]


def test_a_dear_answer_keeps_few_waiting_and_the_service_open(
    asked: tuple[TestClient, Lines], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every thread of the service would wait for one computation, and nothing else be served."""
    client, _ = asked
    begun, go_on, answers = threading.Event(), threading.Event(), list[int]()

    def slow(*_: object) -> object:
        begun.set()
        go_on.wait()
        raise TooShortForSeasons(family="bozhou", months=6)

    def ask() -> None:
        answers.append(client.get("/v1/seasonal/trades?family=bozhou").status_code)

    monkeypatch.setattr(index_seasons, "_computed", slow)
    monkeypatch.setattr(index_seasons, "_TURNS", Turns())
    asking = [threading.Thread(target=ask) for _ in range(50)]
    try:
        for each in asking:
            each.start()
        begun.wait()
        assert client.get("/v1/indices").status_code == 200
    finally:
        go_on.set()
        for each in asking:
            each.join()
    assert answers.count(409) >= 1
    assert answers.count(409) + answers.count(429) == len(asking)


def test_no_more_than_a_few_wait_for_a_turn() -> None:
    turns, inside, go_on = Turns(), threading.Event(), threading.Event()
    told: Lines = []

    def work() -> None:
        try:
            with turns.turn():
                inside.set()
                go_on.wait()
        except TooManyRequests:
            told.append("refused")

    hands = [threading.Thread(target=work) for _ in range(WAITING + 6)]
    for hand in hands:
        hand.start()
    while len(told) < len(hands) - WAITING - 1:
        inside.wait(0.01)
    go_on.set()
    for hand in hands:
        hand.join()
    assert len(told) == 5
    with turns.turn():
        assert told.count("refused") == 5
