"""Which function applies which statement of the register of the trade (`trace.appliers`)."""

from collections.abc import Mapping
from typing import Final

from trace.said import Applier
from trace.supervision import trade_register

SUPERVISION_APPLIERS: Final[Mapping[str, Applier]] = {
    trade_register.REGISTERED: trade_register.apply_registered,
    trade_register.LEFT: trade_register.apply_left,
}
"""By kind of statement."""
