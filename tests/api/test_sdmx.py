"""SDMX: what a reader of the standard makes of our structures and values (pysdmx, the BIS library)."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pysdmx.io import read_sdmx
from pysdmx.io.csv.sdmx21.writer import write
from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Codelist, Dataflow, DataStructureDefinition, decoders
from pysdmx.model.dataset import ActionType

from api.sdmx.data_message import time_period
from api.sdmx.data_query import series_key, time_bounds
from priceindex.releases.series import COUNTS
from tests.api.two_vintages import CORRECTED, Published

STRUCTURE = "/v1/sdmx/structure/dataflow/DAODI/TCM_PI/1.0?references=all"
VALUES = "/v1/sdmx/data/dataflow/DAODI/TCM_PI/1.0"


def structures(text: str) -> dict[type, list[Any]]:
    """The structures as pysdmx reads them; its schema check wants a package we do not install."""
    message = msgspec.json.Decoder(JsonStructureMessage, dec_hook=decoders).decode(text).to_model()
    found: dict[type, list[Any]] = {}
    for each in message.structures or ():
        found.setdefault(type(each), []).append(each)
    return found


def dataset(text: str) -> PandasDataset:
    [found] = read_sdmx(text).data or ()
    assert isinstance(found, PandasDataset)
    return found


def test_a_reader_finds_the_structure_and_every_code(published: Published) -> None:
    answer = published[0].get(STRUCTURE)
    assert answer.headers["content-type"] == "application/vnd.sdmx.structure+json;version=2.0.0"
    found = structures(answer.text)
    [definition], [flow] = found[DataStructureDefinition], found[Dataflow]
    assert (flow.agency, flow.id, flow.version) == ("DAODI", "TCM_PI", "1.0")
    assert [each.id for each in definition.components.dimensions] == [
        "FREQ", "FAMILY", "LEVEL", "NODE", "TIME_PERIOD",
    ]  # fmt: skip
    assert [each.id for each in definition.components.measures] == ["OBS_VALUE"]
    attributes = {each.id for each in definition.components.attributes}
    assert {name.upper() for name in COUNTS} < attributes
    coded = {each.id: each.local_codes for each in definition.components if each.local_codes}
    assert set(coded) == {"FREQ", "LEVEL", "OBS_STATUS"}
    assert {code.id for code in coded["OBS_STATUS"].codes} == {"P", "F", "R"}
    assert len(found[Codelist]) == 3


def test_one_structure_alone_has_no_other_with_it(published: Published) -> None:
    path = "/v1/sdmx/structure/codelist/DAODI/CL_TCM_FREQ/1.0"
    found = structures(published[0].get(path).text)
    assert [each.id for each in found[Codelist]] == ["CL_TCM_FREQ"]
    assert list(found) == [Codelist]


def test_values_fit_the_structure_and_come_back_as_they_were_sent(published: Published) -> None:
    client, _ = published
    answer = client.get(f"{VALUES}/D.bozhou.composite.all")
    assert answer.headers["content-type"] == "application/vnd.sdmx.data+csv;version=2.1.0"
    sent = list(csv.DictReader(io.StringIO(answer.text)))
    found = dataset(answer.text)
    assert found.action is ActionType.Replace
    [definition] = structures(client.get(STRUCTURE).text)[DataStructureDefinition]
    # Setting the structure makes pysdmx turn every column into its declared type, or refuse.
    found.structure = definition.to_schema()
    again = list(csv.DictReader(io.StringIO(write([found]) or "")))
    assert len(again) == len(sent) == 181
    columns = ("FREQ", "FAMILY", "LEVEL", "NODE", "TIME_PERIOD", "OBS_STATUS", "VINTAGE", "QUOTED")
    assert [[row[name] for name in columns] for row in again] == [
        [row[name] for name in columns] for row in sent
    ]
    assert [float(row["OBS_VALUE"]) for row in again] == [float(row["OBS_VALUE"]) for row in sent]


def test_the_same_values_as_the_service_gives_in_json(published: Published) -> None:
    client, _ = published
    sent = csv.DictReader(io.StringIO(client.get(f"{VALUES}/D.bozhou.herb.白芍").text))
    asked = {"level": "herb", "node": "白芍"}
    values = client.get("/v1/indices/bozhou/values", params=asked).json()["values"]
    assert [(row["TIME_PERIOD"], row["OBS_VALUE"]) for row in sent] == [
        (each["period"], each["value"]) for each in values
    ]


def moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()


def test_as_of_and_history_tell_what_was_known_when(published: Published) -> None:
    client, told = published
    only = {"c[TIME_PERIOD]": CORRECTED.isoformat()}
    path = f"{VALUES}/D.bozhou.composite.all"
    now = dataset(client.get(path, params=only).text).data
    then = dataset(client.get(path, params={**only, "asOf": moment(told.first_ms)}).text).data
    assert [float(value) for value in (*now["OBS_VALUE"], *then["OBS_VALUE"])] == [1025, 950]
    every = dataset(client.get(path, params={**only, "includeHistory": "true"}).text).data
    told_of = zip(every["VINTAGE"], every["OBS_VALUE"], strict=True)
    assert [(int(vintage), float(value)) for vintage, value in told_of] == [(1, 950), (2, 1025)]


def test_updated_after_gives_a_merge_of_what_changed(published: Published) -> None:
    client, told = published
    asked = {"updatedAfter": moment(told.first_ms)}
    found = csv.DictReader(io.StringIO(client.get(f"{VALUES}/D.bozhou.composite.all", params=asked).text))
    rows = list(found)
    assert {row["ACTION"] for row in rows} == {"M"}
    assert {row["TIME_PERIOD"] for row in rows} == {
        CORRECTED.isoformat(),
        (CORRECTED + timedelta(days=1)).isoformat(),
        "2025-06-30",
    }


def test_a_star_stands_for_every_series(published: Published) -> None:
    found = dataset(published[0].get(f"{VALUES}/W.*.herb.*").text).data
    assert set(found["NODE"]) == {"白芍", "当归"}
    assert all("-W" in period for period in found["TIME_PERIOD"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{VALUES}/D.bozhou", 422),
        (f"{VALUES}/X.bozhou.herb.白芍", 422),
        (f"{VALUES}/D.nowhere.herb.白芍", 404),
        (f"{VALUES}/*?c[TIME_PERIOD]=soon", 422),
        (f"{VALUES}/*?c[TIME_PERIOD]=ne:2025", 422),
        ("/v1/sdmx/data/dataflow/DAODI/OTHER/1.0/*", 404),
        ("/v1/sdmx/structure/codelist/DAODI/CL_NONE/1.0", 404),
        ("/v1/sdmx/structure/dataflow/OTHER/TCM_PI/1.0", 404),
    ],
)
def test_what_is_not_there_is_a_problem(published: Published, path: str, status: int) -> None:
    assert published[0].get(path).status_code == status


def test_a_week_is_named_by_the_year_of_its_thursday() -> None:
    assert time_period("week", date(2024, 12, 30)) == "2025-W01"
    assert time_bounds("2025-W01") == (date(2024, 12, 30), date(2025, 1, 5))


@pytest.mark.parametrize(
    ("asked", "bounds"),
    [
        (None, (None, None)),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("ge:2024+lt:2025-03", (date(2024, 1, 1), date(2025, 2, 28))),
        ("gt:2024-12 le:2025-01-15", (date(2025, 1, 1), date(2025, 1, 15))),
    ],
)
def test_conditions_on_time_become_days(asked: str | None, bounds: tuple[date | None, date | None]) -> None:
    assert time_bounds(asked) == bounds


def test_a_node_may_hold_points() -> None:
    assert series_key("D.bozhou.grade.白芍|0.5.8").node == "白芍|0.5.8"
