"""Which function applies which statement of integrity (`trace.appliers`)."""

from collections.abc import Mapping
from typing import Final

from trace.integrity import complaints, credit, draws, inspections, scoring
from trace.said import Applier

INTEGRITY_APPLIERS: Final[Mapping[str, Applier]] = {
    scoring.KIND: scoring.apply_scored,
    inspections.KIND: inspections.apply_inspection,
    draws.ANNOUNCED: draws.apply_announced,
    draws.LISTED: draws.apply_listed,
    draws.DONE: draws.apply_done,
    credit.PUNISHED: credit.apply_punished,
    credit.ASKED: credit.apply_repair,
    credit.AGREED: credit.apply_repair,
    credit.REPAIRED: credit.apply_repair,
    complaints.FILED: complaints.apply_filed,
    complaints.ANSWERED: complaints.apply_answered,
    complaints.DECIDED: complaints.apply_decided,
}
"""By kind of statement."""
