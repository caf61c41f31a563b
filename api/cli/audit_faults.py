"""What an audit found, as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.audits.faults import AuditFault


def show_faults(screen: "Screen", faults: "Sequence[AuditFault]") -> None:
    """Print the first faults, and how many more there are."""
    from api.cli.screen import SHOWN_FAULTS

    shown = faults[:SHOWN_FAULTS]
    language = screen.language
    screen.table(
        ("head.entry", "head.fault", "head.remedy"),
        [(str(each.index), each.message(language), each.remedy(language)) for each in shown],
    )
    if len(faults) > SHOWN_FAULTS:
        screen.remark("fault.more", count=len(faults) - SHOWN_FAULTS)
