"""A family computed from Parquet has every digit of the same family computed from the book."""

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from priceindex import service
from priceindex.engine.engine_errors import QuotesElsewhere
from priceindex.engine.gathering import cells_of_basket
from priceindex.engine.index_run import IndexRun
from priceindex.engine.moments import Eligible
from priceindex.errors import NothingQuoted
from priceindex.families import Family, family_version
from priceindex.history.computing import Beside, compute_history, last_day_of
from priceindex.history.duck import DuckLimits, opened
from priceindex.history.history_errors import HistoryAhead, NoHistory
from priceindex.history.layout import MANIFEST, history_in, year_file
from priceindex.history.writing import write_history
from priceindex.intake.taking_in import take_in, take_in_body
from priceindex.quotes import Quote, Tier
from priceindex.releases.series import digest
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, UNCLASSED, SmallMarket

FIRST = datetime.date(2024, 11, 1)
LAST = datetime.date(2025, 3, 31)
LATER_MS = NOW_MS + 1000
SOURCES = ("alone", "brook", "crane", "delta")
WEIGHTS = {
    2024: {"alone": 9000, "brook": 1000, "crane": 4000},
    2025: {"alone": 10_000, "brook": 10_000, "crane": 10_000, "delta": 10_000},
}
FAMILIES = ("bozhou@1", "bozhou@2", "herbs@2", "origin-anhui@1", "food-medicine@1", "common@1")
THEMES = {"food_medicine": {"枸杞子": 2002, "茯苓": 2002}}


def draw_quotes(seed: int) -> list[Quote]:
    """Several sources and tiers, gaps, a herb without a class, and prices whose mean is near a half fen."""
    draw = np.random.default_rng(seed)
    days = [FIRST + datetime.timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    found: list[Quote] = []
    for herb, grade in itertools.product((*CLASS_OF, UNCLASSED), ("统", "选")):
        market = str(draw.choice(["亳州", "安国"]))
        origin = str(draw.choice(["安徽", "甘肃", ""]))
        level = int(draw.integers(30, 9000))
        found += [
            Quote(
                herb=herb, grade=grade, origin=origin, market=market, day=day, source=source,
                fen_per_kg=level + int(draw.integers(0, 3)),
                tier=draw.choice([Tier.MARKET, Tier.MARKET, Tier.WEB, Tier.TRADE]),
                deals=int(draw.integers(1, 6)),
            )
            for day, source in itertools.product(days, SOURCES)
            if draw.random() < 0.4
        ]  # fmt: skip
    return found


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallMarket]:
    """One book of drawn quotes, some of them corrected later."""
    found = SmallMarket(f"sqlite:///{tmp_path_factory.mktemp('history') / 'daodi.sqlite'}")
    quotes = draw_quotes(5)
    with found.write() as session:
        for source in SOURCES:
            mine = [quote for quote in quotes if quote.source == source]
            take_in(session, mine, source, NOW_MS, known=KNOWN, proceed=True)
    with found.write() as session:
        changed = [quote for quote in quotes if quote.source == "alone"][::7]
        corrected = [
            Quote(
                herb=quote.herb, grade=quote.grade, origin=quote.origin, market=quote.market, day=quote.day,
                source=quote.source, tier=quote.tier, fen_per_kg=quote.fen_per_kg + 1,
            )
            for quote in changed
        ]  # fmt: skip
        take_in(session, corrected, "alone", LATER_MS, known=KNOWN, proceed=True)
    yield found
    found.engine.dispose()


@pytest.fixture(scope="module")
def folder(market: SmallMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its history as of the later moment."""
    made = tmp_path_factory.mktemp("parquet")
    with market.read() as session:
        write_history(session, made, LATER_MS)
    return made


def from_book(market: SmallMarket, chosen: Family, as_of_ms: int = LATER_MS) -> IndexRun:
    with market.read() as session:
        return service.compute(session, chosen, CLASS_OF, LAST, as_of_ms, (), THEMES, WEIGHTS)


def from_history(folder: Path, chosen: Family, market: SmallMarket) -> IndexRun:
    with market.read() as session:
        cells = cells_of_basket(session, chosen, THEMES)
        classed = {number: cell for number, cell in cells.items() if cell.herb in CLASS_OF}
        beside = Beside(
            class_of=CLASS_OF,
            themes=THEMES,
            source_weights=WEIGHTS,
            eligible=Eligible(session, chosen, classed),
        )
        return _computed(folder, chosen, beside)


def _computed(folder: Path, chosen: Family, beside: Beside) -> IndexRun:
    return compute_history(folder, chosen, LAST, beside, DuckLimits(threads=1, memory_mb=256))


@pytest.mark.parametrize("method", FAMILIES)
def test_every_published_digit_and_count_is_that_of_the_book(
    market: SmallMarket, folder: Path, method: str
) -> None:
    chosen = family_version(method)
    book, history = from_book(market, chosen), from_history(folder, chosen, market)
    assert digest(history.all_series()) == digest(book.all_series())
    assert history.exclusions == book.exclusions
    assert (history.entered, history.left, history.withheld) == (book.entered, book.left, book.withheld)


def test_the_drawn_prices_reach_the_engines_own_rounding(
    market: SmallMarket, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unequal weights and a cap of a half make some prices doubtful: the claim above is about them too."""
    from priceindex.history import cells

    asked: list[int] = []
    own = cells._one_by_one

    def counted(*told: object) -> object:
        asked.append(len(told[4]))  # type: ignore[arg-type]
        return own(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(cells, "_one_by_one", counted)
    from_history(folder, family_version("bozhou@2"), market)
    assert sum(asked) > 50


def test_a_history_of_an_earlier_moment_has_the_digits_of_that_moment(
    market: SmallMarket, tmp_path: Path
) -> None:
    chosen = family_version("bozhou@1")
    with market.read() as session:
        write_history(session, tmp_path, NOW_MS)
    early = from_history(tmp_path, chosen, market)
    assert digest(early.all_series()) == digest(from_book(market, chosen, NOW_MS).all_series())
    assert digest(early.all_series()) != digest(from_book(market, chosen).all_series())


def test_the_files_hold_every_revision_and_mark_the_standing_one(folder: Path) -> None:
    history = history_in(folder)
    assert [each.year for each in history.years] == [2024, 2025]
    files = f"{folder}/*/quotes.parquet"
    with duckdb.connect() as connection:
        rows, standing, keys = connection.execute(
            "SELECT count(*), count(*) FILTER (standing), count(DISTINCT (day, herb, grade, origin, market, "
            "source)) FROM read_parquet(?)",
            [files],
        ).fetchall()[0]
        wrong = connection.execute(
            "SELECT count(*) FROM (SELECT standing <> (revision = max(revision) OVER (PARTITION BY day, "
            "herb, grade, origin, market, source)) AS wrong FROM read_parquet(?)) WHERE wrong",
            [files],
        ).fetchall()[0]
    assert (rows, wrong) == (history.rows, (0,))
    assert standing == keys < rows


def test_the_real_quotes_have_the_same_digits_either_way(tmp_path: Path, bozhou: bytes) -> None:
    found = SmallMarket(f"sqlite:///{tmp_path / 'daodi.sqlite'}")
    with found.write() as session:
        take_in_body(session, bozhou, "bozhou_daily_2025.csv", "kmzyw", NOW_MS, known=KNOWN)
    chosen, last = family_version("bozhou@2"), datetime.date(2025, 12, 31)
    with found.read() as session:
        write_history(session, tmp_path / "history", NOW_MS)
        book = service.compute(session, chosen, CLASS_OF, last, NOW_MS)
    history = compute_history(tmp_path / "history", chosen, last, Beside(class_of=CLASS_OF))
    assert digest(history.all_series()) == digest(book.all_series())
    found.engine.dispose()


def test_an_export_may_go_on_and_never_back(market: SmallMarket, tmp_path: Path) -> None:
    with market.read() as session:
        write_history(session, tmp_path, NOW_MS)
        write_history(session, tmp_path, LATER_MS)
        with pytest.raises(HistoryAhead):
            write_history(session, tmp_path, NOW_MS)
    assert history_in(tmp_path).as_of_ms == LATER_MS
    assert list(tmp_path.rglob("*.part")) == []


def test_an_export_that_broke_off_is_no_history(market: SmallMarket, tmp_path: Path) -> None:
    def stop(year: int, rows: int) -> None:
        raise KeyboardInterrupt(year, rows)

    with market.read() as session, pytest.raises(KeyboardInterrupt):
        write_history(session, tmp_path, NOW_MS, progress=stop)
    with pytest.raises(NoHistory):
        history_in(tmp_path)


@pytest.mark.parametrize("fault", ["no manifest", "no file", "another form", "not json"])
def test_a_folder_that_is_no_whole_history_is_refused(
    market: SmallMarket, tmp_path: Path, fault: str
) -> None:
    with market.read() as session:
        write_history(session, tmp_path, NOW_MS)
    manifest = tmp_path / MANIFEST
    if fault == "no manifest":
        manifest.unlink()
    elif fault == "no file":
        year_file(tmp_path, 2025).unlink()
    elif fault == "another form":
        manifest.write_text(manifest.read_text().replace('"form":1', '"form":2'))
    else:
        manifest.write_text("{")
    with pytest.raises(NoHistory):
        history_in(tmp_path)


def test_a_run_from_a_history_makes_no_bundle(market: SmallMarket, folder: Path) -> None:
    """Its quotes are not in it: what cannot be recomputed from its bundle cannot be published."""
    with pytest.raises(QuotesElsewhere):
        _ = from_history(folder, family_version("bozhou@1"), market).bundle


def test_the_last_day_is_that_of_the_basket(folder: Path) -> None:
    assert last_day_of(folder, family_version("bozhou@2")) == LAST


def test_a_basket_nobody_quoted_is_said_to_be_empty(market: SmallMarket, folder: Path) -> None:
    with pytest.raises(NothingQuoted):
        from_history(folder, family_version("yulin@1"), market)


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM read_text('{outside}/secret.txt')",
        "COPY (SELECT 1) TO '{outside}/elsewhere.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET threads = 64",
        "ATTACH '{outside}/elsewhere.db'",
    ],
)
def test_the_connection_reaches_nothing_but_its_folder(tmp_path: Path, question: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "history"
    inside.mkdir()
    with opened(inside, DuckLimits()) as connection, pytest.raises(duckdb.Error):
        connection.execute(question.replace("{outside}", str(tmp_path)))


def test_names_in_quotes_are_values_and_never_sql(tmp_path: Path) -> None:
    """Sources and grades are bound: what looks like SQL is a name."""
    found = SmallMarket(f"sqlite:///{tmp_path / 'daodi.sqlite'}")
    quotes = [
        Quote(
            herb="白芍", grade="'); DROP TABLE cells; --", origin="it's", market="亳州", source="alone",
            day=FIRST + datetime.timedelta(days=number), fen_per_kg=100 + number,
        )
        for number in range(60)
    ]  # fmt: skip
    with found.write() as session:
        take_in(session, quotes, "alone", NOW_MS, known=KNOWN, proceed=True)
    with found.read() as session:
        write_history(session, tmp_path / "it's", NOW_MS)
    run = compute_history(tmp_path / "it's", family_version("bozhou@1"), LAST, Beside(class_of=CLASS_OF))
    assert run.tree.grades == ("白芍|'); DROP TABLE cells; --",)
    found.engine.dispose()
