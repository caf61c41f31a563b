"""The messages of 种植 (`plant`) and 药材 (`medicine`): from the field to a lot of herb."""

from collections.abc import Iterator

from trace.columns import STEPS
from trace.mofcom.drafts import Draft, Setting, amount, foreign, kilograms, total, with_unit
from trace.mofcom.testing import tests_in
from trace.mofcom.told import Told
from trace.other_code import OtherCodeNew

_LOT = ("25 位批次码，或自编批号", "batch code of 25 digits, or your own")
_TIME = ("如 2022-03-05", "such as 2022-03-05")


def plant(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 种植: the seed where it is told, the planting, and every piece of field work."""
    lot, herb = told.need("植物批次码", *_LOT), told.need("植物名称", "药材名", "name of the herb")
    time = told.need("种植时间", *_TIME)
    seed = f"{lot}-S" if lot and (source := told.text("种子来源")) else ""
    if seed:
        cells = {
            "环节": "种子种苗",
            "时间": time,
            "产出批次": amount(seed, with_unit(told.text("种子重量"), "克")),
            "药材": herb,
            "种子来源": source,
        }
        yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1))
    cells = {
        "环节": "种植",
        "时间": time,
        "投入批次": seed,
        "产出批次": lot,
        "药材": "" if seed else herb,
        "种植面积": told.need("种植面积", "亩数", "area in mu"),
        "种植周期": told.text("种植周期"),
        "预计产出": total([each.text("重量") for each in _expected(told)]),
        "负责人": told.text("负责人"),
        "详细地址": told.text("详细地址"),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 2), others=foreign(told, lot))
    for number, work in enumerate(told.groups("田间管理"), start=3):
        yield Draft(layout=STEPS, row=at.row(STEPS, _field_work(work, lot), number, work.node.line))
        work.done()


def medicine(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 药材: harvest and processing of a lot that was grown here, or the opening stock of another.

    The message weighs the lot once, after processing: where no 鲜重 stands, what was harvested counts as
    herb of that mass.
    """
    lot, time = told.need("药材批次码", *_LOT), told.need("收获时间", *_TIME)
    mass = kilograms(told.need("重量", "公斤", "kilograms"))
    herb, grown = told.text("名称"), told.text("种植批次")
    codes = foreign(told, lot)
    if not grown:
        yield Draft(layout=STEPS, row=at.row(STEPS, _opening(told, lot, mass, herb, time), 1), others=codes)
    else:
        yield from _harvested(told, at, (lot, mass, time, grown), codes)
    yield from tests_in(told, at, lot, first=3)


def _harvested(
    told: Told, at: Setting, said: tuple[str, str, str, str], codes: tuple[OtherCodeNew, ...]
) -> Iterator[Draft]:
    lot, mass, time, grown = said
    method, fresh = told.text("粗加工方法"), kilograms(told.text("鲜重"))
    made = f"{lot}-F" if method else lot
    cells = {
        "环节": "采收",
        "时间": time,
        "投入批次": grown,
        "产出批次": amount(made, fresh if method and fresh else mass),
        "形态": "" if method and fresh else "药材",
        "企业内部批次号": told.text("企业内部批次号"),
        "采收结束日期": told.text("采收结束时间"),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1), others=() if method else codes)
    if method:
        cells = {
            "环节": "产地初加工",
            "时间": told.text("加工时间") or time,
            "投入批次": made,
            "产出批次": amount(lot, mass),
            "粗加工方法": method,
            "贮藏条件": told.text("贮藏条件"),
        }
        yield Draft(layout=STEPS, row=at.row(STEPS, cells, 2), others=codes)


def _opening(told: Told, lot: str, mass: str, herb: str, time: str) -> dict[str, str]:
    told_of = ("种子来源", "施肥情况", "喷药情况")
    words = [f"{name}：{text}" for name in told_of if (text := told.text(name))]
    return {
        "环节": "期初库存",
        "时间": time,
        "产出批次": amount(lot, mass),
        "药材": herb,
        "形态": "药材",
        "原系统编号": told.text("企业内部批次号"),
        "备注": "；".join(words),
    }


def _field_work(work: Told, lot: str) -> dict[str, str]:
    return {
        "环节": "田间管理",
        "时间": work.need("时间", *_TIME),
        "所涉批次": lot,
        "农事类型": work.need("类型", "施肥、农药、中耕、除草、其他", "kind of work"),
        "投入品名称": work.text("名称"),
        "用量": work.text("用量"),
        "备注": work.text("备注"),
    }


def _expected(told: Told) -> list[Told]:
    found = told.groups("预计产出")
    for each in found:
        each.text("名称")
        each.text("重量")
        each.done()
    return found
