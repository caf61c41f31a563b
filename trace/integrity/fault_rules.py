"""Which rules weigh on which component of the score: read from the rulebook, so new rules count too."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from trace.findings import Severity
from trace.rulebook import rulebook

LATE: Final = frozenset({"late.recorded"})
MISSING: Final = frozenset({"completeness.missing_stage"})
_LICENCE: Final = "licence."
_OWN_COMPONENT: Final = ("late.", "completeness.", "correction.", _LICENCE)
"""Counted by a component of their own."""
_HONEST: Final = frozenset(
    {
        "quality.over_limit",
        "quality.failed_test",
        "quality.failed_since",
        "quality.result_withdrawn",
        "scan.copied",
        "balance.promised",
    }
)
"""To record a failed test is honest, a copied label is somebody else's deed, and which of two sides is wrong
about a purchase nobody can tell: none of them costs anything; a
result taken back costs what any correction does.
Goods that failed count as not passed; to sell them is a fault of its own."""


@cache
def fault_rules() -> frozenset[str]:
    """Return the rules whose findings make goods unsound: all that flag but those counted elsewhere."""
    return frozenset(
        code
        for code, rule in rulebook().items()
        if rule.severity is Severity.FLAG and code not in _HONEST and not code.startswith(_OWN_COMPONENT)
    )


def rules_by_taint() -> Mapping[str, frozenset[str]]:
    """Return the rules that taint goods, by the component they weigh on."""
    return {"timeliness": LATE, "completeness": MISSING, "soundness": fault_rules()}


@cache
def licence_rules() -> frozenset[str]:
    """Return the rules that a lapsed or missing licence breaks."""
    return frozenset(code for code in rulebook() if code.startswith(_LICENCE))
