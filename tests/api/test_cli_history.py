"""`daodi quotes export` and `daodi index compute --history`: the same table from Parquet as from the book."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.cli.app import DONE, run
from tests.journeys.small_city import Asked, small_city

Told = Callable[..., str]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One city; nothing here changes it."""
    with small_city(tmp_path_factory.mktemp("city")) as opened:
        yield opened


@pytest.fixture
def told(asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    monkeypatch.setenv("DAODI_FOLDER", str(asked.station.settings.folder))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("DAODI_LANGUAGE", "en")

    def told(*words: str, outcome: int = DONE) -> str:
        assert run(list(words)) == outcome
        said = capsys.readouterr()
        return said.out + said.err

    return told


def test_the_table_from_a_history_is_the_table_from_the_book(told: Told, tmp_path: Path) -> None:
    said = told("quotes", "export", str(tmp_path / "history"))
    assert "362 quotes" in said
    assert (tmp_path / "history" / "year=2025" / "quotes.parquet").is_file()
    book = told("index", "compute", "--family", "bozhou")
    assert told("index", "compute", "--family", "bozhou", "--history", str(tmp_path / "history")) == book
    assert "950.00" in book


def test_a_folder_without_a_history_is_refused_with_the_remedy(told: Told, tmp_path: Path) -> None:
    said = told("index", "compute", "--history", str(tmp_path), outcome=1)
    assert "daodi quotes export" in said
