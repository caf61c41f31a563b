"""A trader buys from 25 growers and merges their lots into one: one call tells what each of them brought."""

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.town import Firm, Town, firm
from tests.journeys.trade import dried, packed, sliced

pytestmark = pytest.mark.browser

GROWERS = tuple(firm(100 + number, f"第{number}户", "grower", f"PLOT-{number}") for number in range(1, 26))
TRADER = firm(1, "亳州药材行", "trader", "STORE")
MAKER = firm(2, "亳州饮片厂", "slice_maker", "WORKS", "production", "distribution")
MASSES = tuple(20_000 + 1_237 * number for number in range(1, 26))
"""Grams each grower brings; no two alike, and no round sum."""
MERGED = sum(MASSES)
SLICES, PACKED = 500_009, 7
"""Grams of slices made of the whole, and packs of a kilogram filled from them."""


def own_lot(number: int) -> str:
    return f"HU-{number + 1:02}"


@pytest.fixture(scope="module")
def merged(town: Town) -> str:
    """Every grower dries its herb and sells it; HUI is what the trader merged; returns the code of a pack."""
    town.join(TRADER, MAKER, *GROWERS)
    for number, grower in enumerate(GROWERS):
        dried(town, grower, own_lot(number), MASSES[number], "2022-08-20")
    for number, grower in enumerate(GROWERS):
        _bought(town, grower, own_lot(number), MASSES[number])
    for number, grower in enumerate(GROWERS):
        lots = [{"lot": own_lot(number)}]
        town.step(TRADER, "receive", "2022-08-23 09:00", lots=lots, counterparty=grower.uscc)
    town.step(
        TRADER,
        "merge",
        "2022-08-24 09:00",
        inputs=[{"lot": own_lot(number)} for number in range(25)],
        outputs=[{"lot": "HUI", "grams": MERGED, "grade": "统"}],
    )
    town.handed_over("HUI", TRADER, MAKER, "2022-08-25 09:00")
    sliced(town, MAKER, "HUI", "YP", SLICES, "2022-08-28 09:00")
    return packed(town, MAKER, "YP", PACKED, 1_000, "2022-08-29 09:00").codes[0]


def _bought(town: Town, grower: Firm, lot: str, grams: int) -> None:
    """The trader's purchase at the grower's gate, with its private price, and the grower's shipment."""
    price = {"price_fen_per_kg": 4_100, "moisture_pct": "11.5"}
    goods = [{"lot": lot, "grams": grams}]
    town.step(TRADER, "purchase", "2022-08-22 08:00", lots=goods, counterparty=grower.uscc, fields=price)
    town.step(grower, "ship", "2022-08-22 09:00", lots=[{"lot": lot}], counterparty=TRADER.uscc)


def dealt_out(whole: int, parts: tuple[int, ...]) -> list[int]:
    """Deal `whole` out by `parts` in whole grams by the largest remainders; the sum is `whole`."""
    exact = [Fraction(whole * part, sum(parts)) for part in parts]
    grams = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda place: grams[place] - exact[place])
    for place in order[: whole - sum(grams)]:
        grams[place] += 1
    return grams


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(("lot", "whole"), [("HUI", MERGED), ("YP", SLICES)])
def test_one_call_gives_what_each_grower_brought(town: Town, lot: str, whole: int) -> None:
    lots = {each["lot"]: each for each in town.read(f"/v1/lots/{lot}/lineage")["lots"]}
    gathered = [lots[f"{own_lot(number)}-F"] for number in range(25)]
    assert [each["grams"] for each in gathered] == dealt_out(whole, MASSES)
    assert sum(each["grams"] for each in lots.values() if each["source"]) == whole
    for number, grams in enumerate(MASSES):
        brought, exact = lots[own_lot(number)], Fraction(grams, MERGED)
        assert abs(brought["per_million"] - 10**6 * exact) <= 1
        assert abs(brought["grams"] - whole * exact) <= 1


@pytest.mark.usefixtures("merged")
def test_forward_from_one_grower_every_pack_holds_its_part(town: Town) -> None:
    way = town.read("/v1/lots/HU-07/lineage", direction="forward")
    loose, packs = sorted(way["placements"], key=lambda placed: int(placed["packs"]))
    assert (packs["packs"], packs["grams"]) == (PACKED, PACKED * 1_000)
    whole = loose["grams_attributed"] + packs["grams_attributed"]
    assert whole == dealt_out(SLICES, MASSES)[6]


@pytest.mark.usefixtures("merged")
def test_the_command_writes_the_same_as_a_table(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "way.csv"
    town.command("lineage", "HUI", "--csv", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = {line["批次"]: line for line in csv.DictReader(file)}
    assert {f"HU-{number:02}" for number in range(1, 26)} <= set(lines)


def without_ids(page: Page) -> str:
    """A page but for its statements' ids, whose letters are drawn by lot and may hold any four digits."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", page.content())


def test_the_pages_name_all_growers_and_no_price(town: Town, merged: str, desk: BrowserContext) -> None:
    page = town.opened(desk, "/lots/HUI?lang=zh")
    page.locator("summary").first.click()
    for number in (0, 12, 24):
        expect(page.get_by_role("row", name=f"{own_lot(number)}-F")).to_contain_text(GROWERS[number].name)
    assert "4100" not in without_ids(page)
    scan = town.opened(desk, f"/s/{merged}?lang=zh")
    expect(scan.get_by_role("heading", level=1)).to_have_text("登记相符")
    expect(scan.locator("ol.way > li h3", has_text="收购")).to_have_text("收购 × 25")
    assert "4100" not in without_ids(scan)
