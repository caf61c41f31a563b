"""What the pages of labels ask: an order of codes, what stands on a label, which labels were printed."""

from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from api.web.step_faults import Wrong
from api.web.step_form import Box, Filled
from api.web.words import Words
from api.web.work_ask import ask
from trace.coding.batch_reading import BatchState
from trace.coding.code_words import CodeStatus, Level
from trace.coding.runs import Range
from trace.labels.label_errors import BadLabelRange
from trace.labels.label_forms import FORM_KEYS

ORDER: Final = ("id", "count", "level", "lot")
"""Boxes of an order."""
PRINT: Final = (
    "lot", "grams", "specification", "production_date", "expiry_date", "standard", "form", "first", "count",
)  # fmt: skip
"""Boxes of what is printed."""
MOST_ORDERED: Final = 1_000_000
"""Codes of one order in the browser, about ten seconds of work; more by the API."""


class OrderAsked(BaseModel):
    """An order of codes as it is typed in."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")
    count: int = Field(ge=1, le=MOST_ORDERED)
    level: Level = Level.PACK


class MarkAsked(BaseModel):
    """Labels of a batch by their numbers, from 1, and what became of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: CodeStatus
    first: int = Field(ge=1)
    last: int = Field(ge=1)


def range_of(batch: BatchState, asked: MarkAsked) -> Range:
    """Return the serials of the labels named; raises `BadLabelRange` where the batch has none such."""
    if not asked.first <= asked.last <= batch.count:
        raise BadLabelRange(batch=batch.batch_id[:12], count=batch.count, first=asked.first, last=asked.last)
    return batch.first_serial + asked.first - 1, batch.first_serial + asked.last - 1


def print_boxes(typed: dict[str, str], wrongs: Sequence[Wrong], words: Words) -> list[Box]:
    """Return the boxes of what is printed."""
    filled = Filled(typed={"form": FORM_KEYS[0], "first": "1", **typed}, wrongs=wrongs)
    papers = [(key, words(f"work_label.paper_{key.replace('-', '_')}")) for key in FORM_KEYS]
    dates = ("production_date", "expiry_date")
    return [
        ask(
            name,
            words(f"work_label.{name}"),
            filled,
            hint=words(f"work_label.{name}_hint"),
            required=name in ("form", "first"),
            kind="date" if name in dates else "number" if name in ("first", "count") else "text",
            options=papers if name == "form" else (),
        )
        for name in PRINT
    ]
