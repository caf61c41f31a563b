"""A chapter: what is still to be done on the last evening, so that workbench and desk have something to show.

Seed is on its way to a cooperative that has entered its spring work far too late; two buyers complained, one
of them unanswered yet, the other undecided.
"""

from datetime import date
from typing import Final

from daodi_city.acts_watching import Complain, Replied
from daodi_city.almanac import at_ms
from daodi_city.chapter import Chapter
from daodi_city.pen import Deed, Picked
from daodi_city.town import Act
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Stage

HERB: Final = "白芍"
_GRAMS: Final = 12_000
_SOWN, _WORKED = date(2025, 10, 8), date(2026, 3, 28)
_LATE_HOURS: Final = 30 * 24.0
"""How late the spring work is entered; `trace.rules` allows seven days."""
_GATHERED, _SENT = date(2025, 10, 9), date(2026, 4, 28)
_WEIGHED, _LOOKED, _ANSWERED = date(2026, 4, 25), date(2026, 4, 16), date(2026, 4, 17)
_FIRST_PACK: Final = 21
"""The packs of the wine slices that people complain about, of those that were sold."""


def leave_open(chapter: Chapter) -> None:
    """Write the chapter, between the two cooperatives of one county."""
    cooperative, neighbour = chapter.citizens.cooperatives
    spring, seed = chapter.plot_pen("P"), chapter.plot_pen("S")
    plant = chapter.lot("P-PLANT", name=HERB)
    fields: dict[str, FieldValue] = {"area_mu": "12", "cycle_months": 36, "responsible": "负责人甲"}
    chapter.write(
        Deed(stage=Stage.PLANTING, who=cooperative, day=_SOWN, outputs=(plant,), fields=fields), spring
    )
    work: dict[str, FieldValue] = {"work": "weeding", "operator": "操作工乙"}
    lots = (LotAmount(lot=plant.lot),)
    deed = Deed(stage=Stage.FIELD_WORK, who=cooperative, day=_WORKED, lots=lots, fields=work)
    chapter.written.append(spring.write(deed, delay_hours=_LATE_HOURS))
    bought = chapter.lot("S-SEED", _GRAMS, HERB)
    chapter.write(
        Deed(
            stage=Stage.SEED,
            who=neighbour,
            day=_GATHERED,
            outputs=(bought,),
            fields={"seed_source": "cultivated"},
        ),
        seed,
    )
    chapter.write(
        Deed(
            stage=Stage.SHIP,
            who=neighbour,
            day=_SENT,
            lots=(LotAmount(lot=bought.lot),),
            other=cooperative,
            fields={"storage": "防潮", "waybill": f"DEM-{chapter.pen.name}"},
        ),
        seed,
    )


def complaints(firm: str, lot: str) -> tuple[Act, ...]:
    """Return two complaints about packs of `lot` that `firm` (USCC) made: undecided, and unanswered."""
    undecided, unanswered = (Picked(lot=lot, first=_FIRST_PACK + place, count=1) for place in range(2))
    return (
        Complain(
            at_ms=at_ms(_LOOKED, 20),
            pack=undecided,
            category="quality",
            words="示例：饮片颜色深浅不一，疑掺有别的药材。",
            by=firm,
            replied=Replied(at_ms(_ANSWERED, 10), "示例：同批留样已送检，结果出来后答复。"),
        ),
        Complain(
            at_ms=at_ms(_WEIGHED, 19),
            pack=unanswered,
            category="weight",
            words="示例：标示 500 克，家里称只有 470 克。",
            by=firm,
        ),
    )
