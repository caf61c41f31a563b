"""What the notice of a recall shows the public: what, why, what to do, and how far it has come.

Pure: it gets the recall as it stands and the lots to name, and says nothing of who has the goods.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from api.web.formats import Formats
from api.web.words import Words
from trace.recalls.effectiveness import Effectiveness
from trace.recalls.hold_world import Role
from trace.recalls.recall_progress import Progress
from trace.recalls.recall_words import RecallClass, class_words
from trace.vocabulary import Form

MOST_SHOWN: Final = 200
"""Lots the page names; the list for holders has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLot:
    """One recalled lot."""

    lot: str
    herb: str
    form: str
    named: bool
    """Whether the recall was opened for it, rather than for what it was made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many holders were told of it, and how many said that they know."""

    notified: int
    acknowledged: int


def recall_parts(
    found: Progress, lots: Sequence[ShownLot], responsible: str, told: Told, words: Words
) -> dict[str, object]:
    """Return everything `recall.html` needs besides the frame."""
    language, recall = words.language, found.recall
    said = class_words(RecallClass(recall.recall_class))
    formats = Formats(language)
    return {
        "recall": recall,
        "reason": found.hold.reason,
        "tone": "none" if recall.state == "lifted" else "bad",
        "class_name": said.zh if language == "zh" else said.en,
        "class_meaning": said.meaning_zh if language == "zh" else said.meaning_en,
        "state": words(f"recall.state_{recall.state}"),
        "goods": "、".join(dict.fromkeys(goods(lot, words) for lot in lots)),
        "responsible": responsible,
        "opened_by": Role(found.hold.role).words(language),
        "opened": formats.moment(recall.opened_ms),
        "reached": found.effectiveness,
        "far": _far(found.effectiveness, words, formats),
        "notified": told.notified,
        "acknowledged": told.acknowledged,
        "report": orjson.loads(recall.outcome)["report"] if recall.outcome else "",
        "lots": [{"lot": lot.lot, "named": lot.named, "goods": goods(lot, words)} for lot in lots],
        "left_out": max(0, found.hold.lots - len(lots)),
        "statement": found.hold.statement_id,
    }


def goods(lot: ShownLot, words: Words) -> str:
    """Say what a lot is: herb and form."""
    return f"{lot.herb} {Form(lot.form).words(words.language)}"


def _far(reached: Effectiveness, words: Words, formats: Formats) -> str:
    if reached.per_mille is None:
        return words("recall.far_none")
    return words("recall.far", share=formats.share(reached.per_mille / 1000))
