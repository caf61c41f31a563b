"""A chapter: slices made with wine, packed from a printed roll, boxed, sold, used, sent back and destroyed.

One batch had too little wine; the pharmacy that sells the second box has let its licence run out.
"""

from datetime import date, timedelta

from daodi_city.acts_papers import IssueRoll, PrintRoll
from daodi_city.almanac import at_ms
from daodi_city.chapter import Chapter
from daodi_city.cooperative import GRADE, HERB
from daodi_city.faults import FaultKind
from daodi_city.parties import Household
from daodi_city.pen import Deed, Picked
from daodi_city.reports import file_report
from daodi_city.scanning import Packed
from daodi_city.town import CodeRoll
from daodi_city.way import role
from trace.coding.code_words import Level
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Form, Stage

PACKS, PACK_GRAMS, BOX_OF = 40, 500, 20
ROLL, BOXES = "labels", "boxes"
SPOILED = 4
"""Labels of the roll that were lost in printing."""
_LABELS, _BOX_LABELS = 60, 4
_ISSUED = date(2025, 9, 26)
_MADE = date(2025, 10, 12)
_PACKED = date(2025, 10, 20)
_SOLD = date(2025, 10, 24)
_RETURNED = date(2025, 11, 6)
_SOLD_TOO = date(2025, 11, 13)
_SETTLED = date(2025, 11, 25)
_HERB_IN, _SLICES_OUT = 120_000, 108_000
_WINE, _TOO_LITTLE = 18_000, 5_000
"""Of the pharmacopoeia's 10 to 20 kg for 100 kg: fifteen, and four."""
_DRIED_OUT = 900
"""What the rest of the herb lost in store, grams."""


def rolls_of(chapter: Chapter) -> tuple[CodeRoll, CodeRoll]:
    """Return the roll of pack labels and that of box labels, both of the slice maker."""
    maker = chapter.citizens.slice_makers[0].uscc
    return (
        CodeRoll(name=ROLL, party=maker, count=_LABELS, issued_ms=at_ms(_ISSUED, 9)),
        CodeRoll(name=BOXES, party=maker, count=_BOX_LABELS, issued_ms=at_ms(_ISSUED, 10), level=Level.BOX),
    )


def make_and_sell(chapter: Chapter, stored: LotAmount) -> LotAmount:
    """Write the chapter from the merged herb `stored` on; returns slices that are left for other uses."""
    labels, boxes = rolls_of(chapter)
    chapter.acts += [IssueRoll(roll=labels), IssueRoll(roll=boxes)]
    chapter.act(_ISSUED + timedelta(days=1), lambda at: PrintRoll(at_ms=at, roll=labels, spoiled=SPOILED))
    slices = _make(chapter, stored)
    _pack_and_box(chapter, slices)
    _to_the_hospital(chapter, slices)
    _to_the_lapsed(chapter, slices)
    _settle(chapter, slices)
    return chapter.lot("SLICE", _SLICES_OUT - PACKS * PACK_GRAMS)


def _make(chapter: Chapter, stored: LotAmount) -> LotAmount:
    """Buy wine, make a good batch and one with too little wine, and correct the stock of what is left."""
    maker = chapter.citizens.slice_makers[0]
    wine = chapter.lot("WINE", _WINE + _TOO_LITTLE, "黄酒")
    chapter.write(
        Deed(
            stage=Stage.PURCHASE,
            who=maker,
            day=_MADE - timedelta(days=5),
            outputs=(wine,),
            fields={"other_code": "示例-酒-0925", "seller_name": "示例·黄酒厂", "buyer": "收购员甲"},
        )
    )
    slices = _stir_bake(chapter, stored.lot, "SLICE", _MADE, _WINE)
    poor = _stir_bake(chapter, stored.lot, "POOR", _MADE + timedelta(days=1), _TOO_LITTLE)
    chapter.plant(FaultKind.TOO_LITTLE_WINE, poor.lot, chapter.written[-1])
    left = (stored.grams or 0) - 2 * _HERB_IN
    chapter.write(
        Deed(
            stage=Stage.STOCK_ADJUST,
            who=maker,
            day=_MADE + timedelta(days=3),
            lots=(LotAmount(lot=stored.lot, grams=left - _DRIED_OUT),),
            fields={"reason": "moisture", "old_grams": left, "operator": "保管员乙"},
        )
    )
    file_report(chapter, maker, slices.lot, HERB, _MADE + timedelta(days=6), form=Form.SLICE)
    return slices


def _stir_bake(chapter: Chapter, source: str, what: str, day: date, wine: int) -> LotAmount:
    maker, rng = chapter.citizens.slice_makers[0], chapter.pen.rng
    made = chapter.lot(what, _SLICES_OUT, grade=GRADE)
    chapter.write(
        Deed(
            stage=Stage.PAOZHI,
            who=maker,
            place=maker.workshop,
            day=day,
            inputs=(LotAmount(lot=source, grams=_HERB_IN), chapter.lot("WINE", wine)),
            outputs=(made,),
            fields={
                "method": "酒炙",
                "standard": "示例内控标准",
                "temperature_c": f"{rng.uniform(105, 125):.1f}",
                "minutes": str(int(rng.integers(18, 26))),
                "production_date": day.isoformat(),
                "parameters": "闷润 2 小时，文火",
                "technician": f"工艺员{role(rng)}",
                "qa": f"质量员{role(rng)}",
            },
        )
    )
    return made


def _pack_and_box(chapter: Chapter, slices: LotAmount) -> None:
    maker = chapter.citizens.slice_makers[0]
    chapter.write(
        Deed(
            stage=Stage.PACK,
            who=maker,
            place=maker.workshop,
            day=_PACKED,
            packs=PACKS,
            grams_per_pack=PACK_GRAMS,
            roll=ROLL,
            inputs=(LotAmount(lot=slices.lot, grams=PACKS * PACK_GRAMS),),
            fields={
                "specification": f"{PACK_GRAMS} 克/包",
                "production_date": _MADE.isoformat(),
                "expiry_date": "2028-10-11",
                "standard": "示例内控标准",
                "packer": f"包装员{role(chapter.pen.rng)}",
            },
        )
    )
    for box in range(PACKS // BOX_OF):
        chapter.write(
            Deed(
                stage=Stage.NEST,
                who=maker,
                place=maker.workshop,
                day=_PACKED + timedelta(days=1),
                picked=Picked(lot=slices.lot, first=box * BOX_OF, count=BOX_OF),
                container=box,
                fields={"level": "box", "packer": f"包装员{role(chapter.pen.rng)}"},
            )
        )


def _to_the_hospital(chapter: Chapter, slices: LotAmount) -> None:
    """Sell the first box to a hospital, which unpacks it, dispenses some and sends two packs back."""
    maker, hospital = chapter.citizens.slice_makers[0], chapter.citizens.users[0]
    _sell_box(chapter, hospital, 0, _SOLD)
    chapter.write(
        Deed(
            stage=Stage.UNNEST,
            who=hospital,
            day=_SOLD + timedelta(days=4),
            container=0,
            fields={"reason": "拆箱上架"},
        )
    )
    chapter.write(
        Deed(
            stage=Stage.DISPENSE,
            who=hospital,
            day=_SOLD + timedelta(days=6),
            picked=Picked(lot=slices.lot, first=0, count=5),
            fields={"purpose": "decoction", "decocted": True, "dispenser": "调剂员甲", "checker": "复核员乙"},
        )
    )
    _send_back(chapter, Picked(lot=slices.lot, first=5, count=2))
    chapter.write(
        Deed(
            stage=Stage.DESTROY,
            who=maker,
            day=_RETURNED + timedelta(days=5),
            picked=Picked(lot=slices.lot, first=5, count=2),
            fields={"reason": "quality", "method": "粉碎", "operator": "保管员乙", "supervisor": "监销员丙"},
        )
    )


def _send_back(chapter: Chapter, packs: Picked) -> None:
    maker, hospital = chapter.citizens.slice_makers[0], chapter.citizens.users[0]
    back: dict[str, FieldValue] = {"reason": "quality", "note": "外包装破损", "handler": "经办人甲"}
    come: dict[str, FieldValue] = {"inspection": "accepted"}
    for stage, who, other, day, fields in (
        (Stage.RETURN, hospital, maker, _RETURNED, back),
        (Stage.RECEIVE, maker, hospital, _RETURNED + timedelta(days=2), come),
    ):
        chapter.write(Deed(stage=stage, who=who, other=other, day=day, picked=packs, fields=fields))


def _to_the_lapsed(chapter: Chapter, slices: LotAmount) -> None:
    """Sell the second box to a pharmacy that sells on without a licence in force."""
    pharmacy = chapter.citizens.lapsed
    _sell_box(chapter, pharmacy, 1, _SOLD_TOO)
    sold = chapter.write(
        Deed(
            stage=Stage.SALE,
            who=pharmacy,
            day=_SOLD_TOO + timedelta(days=8),
            picked=Picked(lot=slices.lot, first=BOX_OF, count=6),
            fields={"channel": "retail"},
        )
    )
    chapter.plant(FaultKind.LICENCE_LAPSED, slices.lot, sold)
    chapter.packed.append(Packed(slices.lot, PACKS, sold.recorded_ms))


def _sell_box(chapter: Chapter, buyer: Household, box: int, day: date) -> None:
    """Sell a box and bring it to its buyer."""
    maker, picked = chapter.citizens.slice_makers[0], Picked(boxes=(box,))
    chapter.write(
        Deed(
            stage=Stage.SALE,
            who=maker,
            day=day,
            other=buyer,
            picked=picked,
            fields={"channel": "wholesale", "price_fen_per_kg": 9_800, "invoice": f"DEM-{box + 1:04d}"},
        )
    )
    chapter.hand_over(maker, buyer, day, day + timedelta(days=3), picked=picked)


def _settle(chapter: Chapter, slices: LotAmount) -> None:
    maker, hospital = chapter.citizens.slice_makers[0], chapter.citizens.users[0]
    chapter.write(
        Deed(
            stage=Stage.SETTLEMENT,
            who=maker,
            day=_SETTLED,
            other=hospital,
            lots=(LotAmount(lot=slices.lot),),
            fields={
                "voucher_kind": "vat",
                "paid_on": _SETTLED.isoformat(),
                "voucher_number": "DEM-VAT-0001",
                "amount_fen": 9_800 * PACK_GRAMS * (BOX_OF - 2) // 1000,
                "method": "bank",
                "cashier": "经办人乙",
            },
        )
    )
