"""A chapter: six family farms sell to one slice maker, who merges their lots, stores, samples and tests them.

One farm had written a weight with two digits the wrong way round and puts it right; work on another's field
was said to be a kilometre off it; the store is too warm for two days.
"""

from datetime import date, timedelta

from daodi_city.acts_papers import CorrectStep, KeepDocument
from daodi_city.chapter import Chapter
from daodi_city.faults import FaultKind
from daodi_city.papers import FIELD_MU, INSIDE, OUTSIDE
from daodi_city.parties import Household
from daodi_city.pen import DatedStep, Deed
from daodi_city.plots import Plot, bear
from daodi_city.readings import Readings, thermometer
from daodi_city.reports import file_report
from daodi_city.way import role
from trace.documents.documents import DocumentKind
from trace.sensors.sensing import SensorNew
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Stage

HERB, GRADE = "白芍", "统"
_DAY = timedelta(days=1)
_REAPED = date(2025, 8, 18)
_WATCHED = date(2025, 4, 7)
_CORRECTED = date(2025, 9, 3)
_BOUGHT = date(2025, 9, 4)
_STORED = date(2025, 9, 17)
_WATCHED_DAYS, _WARM = 7, range(3, 5)
_TESTED = date(2025, 9, 27)
_MISTAKEN = 2
"""The farm whose weight was written wrongly, counted from 0."""
_WRONG, _RIGHT = 110_200, 101_200
_SAMPLE = 500


def buy_and_merge(chapter: Chapter) -> LotAmount:
    """Write the chapter; returns what is left of the merged lot in the slice maker's store."""
    maker = chapter.citizens.slice_makers[0]
    _watch_the_field(chapter)
    dried = [_harvest(chapter, number, farm) for number, farm in enumerate(chapter.citizens.family_farms)]
    for number, farm in enumerate(chapter.citizens.family_farms):
        _buy(chapter, maker, farm, dried[number], _BOUGHT + 2 * number * _DAY)
    merged = chapter.lot("MIX", sum(each.grams or 0 for each in dried), grade=GRADE)
    chapter.write(
        Deed(
            stage=Stage.MERGE,
            who=maker,
            day=_STORED,
            inputs=tuple(each.model_copy(update={"grade": None}) for each in dried),
            outputs=(merged,),
            fields={"reason": "同级合批入库"},
        )
    )
    _store(chapter, maker, merged)
    _sample_and_test(chapter, maker, merged)
    return chapter.lot("MIX", (merged.grams or 0) - _SAMPLE)


def _harvest(chapter: Chapter, number: int, farm: Household) -> LotAmount:
    mistaken = number == _MISTAKEN
    fresh = 252_000 + int(chapter.pen.rng.integers(0, 50_000))
    borne = bear(
        chapter,
        Plot(
            what=f"F{number + 1}",
            herb=HERB,
            grade=GRADE,
            farm=farm,
            months=36,
            harvest=_REAPED + number * _DAY,
            mu=FIELD_MU,
            fresh=266_000 if mistaken else fresh,
            dried=_WRONG if mistaken else fresh * 38 // 100,
            harvested_at=INSIDE if number == 0 else None,
            weeded_at=OUTSIDE if number == 0 else None,
        ),
    )
    if number == 0:
        chapter.plant(FaultKind.STRAYED, borne.herb.lot, borne.weeding)
    return _correct(chapter, borne.drying) if mistaken else borne.herb


def _correct(chapter: Chapter, wrong: DatedStep) -> LotAmount:
    """Put right the weight of a drying; returns the lot as it really was."""
    [output] = wrong.step.outputs
    right = output.model_copy(update={"grams": _RIGHT})
    instead = wrong.step.model_copy(update={"id": f"{wrong.step.id}-right", "outputs": (right,)})
    chapter.act(_CORRECTED, lambda at: CorrectStep(at_ms=at, wrong=wrong.step.id or "", instead=instead))
    chapter.plant(FaultKind.MISWEIGHED, output.lot, wrong)
    return right


def _buy(chapter: Chapter, maker: Household, farm: Household, lot: LotAmount, day: date) -> None:
    """Write the purchase of one farm's lot and its way to the store."""
    weighed = LotAmount(lot=lot.lot, grams=lot.grams)
    price = chapter.asking(HERB, GRADE, "亳州", day)
    chapter.write(
        Deed(
            stage=Stage.PURCHASE,
            who=maker,
            day=day,
            lots=(weighed,),
            other=farm,
            fields={
                "grade_checked": GRADE,
                "moisture_pct": f"{chapter.pen.rng.uniform(9, 12.5):.1f}",
                "price_fen_per_kg": price,
                "buyer": f"收购员{role(chapter.pen.rng)}",
            },
        )
    )
    chapter.hand_over(farm, maker, day, day + _DAY, LotAmount(lot=lot.lot))


def _watch_the_field(chapter: Chapter) -> None:
    """Let a thermometer stand in the outlined field for two days of spring."""
    farm = chapter.citizens.family_farms[0]
    readings = thermometer(chapter.pen.rng, _WATCHED, 2, range(0))
    day = _WATCHED + 2 * _DAY
    sensors = (_keep(chapter, farm, readings, "示例·地块气温记录", day, "DEM-TH-02"),)
    fields: dict[str, FieldValue] = {"subject": "air", "position": INSIDE}
    chapter.write(Deed(stage=Stage.SENSING, who=farm, day=day, sensors=sensors, fields=fields))


def _store(chapter: Chapter, maker: Household, merged: LotAmount) -> None:
    """Keep the lot under a thermometer, and say what its readings sum up to."""
    readings = thermometer(chapter.pen.rng, _STORED + _DAY, _WATCHED_DAYS, _WARM)
    day = _STORED + (_WATCHED_DAYS + 1) * _DAY
    sensors = (_keep(chapter, maker, readings, "示例·阴凉库温度记录", day, "DEM-TH-01", merged.lot),)
    step = chapter.write(
        Deed(
            stage=Stage.STORAGE,
            who=maker,
            day=day,
            lots=(LotAmount(lot=merged.lot),),
            sensors=sensors,
            fields={
                "care": "inspection",
                "warehouse": "阴凉库 1 号货位",
                "storage": "shade",
                "condition": "good",
                "keeper": f"保管员{role(chapter.pen.rng)}",
            },
        )
    )
    chapter.plant(FaultKind.TOO_WARM, merged.lot, step)


def _keep(
    chapter: Chapter, who: Household, readings: Readings, title: str, day: date, device: str, *lots: str
) -> SensorNew:
    """Keep the readings as a document; returns what a step says of them."""
    kept = chapter.act(
        day,
        lambda at: KeepDocument(
            at_ms=at,
            party=who.uscc,
            kind=DocumentKind.SERIES,
            title=title,
            body=readings.body,
            lots=lots,
            quantity=readings.quantity,
        ),
        hour=6,
    )
    return readings.summed_up(device, kept.sha256)


def _sample_and_test(chapter: Chapter, maker: Household, merged: LotAmount) -> None:
    sample = f"DEM-{chapter.pen.name}-S1"
    chapter.write(
        Deed(
            stage=Stage.SAMPLING,
            who=maker,
            day=_TESTED,
            lots=(LotAmount(lot=merged.lot, grams=_SAMPLE),),
            fields={
                "plan": "own",
                "sample_number": sample,
                "sealed": True,
                "sampler": f"抽样员{role(chapter.pen.rng)}",
            },
        )
    )
    file_report(chapter, maker, merged.lot, HERB, _TESTED + 5 * _DAY, sample)
