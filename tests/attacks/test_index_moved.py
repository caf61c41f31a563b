"""An index moved by whoever hands in quotes: false trades, twin cells, slow steps, old days, false names."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

import pytest
from starlette.testclient import TestClient

from api.index_runs import publish_run
from api.station import Station
from priceindex import book
from priceindex.calendar import china_day
from priceindex.quotes import Status
from tests.api.conftest import NOW_MS
from tests.api.two_vintages import take_in

Issue: TypeAlias = Callable[..., str]
TODAY = china_day(NOW_MS)
HEADINGS = "herb,spec,origin,market,date,price_yuan_per_kg,tier"
DAYS = 60


@pytest.fixture
def fair(station: Station) -> Station:
    """Two herbs that never moved over two months; a thousand points."""
    days = [TODAY - timedelta(days=back) for back in range(DAYS, -1, -1)]
    take_in(
        station,
        [f"{cell},亳州,{day},{price}" for day in days for cell, price in CELLS],
    )
    return station


OLD_PRICES = (("白芍,统,安徽", "20.5"), ("当归,统,甘肃", "51.0"))
CELLS = (("白芍,统,安徽", "40.0"), ("当归,统,甘肃", "100.0"))


def hand_in(client: TestClient, token: str, lines: list[str], source: str = "rival") -> dict[str, object]:
    """Hand a file in and give the report."""
    answer = client.post(
        "/v1/imports/quotes",
        params={"source": source, "proceed": "true"},
        files={"file": ("q.csv", "\n".join([HEADINGS, *lines]).encode(), "text/csv")},
        headers={"Authorization": f"Bearer {token}"},
    )
    return {"status": answer.status_code, **answer.json()}


def headline(station: Station) -> Decimal:
    return publish_run(station, "bozhou", TODAY).headline


@pytest.fixture
def rival(token_with: Issue) -> str:
    return token_with("quotes:write", source="rival", name="rival")


def test_calling_a_quote_a_trade_does_not_put_it_before_all_others(
    client: TestClient, fair: Station, rival: str
) -> None:
    """Only recorded trades are trades: without the rule this moved 1000 points to 1150 unseen."""
    for back, word in enumerate(("trade", "成交", "TRADE")):
        day = TODAY - timedelta(days=back)
        told = hand_in(client, rival, [f"白芍,统,安徽,亳州,{day},52.0,{word}"])
        assert (told["accepted"], told["flagged"], told["quarantined"]) == (0, 0, 1)
    assert headline(fair) == 1000


def test_no_file_speaks_as_the_recorded_trades(client: TestClient, fair: Station, token_with: Issue) -> None:
    anyone = token_with("quotes:write", name="no source")
    told = hand_in(client, anyone, [f"白芍,统,安徽,亳州,{TODAY},52.0,"], "traced-trades")
    assert (told["status"], told["type"]) == (422, "/problems/reserved-source")
    assert headline(fair) == 1000


TWINS = ["统\u200b", "统\u200d", "统\u2060", "统\ufeff", "统\u00ad", "统\ufe00", "统\u3164", "\u202e统"]


@pytest.mark.usefixtures("fair")
def test_a_grade_with_a_sign_nobody_sees_is_no_second_cell(client: TestClient, rival: str) -> None:
    told = hand_in(client, rival, [f"白芍,{twin},安徽,亳州,{TODAY},40.0," for twin in TWINS])
    assert told["rejected"] == len(TWINS)


@pytest.mark.usefixtures("fair")
def test_a_grade_in_other_signs_that_look_alike_is_the_same_cell(client: TestClient, rival: str) -> None:
    """Full width, a radical for the character (Kangxi 2F00), a composed sign: one cell after all."""
    lines = [f"白芍,{grade},安徽,亳州,{TODAY},40.0," for grade in ("一级A", "\u2f00级A", "一级Ａ")]
    told = hand_in(client, rival, lines)
    assert (told["accepted"], told["duplicates"], told["rejected"]) == (1, 2, 0)
    barred = hand_in(client, rival, [f"白芍,统\uff5c选,安徽,亳州,{TODAY},40.0,"])
    assert barred["rejected"] == 1, "a full-width bar must not become the bar that keys are made of"


@pytest.mark.parametrize(("step", "days"), [(1.05, 60), (1.3, 30), (0.9, 60)])
@pytest.mark.usefixtures("fair")
def test_a_price_does_not_creep_twentyfold_by_steps_none_of_which_is_large(
    client: TestClient, rival: str, step: float, days: int
) -> None:
    """Every day a file of its own, as a source does that feels its way: what creeps fivefold waits."""
    price, highest, waiting = 4000.0, 1.0, 0
    for number in range(days, -1, -1):
        day = TODAY - timedelta(days=number)
        told = hand_in(client, rival, [f"白芍,选,安徽,亳州,{day},{price / 100:.2f},"])
        if told["quarantined"]:
            waiting += 1
        else:
            highest = max(highest, price / 4000, 4000 / price)
            price = max(price * step, 2.0)
    assert waiting > 0
    assert highest <= 5.01


def test_a_hundred_cells_of_one_source_carry_an_index_no_further_than_one(
    client: TestClient, fair: Station, rival: str
) -> None:
    """Twelve thousand quotes, five per cent a day: 1000 became 6070 before steps were added up."""
    lines = [
        f"白芍,g{grade},安徽,亳州,{TODAY - timedelta(days=back)},{40.0 * 1.05 ** (DAYS - back):.2f},"
        for back in range(DAYS, -1, -1)
        for grade in range(100)
    ]
    told = hand_in(client, rival, lines)
    assert isinstance(told["quarantined"], int)
    assert told["quarantined"] > 2000
    assert headline(fair) < 3100, "half of two herbs, five times"


def test_old_days_set_no_other_base(client: TestClient, fair: Station, rival: str) -> None:
    """Three quotes of 1900, 1969 and 2001 made 19047 points of 1000: the base stays the released one's."""
    publish_run(fair, "bozhou", TODAY - timedelta(days=1))
    months = [date(2025, month, day) for month in (3, 4, 5, 6, 7) for day in (1, 2, 15, 28)]
    hand_in(client, rival, [f"{cell},亳州,{day},{price}," for day in months for cell, price in OLD_PRICES])
    assert headline(fair) == 1000


def test_nobody_lets_in_their_own_quote_under_another_spelling(
    client: TestClient, fair: Station, token_with: Issue
) -> None:
    hand_in(client, token_with("quotes:write", name="Wang Wu"), [f"白芍,统,安徽,亳州,{TODAY},400.0,"])
    named = {"herb": "白芍", "grade": "统", "origin": "安徽", "market": "亳州", "day": str(TODAY)}
    for name in ("ＷＡＮＧ Wu", "wang  wu", "Wang\u00a0Wu"):
        answer = client.post(
            "/v1/quarantine/decisions",
            json={
                "verdict": "release",
                "reason": "电话核实过了",
                "quotes": [{**named, "source": "rival"}],
            },
            headers={"Authorization": f"Bearer {token_with('quotes:decide', name=name)}"},
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/own-quote"), answer.text
    with fair.database.read() as session:
        assert [each.source for each in book.quotes(session, status=Status.QUARANTINED)] == ["rival"]
