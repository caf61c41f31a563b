"""What a browser sent of a step form, or an address prefills it with: text by box, nothing that is no box."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from api.web.formats import local
from api.web.step_lines import AMOUNTS, cell, parts_of
from trace.columns import STEPS
from trace.flows import FLOWS
from trace.profiles import profile
from trace.sheets import Row
from trace.stage_columns import columns_of
from trace.vocabulary import Stage

_LINE: Final = re.compile(r"(inputs|outputs|lots|results)\.\d{1,2}\.(lot|mass|unit|measurand|value|method)")
_LONGEST: Final = 20_000
"""Characters of one box: a thousand codes."""


def typed_of(stage: Stage, sent: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Return what was typed into the boxes of a stage's form; files and whatever is no box are left out."""
    known = {each.column.key for each in columns_of(stage)}
    known |= {each.name for each in profile(stage).fields}
    found: dict[str, str] = {}
    for name, text in sent:
        if isinstance(text, str) and text.strip() and (name in known or _LINE.fullmatch(name)):
            before = f"{found[name]}；" if name in AMOUNTS and name in found else ""
            found[name] = (before + text.strip())[:_LONGEST]
    return found


def row_of(stage: Stage, party: str, typed: Mapping[str, str]) -> Row:
    """Return it as a row of the sheet of steps, recorded by `party` (a USCC) whatever was sent."""
    plain = {name: text for name, text in typed.items() if "." not in name}
    lines = {
        each.column.key: text
        for each in columns_of(stage)
        if parts_of(each.column.key) and (text := cell(each.column.key, typed))
    }
    return Row(sheet=STEPS.zh, number=1, cells={**plain, **lines, "stage": stage.zh, "party": party})


def defaults(stage: Stage, now_ms: int, chance: str, places: Iterable[str]) -> dict[str, str]:
    """Return what an empty form begins with: now in China, the only place, an id for the lot it makes.

    `chance` are a few letters and digits that make the id of the lot one nobody has taken.
    """
    now, found = local(now_ms), list(places)
    begun = {"time": now.strftime("%Y-%m-%dT%H:%M")}
    if len(found) == 1:
        begun["place"] = found[0]
    if FLOWS[stage].outputs[0]:
        begun["outputs.0.lot"] = f"{stage.value[:2].upper()}-{now:%y%m%d}-{chance.upper()}"
    return begun
