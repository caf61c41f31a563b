"""The origin and field gates: division, areas, claims of 道地, outline, season, harvest, inputs."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlmodel import select

from ledger.tables import PendingRow
from trace.findings import Severity
from trace.places import PlaceNew
from trace.registers.changes import PlaceChange, change_place
from trace.registers.outlines import OutlineNew, outline_place
from trace.tables import PlaceRow

from .book import Book, gathered, opened
from .season import DAY, GROWER, NOON, PLACES, at, lot, step

# A plot of about 200 m by 200 m near Bozhou, counterclockwise.
WEST, SOUTH, EAST, NORTH = "115.78", "33.84", "115.782155", "33.841803"
SQUARE = [(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH)]


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book


def outlined(book: Book, declared: str | None = None) -> None:
    ring = [[Decimal(longitude), Decimal(latitude)] for longitude, latitude in SQUARE]
    new = OutlineNew(coordinates=[ring], declared_mu=Decimal(declared) if declared else None)
    outline_place(book.session, book.declarer, "PLOT", new, at_ms=at(0), by=GROWER)


def planted(book: Book, name: str, area: str, day: int = 1, **fields: object) -> list[str]:
    new = step("planting", day, outputs=[lot(name, herb="白芍")], fields={"area_mu": area, **fields})
    return book.flags(new, day)


def test_a_place_whose_division_code_ended_is_flagged_with_its_successor(book: Book) -> None:
    # 邵东县 430521 ended in 2019 (shared/reference/domain.md §2: python-stdnum loc.dat)
    book.session.add(
        PlaceRow(
            place_id="OLD",
            name="旧址",
            party=GROWER,
            division="430521",
            statement_id="place/OLD",
            registered_ms=NOON,
        )
    )
    book.session.flush()
    PLACES["OLD"] = (GROWER, "430521", "旧址")
    new = step("gathering", 1, "OLD", outputs=[lot("A", 10, "白芍")], fields={"area_name": "山里"})
    findings = {finding.rule.code: finding for finding in book.findings(new, 1)}
    del PLACES["OLD"]
    assert "430582（邵东市）" in findings["division.retired"].remedy("zh")


def test_an_origin_no_list_names_is_noted_and_nobody_s_fault(book: Book) -> None:
    new = step("gathering", 1, outputs=[lot("A", 10, "当归")], fields={"area_name": "山里"})
    [found] = book.findings(new, 1)
    assert (found.rule.code, found.rule.severity) == ("origin.unlisted", Severity.NOTE)
    assert "甘肃岷县" in found.message("zh")
    new = step("gathering", 1, outputs=[lot("B", 10, "白芍")], fields={"area_name": "山里"}, minute=5)
    assert book.findings(new, 1) == []


def test_a_claim_of_true_origin_outside_the_known_areas_is_flagged(book: Book) -> None:
    claims = step("gathering", 1, outputs=[lot("A", 10, "当归", "道地统货")], fields={"area_name": "山里"})
    assert "origin.daodi_claim" in book.flags(claims, 1)
    true = step(
        "gathering", 1, "PLOT-D", outputs=[lot("B", 10, "当归", "道地统货")], fields={"area_name": "岷县"}
    )
    assert "origin.daodi_claim" not in book.flags(true, 1)
    honest = step(
        "gathering", 1, outputs=[lot("C", 10, "当归", "非道地")], fields={"area_name": "山里"}, minute=9
    )
    assert "origin.daodi_claim" not in book.flags(honest, 1)


def test_a_claim_in_a_field_of_a_later_step_is_held_against_the_origin(book: Book) -> None:
    gathered(book, "A", 100, "当归")
    fields = {"method": "道地产区传统工艺晒干"}
    new = step("primary_processing", 2, inputs=[lot("A")], outputs=[lot("H", 30)], fields=fields)
    assert book.flags(new, 2) == ["origin.daodi_claim"]


@pytest.mark.parametrize(
    ("position", "expected"),
    [("33.8409,115.7810", []), ("33.8420,115.7810", []), ("33.8520,115.7810", ["geofence.outside"])],
)
def test_a_step_far_outside_the_outline_is_flagged(book: Book, position: str, expected: list[str]) -> None:
    outlined(book)
    assert planted(book, "P", "12.5", position=position) == expected


def test_no_position_and_no_outline_leaves_the_log_in_the_clear(book: Book) -> None:
    outlined(book)
    planted(book, "P", "12.5", position="33.8520,115.7810")
    leaves = b"".join(book.session.exec(select(PendingRow.leaf)).all()).decode()
    for secret in ("115.78", "33.85", "1157800000", "338400000"):
        assert secret not in leaves


def test_without_an_outline_no_position_is_judged(book: Book) -> None:
    assert planted(book, "P", "12.5", position="33.8520,115.7810") == []


def test_more_land_planted_than_the_place_has_is_flagged(book: Book) -> None:
    outlined(book)  # 200 m by 200 m are 60 mu
    assert planted(book, "P", "65") == []
    assert planted(book, "Q", "67") == ["area.exceeds"]


def harvested(book: Book, name: str, grams: int, day: int) -> list[str]:
    new = step("harvest", day, inputs=[lot("P")], outputs=[lot(name, grams)])
    return [code for code in book.flags(new, day) if code.startswith(("area.", "season."))]


def test_a_field_does_not_give_more_than_any_field_gives(book: Book) -> None:
    planted(book, "P", "1")
    assert harvested(book, "F-1", 12_000_000, 100) == []
    assert harvested(book, "F-2", 8_000_001, 101) == ["area.yield"]  # with the first, over 20 t a mu


def test_a_harvest_outside_the_season_of_its_monograph_is_flagged_as_unchecked(book: Book) -> None:
    planted(book, "P", "10")
    in_july = 130
    assert harvested(book, "F-1", 1000, in_july) == []
    in_january = 310
    new = step("harvest", in_january, inputs=[lot("P")], outputs=[lot("F-2", 1000)])
    [found] = [each for each in book.findings(new, in_january) if each.rule.code == "season.out"]
    assert "待核" in found.message("zh")
    assert "夏、秋二季采挖" in found.message("zh")


@pytest.mark.parametrize(
    ("material", "expected"),
    [
        ("吡虫啉", []),
        ("40%甲基对硫磷乳油", ["input.banned_pesticide"]),
        ("党参壮根灵", ["input.banned_growth"]),
    ],
)
def test_a_banned_input_is_flagged(book: Book, material: str, expected: list[str]) -> None:
    planted(book, "P", "10")
    fields = {"work": "农药", "material": material}
    assert book.flags(step("field_work", 2, lots=[lot("P")], fields=fields), 2) == expected


def test_sulphur_in_primary_processing_is_flagged(book: Book) -> None:
    gathered(book, "A", 100)
    fields = {"method": "晒干", "sulfur": True}
    new = step("primary_processing", 2, inputs=[lot("A")], outputs=[lot("H", 30)], fields=fields)
    assert book.flags(new, 2) == ["input.sulphur"]


def test_a_place_with_a_new_code_is_in_order_again(book: Book) -> None:
    new = PlaceNew(place_id="SHAODONG", name="邵东地块", party=GROWER, division="430582")
    book.by.register_place(book.session, new, NOON)
    change_place(
        book.session, book.declarer, "SHAODONG", PlaceChange(name="邵东一号地"), at_ms=NOON + DAY, by=GROWER
    )
    PLACES["SHAODONG"] = (GROWER, "430582", "邵东地块")
    wild = step("gathering", 2, "SHAODONG", outputs=[lot("A", 10, "玉竹")], fields={"area_name": "山里"})
    del PLACES["SHAODONG"]
    assert "division.retired" not in book.flags(wild, 2)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_part_of_goods_from_one_area_keeps_its_origin(book: Book, count: int) -> None:
    """谯城 is an area of true origin of 白芍: the claim holds of each part of a split."""
    gathered(book, "A", 3000)
    parts = [lot(f"A-{nth}", 1000) | {"grade": "道地统"} for nth in range(count)]
    new = step("split", 2, inputs=[lot("A", 1000 * count)], outputs=parts)
    assert "origin.daodi_claim" not in book.flags(new, 2)
