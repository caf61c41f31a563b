"""Migration 0013: what releases said as whole series becomes points, and back, digit for digit."""

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import TableClause, column, text
from sqlmodel import Session

from api import migrations
from api.database import Database
from priceindex import service
from priceindex.releases.values_digest import digest_in_form

WHOLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "priceindex" / "releases" / "form_1.json").read_text("utf-8")
)
"""Three releases as the program before wrote them: a first, its revision, and a later day with a new herb."""
BEFORE = "0012"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    migrations.upgrade(opened, BEFORE)
    with opened.write_engine.begin() as connection:
        for table, rows in WHOLE["rows"].items():
            for row in rows:
                told = {
                    name: base64.b64decode(value) if name in ("body", "series") else value
                    for name, value in row.items()
                }
                named = TableClause(table, *(column(name) for name in told))
                connection.execute(named.insert(), told)
    yield opened
    opened.dispose()


def test_every_carried_release_has_the_values_digest_its_statement_holds(database: Database) -> None:
    migrations.upgrade(database)
    with Session(database.read_engine) as session:
        for place, public in enumerate(WHOLE["statements"], start=1):
            release = service.release(session, public["release"])
            assert (release.ordinal, release.form, release.kept) == (place, 1, 8)
            series = service.all_series(session, release.release_id)
            assert digest_in_form(1, series) == public["values_sha256"]
            last = {(str(one.level), one.node): one.last.value for one in series}
            assert {(level, node): str(last[level, node]) for level, node, _ in public["values"]} == {
                (level, node): value for level, node, value in public["values"]
            }


def test_each_value_is_carried_once(database: Database) -> None:
    said = [
        (row["release_id"], row["level"], row["node"], day, value)
        for row in WHOLE["rows"]["price_value"]
        for columns in [json.loads(zlib.decompress(base64.b64decode(row["series"])))["columns"]]
        for day, value in zip(columns["days"], columns["values"], strict=True)
    ]
    migrations.upgrade(database)
    with database.read_engine.connect() as connection:
        kept = connection.execute(text("select count(*) from price_point")).scalar_one()
        twice = connection.execute(
            text(
                "select count(*) from (select series_id, day, units, counts from price_point"
                " group by series_id, day, units, counts having count(*) > 1) as same"
            )
        ).scalar_one()
    assert len({key[1:] for key in said}) <= kept < len(said)
    assert twice == 0


def test_going_back_gives_the_series_as_they_were(database: Database) -> None:
    def series(connection: Any) -> dict[tuple[str, str, str], Any]:
        rows = connection.execute(text("select * from price_value"))
        return {
            (row.release_id, row.level, row.node): (
                row.parent,
                row.weight,
                row.last_value,
                json.loads(zlib.decompress(row.series)),
            )
            for row in rows
        }

    with database.read_engine.connect() as connection:
        before = series(connection)
    migrations.upgrade(database)
    migrations.downgrade(database, BEFORE)
    with database.read_engine.connect() as connection:
        assert series(connection) == before
    migrations.upgrade(database)
    assert migrations.differences(database) == []
