"""What may be said of a code: never more than the record can bear out.

`matches` says that the code was issued here, is in use, and that nothing on record speaks against it.
It does not say that the pack in your hand is the one it was printed for.
"""

from collections.abc import Sequence
from typing import Final

from trace.coding.code_reading import CodeState
from trace.coding.code_words import UNUSED, CodeStatus
from trace.findings import Finding
from trace.lots import LotState
from trace.rulebook import broken
from trace.scanning.scans import ScanState
from trace.story_parts import Verdict
from trace.tables import StepRow
from trace.vocabulary import Stage

_NEVER_USED: Final = UNUSED | {CodeStatus.SPOILED}
_ENDED: Final = frozenset({CodeStatus.RETIRED, CodeStatus.DESTROYED})


def verdict(code: CodeState, *, frozen: bool, scans: ScanState, doubts: Sequence[Finding]) -> Verdict:
    """Judge a code by what is on record: frozen first, then unused, then doubts, then a match."""
    if frozen or code.frozen:
        return Verdict.FROZEN
    if code.status in _NEVER_USED:
        return Verdict.NOT_ACTIVATED
    if code.status in _ENDED:
        return Verdict.DOUBTFUL
    if doubts or scans.copied:
        return Verdict.DOUBTFUL
    return Verdict.MATCHES


def ended(code: CodeState) -> Finding | None:
    """Return the finding that nothing can be on sale under this code, if its life is over."""
    if code.status not in _ENDED | {CodeStatus.SPOILED}:
        return None
    return broken(f"code.{code.status.value}", None)


def destroyed_with_lot(code: CodeState, lot: LotState, steps: Sequence[StepRow]) -> Finding | None:
    """Return the finding that a pack was destroyed with all of its lot, if `steps` of the lot say so.

    Destroying a lot by its mass names no code. While packs are left of it nobody knows which are gone; where
    none is left, every pack that was never moved by its own code is.
    """
    with_it = code.status is CodeStatus.ACTIVATED and code.run.holder is None and not lot.packed_grams
    if not with_it or not any(row.stage == Stage.DESTROY and row.voided_by is None for row in steps):
        return None
    return broken("code.lot_destroyed", lot.lot)


def copied(scans: ScanState) -> Finding | None:
    """Return the finding that a label looks copied, if it does."""
    if not scans.copied:
        return None
    return broken("scan.copied", None, cities=scans.cities, devices=scans.devices)
