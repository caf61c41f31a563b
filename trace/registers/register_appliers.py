"""Which function applies which statement of the registers."""

from collections.abc import Mapping
from typing import Final

from trace.registers.changes import apply_party_change, apply_place_change
from trace.registers.gate_settings import apply_gate
from trace.registers.licences import apply_licence, apply_withdrawal
from trace.registers.outlines import apply_outline
from trace.registers.staff import apply_end, apply_staff
from trace.registers.standing import apply_resumption, apply_standing
from trace.registers.transfers import apply_business
from trace.said import Applier

REGISTER_APPLIERS: Final[Mapping[str, Applier]] = {
    "party.changed": apply_party_change,
    "party.licensed": apply_licence,
    "party.licence_withdrawn": apply_withdrawal,
    "party.staffed": apply_staff,
    "party.staff_left": apply_end,
    "party.suspended": apply_standing,
    "party.resumed": apply_resumption,
    "party.closed": apply_standing,
    "party.transferred": apply_business,
    "place.changed": apply_place_change,
    "place.transferred": apply_place_change,
    "place.outlined": apply_outline,
    "place.suspended": apply_standing,
    "place.resumed": apply_resumption,
    "place.closed": apply_standing,
    "gate.set": apply_gate,
}
"""By kind of statement."""
