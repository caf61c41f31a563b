"""Where scans come from: a table of address ranges, read once and never asked of anybody."""

from pathlib import Path

import pytest

from api.errors import BadScanPlaces
from api.scan_places import ScanPlaces

TABLE = """first,last,division
198.51.100.0,198.51.100.255,110105
192.0.2.0,192.0.2.127,341602
2001:db8::,2001:db8:ffff::,310101
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ("192.0.2.0", "341600"),
        ("192.0.2.127", "341600"),
        ("192.0.2.128", None),
        ("198.51.100.7", "110100"),
        ("2001:db8:1::7", "310100"),
        ("2001:db9::", None),
        ("203.0.113.1", None),
        ("testclient", None),
    ],
)
def test_an_address_is_known_by_its_prefecture_only(table: Path, address: str, city: str | None) -> None:
    assert ScanPlaces.read(table).city_of(address) == city


@pytest.mark.parametrize(
    "line",
    ["192.0.2.9,192.0.2.1,341602", "x,192.0.2.1,341602", "192.0.2.1,192.0.2.9,99", "1.1.1.1,::1,110105"],
)
def test_a_wrong_line_is_named(table: Path, line: str) -> None:
    table.write_text(TABLE + line + "\n", encoding="utf-8")
    with pytest.raises(BadScanPlaces) as caught:
        ScanPlaces.read(table)
    assert "5" in caught.value.message("en")


def test_a_missing_table_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BadScanPlaces):
        ScanPlaces.read(tmp_path / "none.csv")
