"""The compliance table of one family: every requirement beside what its check finds now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from priceindex.engine.run import IndexRun
from priceindex.families import Family
from priceindex.governance.checks import declared, inputs, kept, named, scheme, yearly
from priceindex.governance.checks.judged import Check, Judged
from priceindex.governance.outcome import CheckOutcome
from priceindex.governance.requirements import Requirement, requirements

CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        named.scope_stated,
        named.name_within_coverage,
        declared.independence_declared,
        declared.review_declared,
        declared.audit_declared,
        declared.no_open_conflict,
        declared.submitters_registered,
        scheme.scheme_complete,
        scheme.tiers_stated,
        scheme.two_persons,
        inputs.enough_inputs,
        inputs.disclosure_complete,
        kept.archive_complete,
        kept.corrections_noticed,
        kept.verifier_is_not_submitter,
        kept.standing_stated,
        yearly.trial_length,
        yearly.assessed_in_time,
        yearly.complaints_answered,
    )
}
"""Check by the name `compliance.toml` gives it; a test proves the two complete."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement, and what its check found; no outcome where none is automatic or possible now."""

    requirement: Requirement
    outcome: CheckOutcome | None


def compliance(
    session: Session, family: Family, at_ms: int, run: IndexRun | None = None, standing: str = "trial"
) -> list[Line]:
    """Check everything that can be checked automatically, for a release of `standing` if one is at hand.

    Checks that look at a computation have no outcome without a `run`.
    """
    judged = Judged(family=family, at_ms=at_ms, run=run)
    return [Line(each, _outcome(session, each, judged, standing)) for each in requirements()]


def _outcome(
    session: Session, requirement: Requirement, judged: Judged, standing: str
) -> CheckOutcome | None:
    if not requirement.check or (requirement.check in inputs.OF_A_RUN and judged.run is None):
        return None
    found = CHECKS[requirement.check](session, judged)
    return CheckOutcome(
        code=requirement.check,
        passed=found.passed,
        must=standing in requirement.must,
        found_zh=found.zh,
        found_en=found.en,
    )
