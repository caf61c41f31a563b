"""The compilation plan says what the code does: its tables, its worked example, its parameters."""

import datetime
import re
from pathlib import Path

import numpy as np
import pytest

from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.engine.contributions import contributions
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.engine.run import run
from priceindex.families import family_version
from priceindex.method_pages.markdown import filled, names_in
from priceindex.method_pages.pages import PAGES, TABLES
from priceindex.method_pages.settings_tables import parameters
from priceindex.quotes import Cell
from priceindex.releases.bundle_form_2 import Told
from priceindex.releases.series import Point

DOCS = Path(__file__).resolve().parents[2] / "docs"
CELLS = (
    Cell("白芍", "统", "安徽", "亳州"),
    Cell("茯苓", "丁", "安徽", "亳州"),
    Cell("茯苓", "块", "安徽", "亳州"),
)
QUOTES = (
    (0, "2026-01-05", 0, 2000),
    (0, "2026-01-20", 0, 2200),
    (0, "2026-02-10", 0, 2300),
    (0, "2026-02-10", 1, 2320),
    (1, "2026-01-05", 0, 3000),
    (1, "2026-01-20", 0, 3000),
    (1, "2026-02-10", 0, 3060),
    (2, "2026-01-05", 0, 4000),
)
"""Cell, day, source and fen of the worked example."""


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_of_the_plan_are_current(name: str) -> None:
    """After a change of what they tell: scripts/write_methodology.py."""
    assert page(name) == filled(page(name), TABLES)


def test_every_table_has_one_place() -> None:
    placed = [table for name in PAGES for table in names_in(page(name))]
    assert sorted(placed) == sorted(TABLES)


def test_every_parameter_is_explained_outside_the_tables() -> None:
    pages = (page(name) for name in PAGES)
    prose = "\n".join(re.sub(r"<!-- table.*?end of table -->", "", each, flags=re.DOTALL) for each in pages)
    unsaid = [
        each.path
        for each in parameters()
        if each.path not in prose and not re.search(rf"`{each.path.rpartition('.')[2]}\b", prose)
    ]
    assert unsaid == []


def test_the_page_names_every_member_of_a_bundle() -> None:
    section = page("methodology-releases.md").split("\n## 7. ")[1].split("\n## ")[0]
    told = {
        name for cell in re.findall(r"^\| (`.+?) \|", section, re.M) for name in re.findall(r"`(\w+)`", cell)
    }
    assert told == set(Told.model_fields)


def test_the_page_names_the_levels_in_the_order_of_the_digest() -> None:
    order = re.search(r"in the order of level\s+\((.*?)\)", page("methodology-releases.md"), re.DOTALL)
    assert order is not None
    assert re.findall(r"\w+", order[1]) == [level.value for level in Level]


def test_the_worked_example_is_what_the_engine_computes() -> None:
    told = re.search(r"```text worked-example\n(.*?)```", page("methodology.md"), re.DOTALL)
    assert told is not None
    assert told[1].splitlines() == lines_of(worked_example())


def test_the_worked_example_agrees_with_its_closed_form() -> None:
    """What an office would write on paper: equal herbs, relatives to the mean prices of January."""
    reference = np.sqrt(2000 * 2200)
    by_hand = [
        (2000 / reference + 1) / 2,
        (2200 / reference + 1) / 2,
        (np.rint(np.sqrt(2300 * 2320)) / reference + 3060 / 3000) / 2,
    ]
    found = [point.value for point in worked_example().series("composite", "all").points]
    assert [f"{1000 * each:.4f}" for each in by_hand] == [str(each) for each in found]


def worked_example() -> IndexRun:
    columns = [np.array(column, dtype=np.int64) for column in zip(*map(numbered, QUOTES), strict=True)]
    cell, day, source, fen = columns
    ones = np.ones(len(cell), dtype=np.int64)
    return run(
        Inputs(
            family=family_version("bozhou@2"),
            until=datetime.date(2026, 2, 10),
            as_of_ms=0,
            class_of={"白芍": "root", "茯苓": "fungus_alga"},
            themes={},
            weight_sets=(),
            sources=(Source("a", 10_000, 2026), Source("b", 9_000, 2026)),
            cells=CELLS,
            quotes=QuoteColumns(cell=cell, day=day, source=source, tier=ones, fen=fen, deals=ones),
            left_out=(),
        )
    )


def numbered(quote: tuple[int, str, int, int]) -> tuple[int, int, int, int]:
    cell, day, source, fen = quote
    return cell, day_number(datetime.date.fromisoformat(day)), source, fen


def lines_of(found: IndexRun) -> list[str]:
    lines = [line("composite", point) for point in found.series("composite", "all").points]
    lines += [line(node, found.series("class", node).last) for node in ("root", "fungus_alga")]
    for frequency in ("week", "month"):
        points = found.series("composite", "all", frequency).points
        lines += [f"{frequency} of {point.day} composite {point.value}" for point in points]
    first, last = found.days[-2], found.days[-1]
    parts = {part.node: part.points for part in contributions(found, first, last)}
    return lines + [f"from {first} to {last} {node} {parts[node]}" for node in ("root", "fungus_alga")]


def line(node: str, point: Point) -> str:
    value = "not published" if point.value is None else str(point.value)
    return f"{point.day} {node} {value} imputed {point.imputed_bp} stale {point.stale_bp}"
