"""A step judged: what is flagged comes back, what is refused is raised."""

from ledger.errors import DaodiError, Location, ManyFaults
from trace.errors import RuleRefused
from trace.findings import Finding
from trace.rules import judge
from trace.steps import Step
from trace.world import Before


def judge_or_refuse(step: Step, world: Before) -> list[Finding]:
    """Return what is flagged; raises `RuleRefused`, or `ManyFaults` of several."""
    found = judge(step, world)
    refused: list[DaodiError] = [_refusal(step, finding) for finding in found if finding.refuses]
    if refused:
        raise refused[0] if len(refused) == 1 else ManyFaults(refused)
    return found


def _refusal(step: Step, finding: Finding) -> RuleRefused:
    where = next(
        (
            name
            for name, amounts in (("inputs", step.inputs), ("lots", step.lots), ("outputs", step.outputs))
            if finding.lot in [amount.lot for amount in amounts]
        ),
        "time" if finding.rule.code.startswith("order.time") else None,
    )
    return RuleRefused(
        rule=finding.rule.code,
        zh=finding.message("zh"),
        en=finding.message("en"),
        remedy_zh=finding.remedy("zh"),
        remedy_en=finding.remedy("en"),
        at=Location(field=where, value=finding.lot),
    )
