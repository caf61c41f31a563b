"""Two years of a cooperative: three members' fields, entered as its clerk does it, sheet by sheet.

The sheets are written with openpyxl alone, so that what the service reads was not written by it.
"""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from tests.journeys.town import Firm
from trace.identifiers import make_uscc

COOP = Firm(make_uscc("N", "2", "341602", "MF987654"), "十九里白芍合作社", "grower", "341602")
MEMBERS = (1, 2, 3)
FRESH, DRIED = 900_000, 300_000
"""Grams of each member's harvest, and of what is left of it when it is dry."""

Row = Mapping[str, str]


def plot(member: int) -> str:
    return f"PLOT-{member}"


def of(member: int, what: str) -> str:
    """Name a lot of a member: S seed, P plants, F fresh roots, H dried herb."""
    return f"M{member}-{what}"


def row(member: int, stage: str, time: str, **cells: str) -> Row:
    step = f"{time[:10]}-{stage}-{member}".encode().hex()[:60]
    return {"编号": step, "环节": stage, "主体": COOP.uscc, "地点": plot(member), "时间": time} | cells


def workbook(rows: Sequence[Row], places: bool = False) -> bytes:
    """A workbook with a sheet of steps and, if asked for, one of the members' plots."""
    book = Workbook()
    book.remove(book.worksheets[0])
    if places:
        sheet = book.create_sheet("地点")
        sheet.append(("地点编号", "名称", "主体", "行政区划"))
        for member in MEMBERS:
            sheet.append((plot(member), f"第{member}户地块", COOP.uscc, COOP.division))
    headings = list(dict.fromkeys(name for each in rows for name in each))
    sheet = book.create_sheet("环节")
    sheet.append(headings)
    for each in rows:
        sheet.append([each.get(name) for name in headings])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sowing() -> list[Row]:
    """March 2022: every member sows and plants."""
    seeds = [
        row(m, "种子种苗", "2022-03-01 07:00", 产出批次=f"{of(m, 'S')}=50公斤", 药材="白芍", 种子来源="自购")
        for m in MEMBERS
    ]
    plants = [
        row(m, "种植", "2022-03-02 15:00", 投入批次=of(m, "S"), 产出批次=of(m, "P"), 种植面积="4.5")
        for m in MEMBERS
    ]
    return seeds + plants


def field_work(*members: int) -> list[Row]:
    """June 2022: manure is given, with its registration number and amount."""
    return [
        row(
            m,
            "田间管理",
            "2022-06-10 08:00",
            所涉批次=of(m, "P"),
            农事类型="施肥",
            投入品名称="有机肥",
            用量="每亩200公斤",
        )
        for m in members
    ]


def harvest() -> list[Row]:
    """September 2023: dug, washed, boiled, dried."""
    dug = [
        row(m, "采收", "2023-09-10 06:00", 投入批次=of(m, "P"), 产出批次=f"{of(m, 'F')}={FRESH // 1000}公斤")
        for m in MEMBERS
    ]
    dry = [
        row(
            m,
            "产地初加工",
            "2023-09-12 18:00",
            投入批次=of(m, "F"),
            产出批次=f"{of(m, 'H')}={DRIED // 1000}公斤",
            规格等级="统",
            粗加工方法="去皮水煮后晒干",
            干燥方式="晒干",
        )
        for m in MEMBERS
    ]
    return dug + dry
