"""The way of a lot through the API, on its page and on the command line."""

import csv
import io
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.journeys.small_city import Asked, small_city


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One city for all claims of this file: none of them changes what another reads."""
    with small_city(tmp_path_factory.mktemp("city")) as opened:
        yield opened


@pytest.fixture
def client(asked: Asked) -> TestClient:
    return asked.client


def test_one_call_gives_the_whole_way_back_to_seed(client: TestClient) -> None:
    told = client.get("/v1/lots/YP-1/lineage?lang=en").json()
    assert [lot["lot"] for lot in told["lots"]][::7] == ["YP-1", "BS-SEED"]
    assert told["lots"][0]["holder_name"] == "朝阳大药房"
    sources = [lot for lot in told["lots"] if lot["source"]]
    assert sum(lot["grams"] for lot in sources) == told["lots"][0]["grams_in"] == 550_000
    assert {step["stage"]["key"] for step in told["steps"]} == {
        "planting", "harvest", "primary_processing", "split", "merge", "paozhi",
    }  # fmt: skip


def test_the_table_has_the_same_lots_as_the_graph(client: TestClient) -> None:
    graph = client.get("/v1/lots/BS-SEED/lineage?direction=forward").json()
    answer = client.get("/v1/lots/BS-SEED/lineage?direction=forward&as=csv&lang=zh")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["批次"] for line in lines] == [lot["lot"] for lot in graph["lots"]]
    assert {line["产生环节"] for line in lines} >= {"种植", "采收", "饮片炮制"}


def test_a_lot_that_does_not_exist_is_said_not_to(client: TestClient) -> None:
    assert client.get("/v1/lots/NONE/lineage").json()["type"].endswith("/unknown-lot")
    assert client.get("/lots/NONE").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_both_ways_as_drawings_and_tables(client: TestClient, language: str) -> None:
    text = client.get(f"/lots/BS-HERB?lang={language}").text
    assert text.count('<svg class="lineage"') == 2
    assert text.count("<table>") == 3  # two ways, and where the goods are
    assert {"BS-SEED", "YP-1"} <= {word for word in ("BS-SEED", "YP-1") if f">{word}</a>" in text}


def test_no_private_value_is_in_a_lineage(client: TestClient) -> None:
    for address in ("/lots/BS-PLANT", "/v1/lots/BS-PLANT/lineage?direction=forward"):
        text = client.get(address).text
        assert not [each for each in ("13800138000", "张三丰", "皖S12345", "12345") if each in text]
