"""Which function applies which kind of statement to the projections: what `daodi rebuild` replays by."""

from collections.abc import Mapping
from typing import Final

from trace.coding.code_appliers import CODE_APPLIERS
from trace.corrections.correction_applying import CORRECTION_APPLIERS
from trace.documents.document_appliers import DOCUMENT_APPLIERS
from trace.integrity.integrity_appliers import INTEGRITY_APPLIERS
from trace.lineages.standing import STANDING_APPLIERS
from trace.links.code_links import LINK_APPLIERS
from trace.recalls.recall_appliers import RECALL_APPLIERS
from trace.registers.register_appliers import REGISTER_APPLIERS
from trace.registrations import REGISTRATION_APPLIERS
from trace.replaying.stated_step import KIND as STEP
from trace.replaying.step_applying import apply_step
from trace.said import Applier
from trace.supervision.supervision_appliers import SUPERVISION_APPLIERS

APPLIERS: Final[Mapping[str, Applier]] = {
    STEP: apply_step,
    **DOCUMENT_APPLIERS,
    **CODE_APPLIERS,
    **CORRECTION_APPLIERS,
    **REGISTRATION_APPLIERS,
    **REGISTER_APPLIERS,
    **RECALL_APPLIERS,
    **LINK_APPLIERS,
    **STANDING_APPLIERS,
    **INTEGRITY_APPLIERS,
    **SUPERVISION_APPLIERS,
}
"""By kind of statement. A test proves that every kind the trace states is here."""
