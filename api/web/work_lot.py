"""What the pages of a party's lots show: lines of the list, the next missing step, what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.web.csv_body import Cell
from api.web.formats import local
from ledger.errors import Language
from trace.completeness import Completeness
from trace.flows import FLOWS
from trace.lots import LotState
from trace.next_steps import column_for, open_stages, stands_open
from trace.own_lots import OwnLot
from trace.vocabulary import Stage

HEADINGS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": ("批次", "药材", "形态", "规格等级", "由何环节", "产出时间", "散装克数", "包装克数",
           "检验", "冻结"),
    "en": (
        "lot", "herb", "form", "grade", "made by", "made", "loose grams", "packed grams", "tests", "on hold",
    ),
}  # fmt: skip
"""Headings of the table of lots; masses are grams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A stage that the way of a lot should show and does not."""

    stage: Stage
    column: str
    """Column of its form that the lot stands in; empty where it cannot be the lot itself any more."""
    offered: bool
    """Whether the party may record it as the lot stands; what its forebears lack, while it has any of it."""


def lot_line(each: OwnLot, language: Language) -> list[Cell]:
    """Return one line of the table of lots."""
    state = each.state
    return [
        state.lot,
        state.herb,
        state.form.words(language),
        state.grade,
        each.stage.words(language),
        local(state.made_ms).isoformat(timespec="minutes"),
        state.grams,
        state.packed_grams,
        state.quality.words(language),
        ("是" if language == "zh" else "yes") if state.frozen else "",
    ]


def next_missing(judged: Completeness, state: LotState, party: str) -> Missing | None:
    """Return the stage to be recorded next: of the stages that are missing, else of the information groups.

    What `party` can record of the lot itself comes before what its forebears lack.
    """
    lacking = [*judged.missing, *(stage for group in judged.groups for stage in group.lacking)]
    found = [_missing(stage, state, party) for stage in dict.fromkeys(lacking)]
    own = (each for each in found if each.column and each.offered)
    return next(own, next((each for each in found if each.column), found[0] if found else None))


def step_buttons(state: LotState, party: str) -> list[tuple[Stage, str]]:
    """Return the stages that usually follow for a lot and are open to `party`, each with the lot's column."""
    return [(stage, column_for(stage, state.form)) for stage in open_stages(state, party)]


def _missing(stage: Stage, state: LotState, party: str) -> Missing:
    column = _column(stage, state)
    has_some = bool(open_stages(state, party))
    return Missing(
        stage=stage, column=column, offered=stands_open(stage, state, party) if column else has_some
    )


def _column(stage: Stage, state: LotState) -> str:
    """Say where the form of a stage names the lot; nothing where the stage makes what the lot already is."""
    flow = FLOWS[stage]
    return "lots" if flow.lots[1] and state.form in flow.takes else ""
