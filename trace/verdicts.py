"""What may be said of a code: never more than the record can bear out.

`matches` says that the code was issued here, is in use, and that nothing on record speaks against it.
It does not say that the pack in your hand is the one it was printed for.
"""

from collections.abc import Sequence

from trace.findings import Finding
from trace.rulebook import broken
from trace.scans import ScanState
from trace.story_parts import Verdict
from trace.tables import CodeRow


def verdict(code: CodeRow, *, frozen: bool, scans: ScanState, doubts: Sequence[Finding]) -> Verdict:
    """Judge a code by what is on record: frozen first, then unused, then doubts, then a match."""
    if frozen or code.frozen:
        return Verdict.FROZEN
    if code.status != "activated":
        return Verdict.NOT_ACTIVATED
    if doubts or scans.copied:
        return Verdict.DOUBTFUL
    return Verdict.MATCHES


def copied(scans: ScanState) -> Finding | None:
    """Return the finding that a label looks copied, if it does."""
    if not scans.copied:
        return None
    return broken("scan.copied", None, cities=scans.cities, devices=scans.devices)
