"""Files of a release: the same values in every format, under addresses that never change."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from pysdmx.io import read_sdmx
from pysdmx.io.pd import PandasDataset

from api.publication.value_columns import NAMES
from tests.api.two_vintages import AFTER, BEFORE, CORRECTED, Published

FORMATS = ("csv", "json", "parquet", "sdmx.csv")


def rows_of(published: Published, release: str) -> list[dict[str, str]]:
    body = published[0].get(f"/index/{release}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_each_release_keeps_saying_what_it_said(published: Published) -> None:
    _, told = published
    for release, value in ((told.first, BEFORE), (told.second, AFTER)):
        [row] = [
            row
            for row in rows_of(published, release)
            if (row["level"], row["period"]) == ("composite", CORRECTED.isoformat())
        ]
        assert row["value"] == value


def test_parquet_has_the_types_and_the_values_of_the_csv(published: Published, tmp_path: Path) -> None:
    client, told = published
    path = tmp_path / "values.parquet"
    path.write_bytes(client.get(f"/index/{told.second}.parquet").content)
    with duckdb.connect() as connection:
        whole = connection.read_parquet(str(path))
        types = {name: str(kind) for name, kind in zip(whole.columns, whole.types, strict=True)}
        values = whole.project("period, value").fetchall()
        asked = "SELECT key, value FROM parquet_kv_metadata(?)"
        facts = dict(connection.execute(asked, [str(path)]).fetchall())
    assert tuple(types) == NAMES
    assert (types["period"], types["quoted"]) == ("DATE", "INTEGER")
    assert types["value"].startswith("DECIMAL")
    assert types["published"].startswith("TIMESTAMP")
    rows = rows_of(published, told.second)
    assert [(str(day), value) for day, value in values] == [
        (row["period"], Decimal(row["value"])) for row in rows
    ]
    release = client.get(f"/v1/releases/{told.second}").json()
    assert facts[b"input_digest"].decode() == release["input_digest"]


def test_json_has_the_rows_of_the_csv(published: Published) -> None:
    client, told = published
    whole = json.loads(client.get(f"/index/{told.second}.json").content)
    rows = rows_of(published, told.second)
    assert whole["columns"] == list(NAMES)
    assert [row[5] for row in whole["rows"]] == [row["value"] for row in rows]


def test_sdmx_reads_the_file(published: Published) -> None:
    client, told = published
    [found] = read_sdmx(client.get(f"/index/{told.second}.sdmx.csv").text).data or ()
    assert isinstance(found, PandasDataset)
    assert [Decimal(value) for value in found.data["OBS_VALUE"]] == [
        Decimal(row["value"]) for row in rows_of(published, told.second)
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_is_kept_forever_and_not_sent_twice(published: Published, suffix: str) -> None:
    client, told = published
    path = f"/index/{told.first}.{suffix}"
    first = client.get(path)
    assert "immutable" in first.headers["cache-control"]
    assert first.headers["content-disposition"] == f'attachment; filename="{told.first}.{suffix}"'
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("suffix", FORMATS)
def test_there_is_no_file_of_a_release_there_is_not(published: Published, suffix: str) -> None:
    assert published[0].get(f"/index/bozhou-1999-01-01.{suffix}").status_code == 404
