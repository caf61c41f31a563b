"""The scans of one code, for who looks into a suspicion: when, in which city, by how many devices.

Devices and networks stand in the table as salted hashes; here each is only a number in order of appearance.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from trace.scanning.scan_tables import ScanRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScan:
    """One scan."""

    at_ms: int
    city: str | None
    """GB/T 2260 code; None where the network told no city."""
    device: int
    """1 for the first device seen in the list, 2 for the second: says which scans are of one phone."""


def scans_of_code(session: Session, serial: int, *, limit: int = 500) -> list[CodeScan]:
    """Return the newest scans of a code that are still kept, the oldest of them first."""
    newest = session.exec(
        select(ScanRow).where(ScanRow.serial == serial).order_by(col(ScanRow.at_ms).desc()).limit(limit)
    ).all()
    numbers: dict[tuple[str, str], int] = {}
    found = []
    for row in reversed(newest):
        number = numbers.setdefault((row.network, row.device), len(numbers) + 1)
        found.append(CodeScan(at_ms=row.at_ms, city=row.city, device=number))
    return found
