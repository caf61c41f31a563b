"""What on the way of a pack makes it doubtful, beyond what the code itself says."""

from sqlmodel import Session

from trace.bad_results import failed_sources
from trace.findings import Finding
from trace.lots import Quality
from trace.rulebook import broken
from trace.stored_findings import finding_of
from trace.story_reading import Way


def doubts(session: Session, found: Way) -> list[Finding]:
    """Return findings whose rule says so, lots that were never made, and tests that failed since."""
    return [*_flagged(found), *_unmade(found), *_failed_since(session, found)]


def _flagged(found: Way) -> list[Finding]:
    return [
        each
        for row in found.steps
        for each in map(finding_of, found.findings.get(row.step_id, ()))
        if each.rule.doubtful and row.voided_by is None
    ]


def _unmade(found: Way) -> list[Finding]:
    """Lots of which every step that made them was declared wrong, and nothing stands in its place."""
    makers: dict[str, list[bool]] = {}
    for row in found.steps:
        for link in found.links.get(row.step_id, ()):
            if link.role == "made" and link.lot in found.lots:
                makers.setdefault(link.lot, []).append(row.voided_by is None)
    return [broken("correction.unmade", lot) for lot, stand in makers.items() if not any(stand)]


def _failed_since(session: Session, found: Way) -> list[Finding]:
    """The lot itself, or what it was made of: failed, and nothing that was measured later answers it."""
    own = found.lots[found.lot]
    if own.quality is Quality.FAILED:
        return [broken("quality.failed_since", own.lot)]
    if not any(lot.quality is Quality.FAILED for lot in found.lots.values()):
        return []
    failed = failed_sources(session, {own.lot: own}, found.edges)
    return [broken("quality.failed_since", source) for source in failed.values()]
