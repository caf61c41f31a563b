"""What the firms of a town do every day: a herb gathered and dried, goods bought, cut and packed."""

from dataclasses import dataclass
from typing import Any

from tests.journeys.town import Firm, Town


@dataclass(frozen=True, slots=True)
class Packed:
    """Packs of one lot of slices."""

    lot: str
    codes: tuple[str, ...]
    step: str


def dried(town: Town, by: Firm, lot: str, grams: int, day: str, herb: str = "白芍") -> None:
    """A lot of dried herb, from its gathering on one day to its drying in the same evening's oven."""
    fresh = f"{lot}-F"
    gathered = [{"lot": fresh, "grams": grams * 3, "herb": herb}]
    town.step(by, "gathering", f"{day} 07:00", outputs=gathered, fields={"area_name": "东坡"})
    town.step(
        by,
        "primary_processing",
        f"{day} 18:00",
        inputs=[{"lot": fresh}],
        outputs=[{"lot": lot, "grams": grams, "grade": "统"}],
        fields={"method": "去皮水煮后烘干", "drying": "oven"},
    )


def assayed(town: Town, by: Firm, lot: str, time: str, sulphur: str = "86.5") -> Any:
    """A laboratory's report on a lot: sulphur dioxide in mg/kg."""
    result = {"measurand": "二氧化硫残留量", "value": sulphur, "unit": "mg/kg"}
    return town.step(
        by, "test", time, lots=[{"lot": lot}], fields={"report_number": f"BG-{lot}"}, results=[result]
    )


def sliced(town: Town, by: Firm, herb: str, lot: str, grams: int, time: str, **rest: Any) -> Any:
    """Slices cut from the whole of a lot of herb."""
    told = {"method": "净选，润透，切薄片", "standard": "中国药典2020年版"}
    fields = told | rest.pop("fields", {})
    inputs = [{"lot": herb}, *rest.pop("more", ())]
    return town.step(by, "paozhi", time, inputs=inputs, outputs=[{"lot": lot, "grams": grams}], fields=fields)


def packed(town: Town, by: Firm, lot: str, packs: int, grams: int, time: str, **rest: Any) -> Packed:
    """A lot of slices put into packs, each with a trace code."""
    made = town.step(by, "pack", time, inputs=[{"lot": lot}], packs=packs, grams_per_pack=grams, **rest)
    return Packed(lot, tuple(made["codes"]), made["step"])
