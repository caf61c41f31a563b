"""Which herbs and markets a file of quotes may name, through the API."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.quoted_names import known_names
from api.station import Station
from priceindex import book

Issue = Callable[..., str]
HEADING = "品名,规格,产地,市场,日期,价格"
ROW = "白芍,统,安徽,亳州,2025-03-01,85"


@pytest.fixture
def send(client: TestClient, token_with: Issue) -> Callable[..., dict[str, object]]:
    """Send rows under the heading and return the answer."""

    def sent(*rows: str, heading: str = HEADING, query: str = "") -> dict[str, object]:
        body = "\n".join([heading, *rows]).encode()
        answer = client.post(
            f"/v1/imports/quotes?source=fair&lang=zh{query}",
            files={"file": ("报价.csv", body, "text/csv")},
            headers={"Authorization": f"Bearer {token_with('quotes:write')}"},
        )
        return {"status": answer.status_code, **answer.json()}

    return sent


def test_a_misspelt_herb_is_refused_with_the_herbs_it_may_mean(
    send: Callable[..., dict[str, object]], station: Station
) -> None:
    answer = send(ROW, ROW.replace("白芍", "白勺"), ROW.replace("亳州", "毫州"))
    assert answer["status"] == 422
    faults = answer["errors"]
    assert isinstance(faults, list)
    assert [(fault["row"], fault["field"], fault["value"]) for fault in faults] == [
        (3, "品名", "白勺"),
        (4, "市场", "毫州"),
    ]
    assert "白芍" in faults[0]["remedy"]
    assert all(name in faults[1]["remedy"] for name in ("亳州", "安国", "荷花池", "玉林"))
    with station.database.read() as session:
        assert book.quotes(session) == []


def test_a_market_may_be_written_in_full(send: Callable[..., dict[str, object]], station: Station) -> None:
    assert send(ROW.replace("亳州", "安徽亳州中药材专业市场"))["status"] == 201
    with station.database.read() as session:
        assert [one.cell.market for one in book.quotes(session)] == ["亳州"]


def test_a_misspelt_heading_is_one_problem_of_the_file_even_when_told_to_proceed(
    send: Callable[..., dict[str, object]],
) -> None:
    answer = send(ROW, heading=HEADING.replace("价格", "价"), query="&proceed=true")
    assert answer["status"] == 422
    assert "价格 price" in str(answer["detail"])
    assert "品名、规格、产地、市场、日期、价" in str(answer["detail"])


@pytest.mark.parametrize("written", ["亳州", "安徽亳州中药材专业市场", "bozhou"])
def test_every_name_of_a_market_leads_to_its_short_name(written: str) -> None:
    assert known_names().markets[written] == "亳州"
