"""How each fault is planted in a lot's way: what is left out, done late, oversold, or tried in vain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from daodi_city import trading
from daodi_city.almanac import FIRST_DAY, LAST_DAY
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.pen import DatedStep, Deed, Pen
from daodi_city.way import Asking, Way, examine
from trace.steps import LotAmount
from trace.vocabulary import Stage

LATE_HOURS: Final = 60 * 24.0
"""How late the planted late record arrives; `trace.rules` allows seven days."""

SKIPPED: Final[Mapping[FaultKind, frozenset[Stage]]] = {
    FaultKind.STAGE_MISSING: frozenset({Stage.FIELD_WORK}),
    FaultKind.UNTESTED: frozenset({Stage.TEST}),
}
"""Stages that a way carrying such a fault leaves out."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The faults a way carries, and the steps that must be refused because of them."""

    faults: tuple[PlantedFault, ...] = ()
    refused: tuple[DatedStep, ...] = ()


def plant(kind: FaultKind, way: Way, asking: Asking) -> Planted:
    """Plant a fault of `kind` in a way that is otherwise written to its end."""
    return _PLANT[kind](way, asking)


def _stage_missing(way: Way, _: Asking) -> Planted:
    fault = PlantedFault(kind=FaultKind.STAGE_MISSING, lot=way.lots["slice"], stage=Stage.FIELD_WORK)
    return Planted((fault,))


def _untested(way: Way, _: Asking) -> Planted:
    return Planted(
        (PlantedFault(kind=FaultKind.UNTESTED, lot=way.lots["slice"], step=_id_of(way, Stage.PACK)),)
    )


def _late(way: Way, _: Asking) -> Planted:
    return Planted(
        (PlantedFault(kind=FaultKind.LATE, lot=way.lots["plant"], step=_id_of(way, Stage.FIELD_WORK)),)
    )


def _over_limit(way: Way, _: Asking) -> Planted:
    """Test the bulk at 1,762 mg/kg, the worst 党参 of a real survey (zcyzz.cn), then try to pack it."""
    day = _after_all(way)
    examine(way, "bulk", way.cast.trader, day, 二氧化硫残留量="1762")
    fault = PlantedFault(kind=FaultKind.OVER_LIMIT, lot=way.lots["bulk"], step=way.pen.written[-1].step.id)
    attempt = Pen(way.pen.rng, f"{way.pen.name}-TRY").write(
        Deed(
            stage=Stage.PACK,
            who=way.cast.trader,
            day=LAST_DAY - timedelta(1),
            packs=5,
            grams_per_pack=100,
            inputs=(LotAmount(lot=way.lots["bulk"], grams=500),),
            fields={"standard": "示例内控标准"},
        )
    )
    return Planted((fault, _refused(way.lots["bulk"], attempt)), (attempt,))


def _oversold(way: Way, asking: Asking) -> Planted:
    """Sell the whole bulk again, after part of it was sold."""
    trading.sell(way, "bulk", way.cast.trader, None, _after_all(way), asking)
    return Planted(
        (PlantedFault(kind=FaultKind.OVERSOLD, lot=way.lots["bulk"], step=way.pen.written[-1].step.id),)
    )


def _misdelivered(way: Way, _: Asking) -> Planted:
    """Ship the bulk to one firm, and let another claim to have received it (货权不匹配)."""
    lots = (LotAmount(lot=way.lots["bulk"]),)
    way.pen.write(
        Deed(
            stage=Stage.SHIP,
            who=way.cast.trader,
            day=LAST_DAY - timedelta(5),
            lots=lots,
            other=way.cast.maker,
        )
    )
    attempt = Pen(way.pen.rng, f"{way.pen.name}-TRY").write(
        Deed(
            stage=Stage.RECEIVE,
            who=way.cast.user,
            day=LAST_DAY - timedelta(1),
            lots=lots,
            other=way.cast.trader,
        )
    )
    return Planted((_refused(way.lots["bulk"], attempt),), (attempt,))


def _refused(lot: str, attempt: DatedStep) -> PlantedFault:
    return PlantedFault(kind=FaultKind.REFUSED, lot=lot, step=attempt.step.id)


def _id_of(way: Way, stage: Stage) -> str | None:
    return next(dated.step.id for dated in way.pen.written if dated.step.stage is stage)


def _after_all(way: Way) -> date:
    """Return the day after the last step of a way."""
    return max(way.pen.written[-1].step.time.date() + timedelta(1), FIRST_DAY)


_PLANT: Final[Mapping[FaultKind, Callable[[Way, Asking], Planted]]] = {
    FaultKind.STAGE_MISSING: _stage_missing,
    FaultKind.UNTESTED: _untested,
    FaultKind.LATE: _late,
    FaultKind.OVER_LIMIT: _over_limit,
    FaultKind.OVERSOLD: _oversold,
    FaultKind.REFUSED: _misdelivered,
}
