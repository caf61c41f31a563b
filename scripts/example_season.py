"""Write docs/examples/steps-season.xlsx: three lots of 白芍 and 当归 from seed to sale, as a file to import.

The parties are invented and so are their codes, which pass their checks; nothing in it happened.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import api  # noqa: F401  binds `trace`
from trace.identifiers import make_uscc
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.steps import StepNew
from trace.vocabulary import NodeType
from trace.workbook import write_workbook

TARGET: Final = Path(__file__).resolve().parent.parent / "docs" / "examples" / "steps-season.xlsx"

PEONY_GROWER: Final = make_uscc("9", "3", "341602", "MA2DE001")
ANGELICA_GROWER: Final = make_uscc("N", "2", "621126", "MF2DE002")
MAKER: Final = make_uscc("9", "1", "341602", "MA8DE003")
PHARMACY: Final = make_uscc("9", "1", "110105", "MA0DE004")

Step: TypeAlias = Callable[..., StepNew]
"""Builds a step of one party at one place."""


def parties() -> list[PartyNew]:
    """Two growers, a slice maker and a pharmacy."""
    named = (
        (PEONY_GROWER, "谯城区示例白芍种植合作社", NodeType.GROWER, "341602"),
        (ANGELICA_GROWER, "岷县示例当归专业合作社", NodeType.GROWER, "621126"),
        (MAKER, "亳州示例饮片有限公司", NodeType.SLICE_MAKER, "341602"),
        (PHARMACY, "北京示例大药房", NodeType.USER, "110105"),
    )
    return [
        PartyNew(uscc=uscc, name=name, node_types=(node,), division=division)
        for uscc, name, node, division in named
    ]


def places() -> list[PlaceNew]:
    """Three plots, a workshop, a stall in the 亳州 market and a counter."""
    named = (
        ("BS-PLOT-1", "示例白芍一号地", PEONY_GROWER, "341602", None, "谯城区示例镇示例村 1 组"),
        ("BS-PLOT-2", "示例白芍二号地", PEONY_GROWER, "341602", None, "谯城区示例镇示例村 2 组"),
        ("DG-PLOT-1", "示例当归一号地", ANGELICA_GROWER, "621126", None, "岷县示例镇示例村"),
        ("YP-WORKS", "示例饮片车间", MAKER, "341602", None, None),
        ("YP-STALL", "示例饮片市场档口", MAKER, "341602", "亳州", None),
        ("YF-COUNTER", "示例大药房柜台", PHARMACY, "110105", None, None),
    )
    return [
        PlaceNew(place_id=place, name=name, party=party, division=division, market=market, address=address)
        for place, name, party, division, market, address in named
    ]


def steps() -> list[StepNew]:
    """Everything that happened, in order."""
    return [*_peony("1", 1_200), *_peony("2", 900), *_peony_blend(), *_angelica(), *_slices(), *_sales()]


def _peony(plot: str, kilograms: int) -> list[StepNew]:
    """A lot of 白芍: three years in the ground, peeled, boiled and sun dried."""
    step = partial(_step, party=PEONY_GROWER, place=f"BS-PLOT-{plot}")
    lot = f"BS-{plot}"
    return [*_peony_in_the_ground(step, lot), *_peony_dried(step, lot, plot, kilograms * 1000)]


def _peony_in_the_ground(step: Step, lot: str) -> list[StepNew]:
    return [
        step(
            "seed",
            "2020-09-10 09:00",
            outputs=[(f"{lot}-SEED", 80_000, "白芍", None)],
            fields={"seed_source": "自购", "variety": "线条"},
        ),
        step(
            "planting",
            "2020-09-20 08:00",
            inputs=[(f"{lot}-SEED", 80_000)],
            outputs=[(f"{lot}-PLANT", None)],
            fields={"area_mu": "2.5", "cycle_months": 36, "responsible": "示例甲"},
        ),
        step(
            "field_work",
            "2021-05-06 08:30",
            lots=[(f"{lot}-PLANT", None)],
            fields={"work": "除草", "operator": "示例乙"},
        ),
        step(
            "field_work",
            "2022-04-12 08:30",
            lots=[(f"{lot}-PLANT", None)],
            fields={"work": "施肥", "material": "腐熟有机肥", "dose": "每亩 1000 公斤", "operator": "示例乙"},
        ),
    ]


def _peony_dried(step: Step, lot: str, plot: str, fresh: int) -> list[StepNew]:
    return [
        step(
            "harvest",
            "2023-09-18 07:00",
            inputs=[(f"{lot}-PLANT", None)],
            outputs=[(f"{lot}-FRESH", fresh)],
            fields={"end_date": "2023-09-20", "growth_years": 3},
        ),
        step(
            "primary_processing",
            "2023-10-08 16:00",
            inputs=[(f"{lot}-FRESH", fresh)],
            outputs=[(f"{lot}-HERB", fresh // 3, None, "统")],
            fields={"method": "去皮、水煮、晒干", "drying": "晒干", "sulfur": False},
        ),
        step(
            "test",
            "2023-10-16 10:00",
            lots=[(f"{lot}-HERB", None)],
            fields={"report_number": f"SL-2023-{plot}", "laboratory": "示例检验中心", "inspector": "示例丙"},
            results=[("二氧化硫残留量", "86.5", "mg/kg"), ("水分", "11.2", "%")],
        ),
    ]


def _peony_blend() -> list[StepNew]:
    """Half of lot 1 is split off and merged with lot 2, then goes to the slice maker."""
    step = partial(_step, party=PEONY_GROWER, place="BS-PLOT-1")
    return [
        step(
            "split",
            "2023-10-20 09:00",
            inputs=[("BS-1-HERB", 400_000)],
            outputs=[("BS-1-HERB-A", 200_000), ("BS-1-HERB-B", 200_000)],
            fields={"reason": "分批销售"},
        ),
        step(
            "merge",
            "2023-10-21 09:00",
            inputs=[("BS-1-HERB-A", 200_000), ("BS-2-HERB", 300_000)],
            outputs=[("BS-M-HERB", 500_000)],
        ),
        step(
            "sale",
            "2023-10-24 09:00",
            lots=[("BS-M-HERB", 500_000)],
            counterparty=MAKER,
            fields={"channel": "批发", "price_fen_per_kg": 3_450, "invoice": "示例票据 0001"},
        ),
        step(
            "ship",
            "2023-10-25 06:00",
            lots=[("BS-M-HERB", None)],
            counterparty=MAKER,
            fields={"vehicle": "皖S·示例1", "driver": "示例丁"},
        ),
        step(
            "receive",
            "2023-10-25 15:00",
            party=MAKER,
            place="YP-WORKS",
            lots=[("BS-M-HERB", None)],
            counterparty=PEONY_GROWER,
            fields={"inspection": "合格"},
        ),
    ]


def _angelica() -> list[StepNew]:
    """A lot of 当归: seedlings in the second year, harvested in autumn, shade dried."""
    step = partial(_step, party=ANGELICA_GROWER, place="DG-PLOT-1")
    return [*_angelica_in_the_ground(step), *_angelica_dried(step)]


def _angelica_in_the_ground(step: Step) -> list[StepNew]:
    return [
        step(
            "seed",
            "2023-03-10 09:00",
            outputs=[("DG-1-SEED", 60_000, "当归", None)],
            fields={"seed_source": "栽培"},
        ),
        step(
            "planting",
            "2023-04-02 08:00",
            inputs=[("DG-1-SEED", 60_000)],
            outputs=[("DG-1-PLANT", None)],
            fields={"area_mu": "3", "phone": "13800000000"},
        ),
        step(
            "field_work",
            "2023-06-15 08:00",
            lots=[("DG-1-PLANT", None)],
            fields={"work": "中耕", "operator": "示例戊"},
        ),
        step(
            "harvest", "2023-10-20 07:00", inputs=[("DG-1-PLANT", None)], outputs=[("DG-1-FRESH", 1_500_000)]
        ),
    ]


def _angelica_dried(step: Step) -> list[StepNew]:
    return [
        step(
            "primary_processing",
            "2023-11-28 16:00",
            inputs=[("DG-1-FRESH", 1_500_000)],
            outputs=[("DG-1-HERB", 450_000, None, "统个")],
            fields={"method": "去泥沙、捆把、阴干", "drying": "阴干", "sulfur": False},
        ),
        step(
            "test",
            "2023-12-04 10:00",
            lots=[("DG-1-HERB", None)],
            fields={"report_number": "MX-2023-1", "laboratory": "示例检验中心"},
            results=[("二氧化硫残留量", "12.0", "mg/kg")],
        ),
        step("ship", "2023-12-06 06:00", lots=[("DG-1-HERB", None)], counterparty=MAKER),
        step(
            "receive",
            "2023-12-08 15:00",
            party=MAKER,
            place="YP-WORKS",
            lots=[("DG-1-HERB", None)],
            counterparty=ANGELICA_GROWER,
            fields={"inspection": "合格"},
        ),
    ]


def _slices() -> list[StepNew]:
    """Both herbs are cut, tested and packed."""
    step = partial(_step, party=MAKER, place="YP-WORKS")
    made: list[StepNew] = []
    for herb, source, lot, taken, cut in (
        ("白芍", "BS-M-HERB", "YP-BS-2401", 500_000, 470_000),
        ("当归", "DG-1-HERB", "YP-DG-2401", 450_000, 420_000),
    ):
        made += [
            step(
                "paozhi",
                "2024-01-10 08:00",
                inputs=[(source, taken)],
                outputs=[(lot, cut, None, f"{herb}片")],
                fields={
                    "method": "洗净、润透、切薄片、干燥",
                    "standard": "中国药典 2020 年版一部",
                    "qa": "示例己",
                },
            ),
            step(
                "test",
                "2024-01-15 10:00",
                lots=[(lot, None)],
                fields={"report_number": f"YP-{lot[3:]}", "laboratory": "示例饮片质检部"},
                results=[("二氧化硫残留量", "20.5", "mg/kg"), ("水分", "10.4", "%")],
            ),
            step(
                "pack",
                "2024-01-18 09:00",
                inputs=[(lot, None)],
                packs=40,
                grams_per_pack=500,
                fields={"production_date": "2024-01-10", "expiry_date": "2027-01-09"},
            ),
        ]
    return made


def _sales() -> list[StepNew]:
    """The maker sells from its market stall; one lot of slices goes to a pharmacy and over its counter."""
    return [
        _step(
            "sale",
            "2024-01-22 10:00",
            party=MAKER,
            place="YP-STALL",
            lots=[("YP-DG-2401", 5_000)],
            fields={"channel": "零售", "price_fen_per_kg": 16_800},
        ),
        _step(
            "ship",
            "2024-01-23 06:00",
            party=MAKER,
            place="YP-WORKS",
            lots=[("YP-BS-2401", None)],
            counterparty=PHARMACY,
        ),
        _step("receive", "2024-01-24 15:00", party=PHARMACY, place="YF-COUNTER", lots=[("YP-BS-2401", None)]),
        _step(
            "sale",
            "2024-02-01 10:00",
            party=PHARMACY,
            place="YF-COUNTER",
            lots=[("YP-BS-2401", 1_000)],
            fields={"channel": "零售", "price_fen_per_kg": 9_600, "customer": "示例庚"},
        ),
    ]


_LOT: Final = ("lot", "grams", "herb", "grade")
_COLUMNS: Final = {"inputs": _LOT, "outputs": _LOT, "lots": _LOT, "results": ("measurand", "value", "unit")}


def _step(stage: str, time: str, *, party: str, place: str, **rest: object) -> StepNew:
    """Build a step; lots are (lot, grams, herb, grade), cut where the rest is not needed."""
    at = datetime.fromisoformat(f"{time}+08:00")
    tables = {name: _named(rest.pop(name, ()), names) for name, names in _COLUMNS.items()}
    subject = (tables["outputs"] or tables["lots"] or tables["inputs"])[0]["lot"]
    members = {"stage": stage, "time": at, "party": party, "place": place} | tables | rest
    return StepNew.model_validate({"id": f"{stage}/{subject}/{at:%Y%m%d}"} | members)


def _named(rows: object, names: tuple[str, ...]) -> list[dict[str, object]]:
    listed = rows if isinstance(rows, list) else []
    return [
        {name: value for name, value in zip(names, row, strict=False) if value is not None} for row in listed
    ]


def main(target: Path = TARGET) -> None:
    """Write the workbook to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(write_workbook(parties(), places(), steps()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
