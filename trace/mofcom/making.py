"""The message of 饮片 (`tablet`): processing, tests, and packing."""

from collections.abc import Iterator

from trace.columns import STEPS
from trace.mofcom.drafts import Draft, Setting, amount, foreign, kilograms, total
from trace.mofcom.testing import tests_in
from trace.mofcom.told import Told

_TESTS_FROM = 100
_PACKS_FROM = 200
"""Numbers of rows: a message may have fewer than a hundred of each."""


def tablet(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 饮片: one step of 炮制 from its 投料, its tests, and one packing for each 包装."""
    lot = told.need("饮片批次码", "25 位批次码，或自编批号", "batch code of 25 digits, or your own")
    time = told.need("生产日期", "如 2022-11-05", "such as 2022-11-05")
    excipients = told.groups("辅料")
    cells = {
        "环节": "饮片炮制",
        "时间": time,
        "投入批次": "；".join(_input(each) for each in told.groups("投料")),
        "产出批次": amount(lot, kilograms(told.need("待包装重量", "公斤", "kilograms"))),
        "规格等级": told.text("名称"),
        "规格": told.text("规格"),
        "执行标准": told.text("执行标准"),
        "炮制方法": told.text("生产流程"),
        "生产日期": time,
        "工艺员": told.text("工艺员"),
        "生产部经理": told.text("生产部经理"),
        "QA": told.text("QA"),
        "工艺参数": told.text("备注"),
        **_excipients(excipients),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1), others=foreign(told, lot))
    yield from tests_in(told, at, lot, first=_TESTS_FROM)
    for number, pack in enumerate(told.groups("包装"), start=_PACKS_FROM):
        yield _packing(pack, at, lot, number)


def _packing(pack: Told, at: Setting, lot: str, number: int) -> Draft:
    cells = {
        "环节": "包装赋码",
        "时间": pack.need("包装时间", "如 2022-11-06", "such as 2022-11-06"),
        "投入批次": lot,
        "包数": pack.need("包数", "整数", "a whole number"),
        "每包重量": kilograms(pack.need("每包重量", "公斤", "kilograms")),
        "保质期至": pack.text("保质期至"),
    }
    codes = foreign(pack, lot)
    pack.done()
    return Draft(layout=STEPS, row=at.row(STEPS, cells, number, pack.node.line), others=codes)


def _input(told: Told) -> str:
    lot = told.need("药材批次码", "批次", "a lot")
    found = amount(lot, kilograms(told.text("用量")))
    told.done()
    return found


def _excipients(listed: list[Told]) -> dict[str, str]:
    names, masses = [], []
    for each in listed:
        parts = (each.text("品名"), each.text("编号"), each.text("产地"))
        names.append(" ".join(part for part in parts if part))
        masses += [mass] if (mass := each.text("重量")) else []
        each.done()
    ratio = listed[0].text("比例") if len(listed) == 1 else ""
    return {"辅料": "、".join(names), "辅料重量": total(masses), "辅料比例": ratio}
