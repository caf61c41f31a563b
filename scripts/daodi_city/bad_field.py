"""A chapter: one bad field, found out when its slices are with three users; all of it is recalled."""

from datetime import date, timedelta
from functools import partial

from daodi_city.acts_holds import Acknowledge, HoldDrill, OpenRecall
from daodi_city.acts_papers import KeepDocument
from daodi_city.almanac import LAST_DAY
from daodi_city.chapter import Chapter
from daodi_city.faults import FaultKind
from daodi_city.parties import Household
from daodi_city.pen import Deed, Picked
from daodi_city.plots import Plot, bear
from daodi_city.reports import file_report
from daodi_city.scanning import Packed
from daodi_city.town import official, owner
from daodi_city.way import role
from trace.documents.documents import DocumentKind
from trace.recalls.persons import Person
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Form, Stage

HERB = "黄芪"
PACKS, PACK_GRAMS, EACH = 60, 250, 20
DISPENSED = 5
_FIELD = "621122"
"""陇西县, where the crop table has 黄芪 grow."""
_REAPED = date(2025, 10, 14)
_SLICED = date(2025, 11, 6)
_SENT = date(2025, 11, 24)
_DRILLED = date(2026, 1, 20)
_FOUND = date(2026, 3, 10)
_RECALLED = date(2026, 3, 12)
_SLICES = 18_000
_RESIDUE = "0.42"
"""五氯硝基苯 in mg/kg; the limit is 0.1."""
_GRADE = 2
"""二级召回."""


def go_wrong(chapter: Chapter) -> None:
    """Write the chapter."""
    maker = chapter.citizens.slice_makers[1]
    field, slices = _make(chapter, maker)
    users = chapter.citizens.users[3:6]
    for place, user in enumerate(users):
        picked = Picked(lot=slices, first=place * EACH, count=EACH)
        sent = _SENT + place * timedelta(days=5)
        chapter.hand_over(maker, user, sent, sent + timedelta(days=4), picked=picked)
    _dispense(chapter, users[0], slices)
    chapter.packed.append(Packed(slices, PACKS, chapter.written[-1].recorded_ms))
    chapter.act(_DRILLED, lambda at: HoldDrill(at_ms=at, lot=slices, person=owner(maker.uscc)))
    _find_out(chapter, maker, slices)
    _recall(chapter, maker, users, field)
    _take_back(chapter, maker, users, slices)
    chapter.plant(FaultKind.RECALLED, slices, pack=PACKS - 1)
    _sell_all_the_same(chapter, users[2], slices)


def _make(chapter: Chapter, maker: Household) -> tuple[str, str]:
    """Grow, bring to the maker, slice, test and pack; returns the field's harvest and the slices."""
    farm = chapter.citizens.growers[_FIELD][0]
    plot = Plot(
        what="F",
        herb=HERB,
        grade="统",
        farm=farm,
        months=24,
        harvest=_REAPED,
        mu="0.5",
        fresh=62_000,
        dried=20_000,
    )
    herb = bear(chapter, plot).herb
    arrived = _SLICED - timedelta(days=2)
    chapter.hand_over(farm, maker, arrived - timedelta(days=4), arrived, LotAmount(lot=herb.lot))
    slices = chapter.lot("SLICE", _SLICES, grade="统")
    fields: dict[str, FieldValue] = {
        "method": "切片",
        "standard": "示例内控标准",
        "technician": f"工艺员{role(chapter.pen.rng)}",
        "qa": f"质量员{role(chapter.pen.rng)}",
    }
    chapter.write(
        Deed(
            stage=Stage.PAOZHI,
            who=maker,
            place=maker.workshop,
            day=_SLICED,
            inputs=(LotAmount(lot=herb.lot, grams=herb.grams),),
            outputs=(slices,),
            fields=fields,
        )
    )
    file_report(chapter, maker, slices.lot, HERB, _SLICED + timedelta(days=4), form=Form.SLICE)
    _pack(chapter, maker, slices.lot)
    return chapter.lot("F-FRESH").lot, slices.lot


def _pack(chapter: Chapter, maker: Household, lot: str) -> None:
    chapter.write(
        Deed(
            stage=Stage.PACK,
            who=maker,
            place=maker.workshop,
            day=_SLICED + timedelta(days=6),
            packs=PACKS,
            grams_per_pack=PACK_GRAMS,
            inputs=(LotAmount(lot=lot, grams=PACKS * PACK_GRAMS),),
            fields={"specification": f"{PACK_GRAMS} 克/包", "expiry_date": "2028-11-11"},
        )
    )


def _dispense(chapter: Chapter, user: Household, slices: str) -> None:
    chapter.write(
        Deed(
            stage=Stage.SALE,
            who=user,
            day=_SENT + timedelta(days=20),
            picked=Picked(lot=slices, first=0, count=DISPENSED),
            fields={"channel": "dispensing"},
        )
    )


def _find_out(chapter: Chapter, maker: Household, slices: str) -> None:
    """Draw a sample of what the maker still has, under a regulator's eyes, and find a residue."""
    sample = f"DEM-{chapter.pen.name}-S1"
    chapter.write(
        Deed(
            stage=Stage.SAMPLING,
            who=maker,
            day=_FOUND - timedelta(days=6),
            lots=(LotAmount(lot=slices, grams=300),),
            fields={"plan": "spot", "sample_number": sample, "sealed": True, "sampler": "抽样员甲"},
        )
    )
    step = file_report(chapter, maker, slices, HERB, _FOUND, sample, Form.SLICE, 五氯硝基苯=_RESIDUE)
    chapter.plant(FaultKind.OVER_LIMIT, slices, step)


def _recall(chapter: Chapter, maker: Household, users: tuple[Household, ...], field: str) -> None:
    """Open the recall with its order, and let all but one of the holders say that they know."""
    regulator = chapter.citizens.regulator.uscc
    order = chapter.act(
        _RECALLED,
        lambda at: KeepDocument(
            at_ms=at,
            party=regulator,
            kind=DocumentKind.OTHER,
            title="示例·召回决定书",
            body="示例召回决定书（虚构）,\r\n产品,黄芪饮片\r\n级别,二级\r\n".encode(),
            lots=(field,),
        ),
        hour=9,
    )
    chapter.act(
        _RECALLED,
        lambda at: OpenRecall(
            at_ms=at,
            lot=field,
            grade=_GRADE,
            reason="监督抽检发现农药残留（五氯硝基苯）超过限量",
            document=order.sha256,
            responsible=maker.uscc,
            person=official(regulator, "甲"),
        ),
        hour=10,
    )
    for hour, holder in enumerate((maker, *users[:2]), start=11):
        chapter.act(_RECALLED, partial(_acknowledged, owner(holder.uscc)), hour=hour)


def _acknowledged(person: Person, at_ms: int) -> Acknowledge:
    return Acknowledge(at_ms=at_ms, person=person)


def _take_back(chapter: Chapter, maker: Household, users: tuple[Household, ...], slices: str) -> None:
    """Two of the users send back what they have; the maker destroys it."""
    left = (
        Picked(lot=slices, first=DISPENSED, count=EACH - DISPENSED),
        Picked(lot=slices, first=EACH, count=EACH),
    )
    back: dict[str, FieldValue] = {"reason": "recall", "handler": "经办人甲"}
    for days, user, packs in zip((3, 4), users, left, strict=False):
        day = _RECALLED + timedelta(days=days)
        chapter.write(
            Deed(stage=Stage.RETURN, who=user, other=maker, day=day, picked=packs, fields=dict(back))
        )
        arrives = day + timedelta(days=4)
        chapter.write(Deed(stage=Stage.RECEIVE, who=maker, other=user, day=arrives, picked=packs))
    chapter.write(
        Deed(
            stage=Stage.DESTROY,
            who=maker,
            day=_RECALLED + timedelta(days=18),
            picked=Picked(lot=slices, first=DISPENSED, count=2 * EACH - DISPENSED),
            fields={"reason": "recall", "method": "焚烧", "operator": "保管员甲", "supervisor": "监销员乙"},
        )
    )


def _sell_all_the_same(chapter: Chapter, user: Household, slices: str) -> None:
    """Let the third user try to sell a recalled pack: it must be refused."""
    chapter.refuse(
        Deed(
            stage=Stage.SALE,
            who=user,
            day=LAST_DAY - timedelta(days=1),
            picked=Picked(lot=slices, first=PACKS - 1, count=1),
            fields={"channel": "retail"},
        ),
        1,
    )
