"""The messages of 流通 (`stock`, `instore`): 出库, 入库, 退货, 销毁 and 调库."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from ledger.errors import Location
from trace.columns import STEPS
from trace.errors import BadCell
from trace.mofcom.drafts import Draft, Setting, amount, kilograms, total, with_unit
from trace.mofcom.told import Told

_DESTROYED = {
    "1": "拆包销售",
    "2": "药厂或医院使用",
    "3": "质量原因",
    "4": "印刷废码",
    "5": "其他",
}
"""原因 of the message 销毁, by its number."""
_NOT_STATED = ("规格", "金额", "溯源码")
"""Read and left: the lot has its grade, an amount follows from price and mass, other codes are linked to
the lot when it is made or packed."""
_TIME = ("如 2022-11-05 08:00", "such as 2022-11-05 08:00")
_PARTY = ("统一社会信用代码", "USCC")


def shipped(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 出库: a sale for each batch with a price, and one shipment of them all."""
    time, buyer = told.need("时间", *_TIME), told.need("新货主", *_PARTY)
    lots = []
    batches = told.groups("批次")
    for number, batch in enumerate(batches, start=2):
        lot, mass = _lot(batch), kilograms(batch.text("重量"))
        lots.append(amount(lot, mass))
        price = with_unit(batch.text("单价"), "元/公斤")
        if price:
            sale = {
                "环节": "销售",
                "时间": time,
                "所涉批次": amount(lot, mass),
                "对方主体": buyer,
                "单价": price,
            }
            yield Draft(layout=STEPS, row=at.row(STEPS, sale, number, batch.node.line))
        batch.done()
    told.text("合计金额")
    _check_total(told, batches)
    cells = {"环节": "发货", "时间": time, "所涉批次": "；".join(lots), "对方主体": buyer}
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1))


def received(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 入库: one receipt."""
    lots = [amount(_lot(each), kilograms(each.text("重量"))) for each in told.groups("批次")]
    _close(told)
    cells = {
        "环节": "收货",
        "时间": told.need("时间", *_TIME),
        "所涉批次": "；".join(lots),
        "对方主体": told.text("原货主"),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1))


def returned(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 退货: goods going back to who sent them."""
    lots = [amount(_lot(each), kilograms(each.text("重量"))) for each in told.groups("批次")]
    _close(told)
    cells = {
        "环节": "退货",
        "时间": told.need("时间", *_TIME),
        "所涉批次": "；".join(lots),
        "对方主体": told.need("原货主", *_PARTY),
        "退货原因": told.need("原因", "质量问题、召回、发错货、滞销、近效期、其他", "why"),
        "备注": told.text("备注"),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1))


def destroyed(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 销毁: goods that are no more."""
    lots = [amount(_lot(each), kilograms(each.text("重量"))) for each in told.groups("批次")]
    _close(told)
    reason = told.need("原因", "1 至 5，或其词", "1 to 5, or its word")
    cells = {
        "环节": "销毁",
        "时间": told.need("时间", *_TIME),
        "所涉批次": "；".join(lots),
        "销毁原因": _DESTROYED.get(reason, reason),
        "操作人": told.text("操作员"),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1))


def adjusted(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 调库: a lot weighs something else than it did."""
    lot = told.need("批次号", "批次", "a lot")
    new, old = (kilograms(told.need(name, "公斤", "kilograms")) for name in ("新重量", "旧重量"))
    cells = {
        "环节": "调库",
        "时间": told.need("时间", *_TIME),
        "所涉批次": amount(lot, new),
        "调整前重量": old,
        "调库原因": told.text("原因") or "其他",
        "操作员": told.text("操作员"),
    }
    yield Draft(layout=STEPS, row=at.row(STEPS, cells, 1))


def _lot(batch: Told) -> str:
    for name in _NOT_STATED:
        batch.texts(name)
    return batch.need("批次号", "批次", "a lot")


def _close(told: Told) -> None:
    for batch in told.groups("批次"):
        _lot(batch)
        batch.text("重量")
        batch.done()


def _check_total(told: Told, batches: list[Told]) -> None:
    """Hold 总重量 against the batches: a sum that does not come out hides a lost line."""
    claimed = told.text("总重量")
    if not claimed:
        return
    came = total([mass for each in batches if (mass := each.text("重量"))]).removesuffix("公斤")
    try:
        agrees = Decimal(claimed) == Decimal(came or "0")
    except InvalidOperation:
        agrees = False
    if not agrees:
        told.faults.append(
            BadCell(
                column="总重量",
                value=claimed[:40],
                fault_zh=f"与各批次之和 {came or '0'} 公斤不符",
                fault_en=f"the batches come to {came or '0'} kg",
                wanted_zh="请核对各批次重量",
                wanted_en="compare the masses of the batches",
                at=Location(row=told.node.line, field="总重量", value=claimed[:40]),
            )
        )
