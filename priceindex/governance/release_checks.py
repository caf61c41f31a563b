"""What a release must keep before it goes out: the compliance table, looked at for this computation."""

from sqlmodel import Session

from priceindex.engine.run import IndexRun
from priceindex.governance.compliance import compliance
from priceindex.governance.governance_errors import ChecksFailed
from priceindex.governance.outcome import CheckOutcome


def judge_release(session: Session, run: IndexRun, status: str, at_ms: int) -> tuple[CheckOutcome, ...]:
    """Run every automatic check for a release of standing `status` (`trial` or `official`), once each.

    A check stops the release when any requirement that names it says so.
    """
    found: dict[str, CheckOutcome] = {}
    for line in compliance(session, run.family, at_ms, run, status):
        outcome = line.outcome
        if outcome is not None and (outcome.code not in found or outcome.must):
            found[outcome.code] = outcome
    return tuple(found.values())


def require_release(session: Session, run: IndexRun, status: str, at_ms: int) -> tuple[CheckOutcome, ...]:
    """The same; raises `ChecksFailed` with all that stops the release."""
    outcomes = judge_release(session, run, status, at_ms)
    stopping = [each for each in outcomes if each.stops]
    if stopping:
        raise ChecksFailed(
            failed_zh="；".join(each.found_zh for each in stopping),
            failed_en="; ".join(each.found_en for each in stopping),
        )
    return outcomes
