"""A chapter: a drug maker makes granules and medicine of old stock, stopped goods set free, and slices.

One regulator stops a lot whose label is in doubt; two set it free after a test.
"""

from datetime import date, timedelta

from daodi_city.acts_holds import LiftHold, PlaceHold
from daodi_city.chapter import Chapter
from daodi_city.faults import FaultKind
from daodi_city.parties import Household
from daodi_city.pen import HOUR_MS, Deed
from daodi_city.plots import Plot, bear
from daodi_city.reports import file_report
from daodi_city.scanning import Packed
from daodi_city.town import official
from daodi_city.way import role
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Form, Stage

PRODUCT = "示例·三味丸"
_OPENED = date(2025, 6, 3)
_REAPED = date(2025, 11, 8)
_SLICED = date(2025, 12, 1)
_HELD = date(2025, 12, 4)
_GRANULES = date(2025, 12, 16)
_PILLS = date(2025, 12, 20)
_SOLD = date(2026, 1, 12)
_HERB = 60_000
_SLICES = 52_000
_BOUGHT = 30_000
_TAKEN = 20_000
"""Slices of each herb that go into the medicine, grams."""


def make_products(chapter: Chapter, slices: LotAmount) -> None:
    """Write the chapter; `slices` are what the slice maker of wine slices has left."""
    old, herb = _old_stock(chapter), _grown(chapter)
    angelica = _slice(chapter, old, "DG", "切片")
    atractylodes = _slice(chapter, herb, "BZ", "麸炒", excipient="麸皮", excipient_grams=_HERB * 12 // 100)
    _report(chapter, angelica, "当归", _SLICED + timedelta(days=3))
    _stop_and_set_free(chapter, atractylodes)
    peony = _bought(chapter, slices)
    _granules(chapter, atractylodes)
    _medicine(chapter, (angelica, atractylodes, peony))


def _old_stock(chapter: Chapter) -> LotAmount:
    """Take in herb that was there before recording began: nobody claims to know its way."""
    maker = chapter.citizens.drug_maker
    old = chapter.lot("OLD", _HERB, "当归", "统")
    step = chapter.write(
        Deed(
            stage=Stage.OPENING,
            who=maker,
            day=_OPENED,
            outputs=(old,),
            fields={"other_code": "示例旧系统-2023-117", "note": "系统启用前的库存"},
        )
    )
    chapter.plant(FaultKind.UNTRACED, old.lot, step)
    return old


def _slice(chapter: Chapter, source: LotAmount, what: str, method: str, **more: FieldValue) -> LotAmount:
    maker, rng = chapter.citizens.drug_maker, chapter.pen.rng
    made = chapter.lot(what, _SLICES, grade="统")
    fields: dict[str, FieldValue] = {
        "method": method,
        "standard": "示例内控标准",
        "technician": f"工艺员{role(rng)}",
        "qa": f"质量员{role(rng)}",
    }
    inputs = (LotAmount(lot=source.lot, grams=source.grams),)
    chapter.write(
        Deed(
            stage=Stage.PAOZHI,
            who=maker,
            place=maker.workshop,
            day=_SLICED,
            inputs=inputs,
            outputs=(made,),
            fields=fields | more,
        )
    )
    return made


def _report(chapter: Chapter, lot: LotAmount, herb: str, day: date, form: Form = Form.SLICE) -> None:
    file_report(chapter, chapter.citizens.drug_maker, lot.lot, herb, day, form=form)


def _grown(chapter: Chapter) -> LotAmount:
    """Grow a lot of 白术 and bring it to the drug maker."""
    maker, farm = chapter.citizens.drug_maker, chapter.citizens.growers["341602"][0]
    plot = Plot(
        what="BZ",
        herb="白术",
        grade="统",
        farm=farm,
        months=11,
        harvest=_REAPED,
        mu="1",
        fresh=_HERB * 10 // 3,
        dried=_HERB,
    )
    herb = bear(chapter, plot).herb
    leaves = _REAPED + timedelta(days=14)
    chapter.hand_over(farm, maker, leaves, leaves + timedelta(days=2), LotAmount(lot=herb.lot))
    return herb


def _stop_and_set_free(chapter: Chapter, slices: LotAmount) -> None:
    """Have a regulator doubt a label: one person stops the slices, two set them free after a test."""
    _hold(chapter, slices.lot)
    _report(chapter, slices, "白术", _HELD + timedelta(days=3))
    _set_free(chapter)


def _hold(chapter: Chapter, lot: str) -> None:
    regulator = chapter.citizens.regulator.uscc
    chapter.act(
        _HELD,
        lambda at: PlaceHold(
            at_ms=at, lot=lot, reason="标签批号与送检样品不一致，待复检", person=official(regulator, "甲")
        ),
    )


def _set_free(chapter: Chapter) -> None:
    regulator = chapter.citizens.regulator.uscc
    chapter.act(
        _HELD + timedelta(days=6),
        lambda at: LiftHold(
            asked_ms=at - HOUR_MS,
            at_ms=at,
            reason="复检合格，批号系笔误",
            asking=official(regulator, "甲"),
            lifting=official(regulator, "乙"),
        ),
    )


def _bought(chapter: Chapter, slices: LotAmount) -> LotAmount:
    """Buy part of the wine slices: split off by their maker, sold, shipped, received."""
    seller, maker = chapter.citizens.slice_makers[0], chapter.citizens.drug_maker
    part = chapter.lot("BS", _BOUGHT, grade="统")
    day = _PILLS - timedelta(days=9)
    chapter.write(
        Deed(
            stage=Stage.SPLIT,
            who=seller,
            day=day,
            inputs=(LotAmount(lot=slices.lot, grams=_BOUGHT),),
            outputs=(part,),
            fields={"reason": "分批销售"},
        )
    )
    chapter.write(
        Deed(
            stage=Stage.SALE,
            who=seller,
            day=day,
            other=maker,
            lots=(LotAmount(lot=part.lot, grams=_BOUGHT),),
            fields={"channel": "wholesale", "price_fen_per_kg": 9_400},
        )
    )
    chapter.hand_over(seller, maker, day, day + timedelta(days=2), LotAmount(lot=part.lot))
    return part


def _granules(chapter: Chapter, source: LotAmount) -> None:
    maker = chapter.citizens.drug_maker
    made = chapter.lot("KL", 12_000)
    chapter.write(
        Deed(
            stage=Stage.GRANULE,
            who=maker,
            place=maker.workshop,
            day=_GRANULES,
            inputs=(LotAmount(lot=source.lot, grams=_TAKEN),),
            outputs=(made,),
            fields={
                "standard": "示例内控标准",
                "specification": "每克相当于饮片约 1.7 克",
                "filing_number": "示例备案-0001",
                "extraction_c": "98.0",
                "extraction_minutes": "90",
                "drying_c": "75.0",
                "excipient": "麦芽糊精",
                "excipient_grams": 2_000,
                "production_date": _GRANULES.isoformat(),
                "expiry_date": "2027-12-15",
                "technician": f"工艺员{role(chapter.pen.rng)}",
            },
        )
    )
    _report(chapter, made, "白术", _GRANULES + timedelta(days=1), Form.GRANULE)
    _pack(chapter, made.lot, _GRANULES + timedelta(days=2), packs=30, grams=200)


def _medicine(chapter: Chapter, herbs: tuple[LotAmount, ...]) -> None:
    maker = chapter.citizens.drug_maker
    honey = chapter.lot("HONEY", 15_000, "炼蜜")
    chapter.write(
        Deed(
            stage=Stage.PURCHASE,
            who=maker,
            day=_PILLS - timedelta(days=1),
            outputs=(honey,),
            fields={"seller_name": "示例·蜂业合作社", "buyer": "收购员甲"},
        )
    )
    made = chapter.lot("WAN", 68_000, PRODUCT)
    taken = tuple(LotAmount(lot=each.lot, grams=_TAKEN) for each in herbs)
    chapter.write(
        Deed(
            stage=Stage.MEDICINE,
            who=maker,
            place=maker.workshop,
            day=_PILLS,
            inputs=(*taken, LotAmount(lot=honey.lot, grams=honey.grams)),
            outputs=(made,),
            fields={
                "approval_number": "示例批准文号-0001",
                "standard": "示例内控标准",
                "dosage_form": "pill",
                "specification": "每丸重 9 克",
                "production_date": _PILLS.isoformat(),
                "expiry_date": "2028-12-19",
                "parameters": "粉碎过 100 目筛",
                "production_lead": f"生产负责人{role(chapter.pen.rng)}",
                "qa": f"质量员{role(chapter.pen.rng)}",
            },
        )
    )
    _report(chapter, made, "白术", _PILLS + timedelta(days=2), Form.MEDICINE)
    _pack(chapter, made.lot, _PILLS + timedelta(days=3), packs=50, grams=90)
    _to_the_ward(chapter, made.lot)


def _pack(chapter: Chapter, lot: str, day: date, *, packs: int, grams: int) -> None:
    maker = chapter.citizens.drug_maker
    step = chapter.write(
        Deed(
            stage=Stage.PACK,
            who=maker,
            place=maker.workshop,
            day=day,
            packs=packs,
            grams_per_pack=grams,
            inputs=(LotAmount(lot=lot, grams=packs * grams),),
            fields={"specification": f"{grams} 克/盒", "standard": "示例内控标准"},
        )
    )
    chapter.packed.append(Packed(lot, packs, step.recorded_ms))


def _to_the_ward(chapter: Chapter, lot: str) -> None:
    """Ship what is left of a lot, packs and all, to a hospital that uses some of it on its wards."""
    maker, hospital = chapter.citizens.drug_maker, _hospital(chapter)
    chapter.hand_over(maker, hospital, _SOLD, _SOLD + timedelta(days=3), LotAmount(lot=lot))
    chapter.write(
        Deed(
            stage=Stage.DISPENSE,
            who=hospital,
            day=_SOLD + timedelta(days=8),
            lots=(LotAmount(lot=lot, grams=900),),
            fields={"purpose": "inpatient", "dispenser": "调剂员丁"},
        )
    )


def _hospital(chapter: Chapter) -> Household:
    return chapter.citizens.users[2]
