"""How lots come into the world, and become dried herb: field, stable, forest and mine.

Doses, areas and days are assumptions of the generator, made to look like a season and nothing more.
"""

from datetime import date, timedelta

from daodi_city.pen import Deed
from daodi_city.way import Way, examine, role
from trace.herbs import herb
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Stage

_MONTH_DAYS = 30.4
_WORK = (
    {"work": "fertilising", "material": "腐熟有机肥", "dose": "每亩 1000 公斤"},
    {"work": "weeding"},
    {"work": "irrigation"},
    {"work": "tilling"},
)


def grow(way: Way) -> date:
    """Bring the lot into the world and gather it in; returns the day of harvest."""
    harvest = date(way.year, way.crop.harvest_month, int(way.pen.rng.integers(4, 26)))
    begin = {"planting": _plant, "rearing": _rear, "gathering": _gather, "mining": _mine}[way.crop.beginning]
    begin(way, harvest)
    return harvest


def _harvest_grams(way: Way) -> int:
    """Aim at a lot of herb worth about 60,000 yuan, so that cheap herbs come by the tonne."""
    worth_fen = 6_000_000 * way.pen.rng.uniform(0.6, 1.5)
    herb_grams = 1000 * worth_fen / way.crop.start_fen_per_kg
    return max(round(herb_grams * 1000 / way.crop.dried_permille), 20_000)


def _plant(way: Way, harvest: date) -> None:
    pen, grower = way.pen, way.cast.grower
    sown = harvest - timedelta(round(way.crop.months * _MONTH_DAYS))
    mu = max(round(_harvest_grams(way) / 900_000), 2)
    if Stage.SEED not in way.skips:
        pen.write(
            Deed(
                stage=Stage.SEED,
                who=grower,
                day=sown - timedelta(10),
                outputs=(way.lot("seed", mu * 2_000),),
                fields={"seed_source": "cultivated" if pen.rng.random() < 0.6 else "purchased"},
            )
        )
    pen.write(
        Deed(
            stage=Stage.PLANTING,
            who=grower,
            day=sown,
            inputs=(way.all_of("seed"),) if "seed" in way.lots else (),
            outputs=(way.lot("plant"),),
            fields={
                "area_mu": str(mu),
                "cycle_months": way.crop.months,
                "responsible": f"负责人{role(pen.rng)}",
            },
        )
    )
    if Stage.FIELD_WORK not in way.skips:
        _tend(way, sown, harvest)
    _reap(way, harvest, way.crop.months)


def _rear(way: Way, harvest: date) -> None:
    pen, breeder = way.pen, way.cast.grower
    born = harvest - timedelta(round(way.crop.months * _MONTH_DAYS))
    pen.write(
        Deed(
            stage=Stage.REARING,
            who=breeder,
            day=born,
            outputs=(way.lot("plant"),),
            fields={
                "head_count": int(pen.rng.integers(20, 60)),
                "feed": "青贮饲料",
                "responsible": f"负责人{role(pen.rng)}",
            },
        )
    )
    _tend(way, born, harvest, ({"work": "other", "material": "青贮饲料"},))
    _reap(way, harvest, way.crop.months)


def _tend(way: Way, start: date, end: date, kinds: tuple[dict[str, str], ...] = _WORK) -> None:
    """Write three spells of field work, evenly spread over the time of growing."""
    for spell in range(3):
        day = start + (end - start) * (spell + 1) // 5
        work: dict[str, FieldValue] = {**kinds[spell % len(kinds)], "operator": f"操作工{role(way.pen.rng)}"}
        late = way.late_field_work_hours if spell == 0 else None
        way.pen.write(
            Deed(
                stage=Stage.FIELD_WORK,
                who=way.cast.grower,
                day=day,
                lots=(LotAmount(lot=way.lots["plant"]),),
                fields=work,
            ),
            delay_hours=late,
        )


def _reap(way: Way, harvest: date, months: int) -> None:
    fields: dict[str, FieldValue] = {"part": herb(way.crop.herb).part_used, "end_date": harvest.isoformat()}
    if months >= 12:
        fields["growth_years"] = months // 12
    way.pen.write(
        Deed(
            stage=Stage.HARVEST,
            who=way.cast.grower,
            day=harvest,
            inputs=(LotAmount(lot=way.lots["plant"]),),
            outputs=(way.lot("fresh", _harvest_grams(way)),),
            fields=fields,
        )
    )


def _gather(way: Way, harvest: date) -> None:
    way.pen.write(
        Deed(
            stage=Stage.GATHERING,
            who=way.cast.grower,
            day=harvest,
            outputs=(way.lot("fresh", _harvest_grams(way)),),
            fields={"area_name": f"{way.crop.area}采集区", "identified_by": f"鉴定员{role(way.pen.rng)}"},
        )
    )


def _mine(way: Way, harvest: date) -> None:
    way.pen.write(
        Deed(
            stage=Stage.MINING,
            who=way.cast.grower,
            day=harvest,
            outputs=(way.lot("fresh", _harvest_grams(way)),),
            fields={"mine_name": f"示例·{way.crop.area}矿点", "responsible": f"负责人{role(way.pen.rng)}"},
        )
    )


def dry_and_test(way: Way, harvest: date) -> date:
    """Process at the origin and test the herb; returns the day of the test."""
    pen, grower = way.pen, way.cast.grower
    day = pen.days_later(harvest, 2, 8)
    left = round(way.grams["fresh"] * way.crop.dried_permille * pen.rng.uniform(0.96, 1.04) / 1000)
    mineral = way.crop.beginning == "mining"
    fields: dict[str, FieldValue] = {
        "method": "挑选、清洗" if mineral else "净选、干燥",
        "storage": "阴凉干燥处",
    }
    if not mineral:
        fields |= {"drying": ("sun", "shade", "oven")[int(pen.rng.integers(3))], "sulfur": False}
    pen.write(
        Deed(
            stage=Stage.PRIMARY_PROCESSING,
            who=grower,
            place=grower.workshop,
            day=day,
            inputs=(way.all_of("fresh"),),
            outputs=(way.lot("herb", min(left, way.grams["fresh"]), grade=True),),
            fields=fields,
        )
    )
    return examine(way, "herb", grower, pen.days_later(day, 3, 9))
