"""The stages over HTTP: the same profile as JSON, as JSON Schema, as a template and as a page."""

import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.journeys.small_city import small_city
from trace.profiles import profile
from trace.vocabulary import Stage


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with small_city(tmp_path_factory.mktemp("city")) as opened:
        yield opened.client


def test_every_stage_is_listed_with_its_fields_in_the_language_asked_for(client: TestClient) -> None:
    stages = client.get("/v1/stages?lang=en").json()["stages"]
    assert [each["stage"]["key"] for each in stages] == [stage.value for stage in Stage]
    drying = next(each for each in stages if each["stage"]["key"] == "primary_processing")
    method = drying["fields"][0]
    assert (method["label"], method["required"]) == ("processing method", True)
    seed = client.get("/v1/stages?lang=zh").json()["stages"][0]
    assert "品种" in {each["label"] for each in seed["fields"]}


def test_the_schema_of_a_stage_is_json_schema_and_is_asked_for_once(client: TestClient) -> None:
    found = client.get("/v1/stages/paozhi/schema")
    assert found.headers["content-type"] == "application/schema+json"
    assert found.json()["properties"]["fields"]["required"] == ["method", "standard"]
    again = client.get("/v1/stages/paozhi/schema", headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304


def test_the_template_of_a_stage_has_its_columns_and_no_others(client: TestClient) -> None:
    book = load_workbook(io.BytesIO(client.get("/v1/stages/storage/template").content))
    headings = {cell.value for cell in book["环节 steps"][1]}
    assert {field.heading for field in profile(Stage.STORAGE).fields} <= headings
    assert profile(Stage.SEED).by_name["variety"].heading not in headings


@pytest.mark.parametrize("address", ["/v1/stages/nothing/schema", "/v1/stages/nothing/template"])
def test_a_stage_nobody_knows_is_a_problem_that_names_those_there_are(
    client: TestClient, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    assert "paozhi" in answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_page_that_names_its_fields(client: TestClient, stage: Stage, lang: str) -> None:
    answer = client.get(f"/stages/{stage.value}?lang={lang}")
    assert answer.status_code == 200
    assert all(field.name in answer.text for field in profile(stage).fields)
    assert f"/v1/stages/{stage.value}/schema" in answer.text


def test_the_pages_lead_to_each_other(client: TestClient) -> None:
    answer = client.get("/stages")
    assert all(f'href="/stages/{stage.value}"' in answer.text for stage in Stage)
    assert client.get("/stages/nothing").status_code == 404
