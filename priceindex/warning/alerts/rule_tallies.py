"""How each rule did: how many of its warnings people closed, for which reason, and so its precision.

Precision is the share closed as true among those closed as true or as something the rule should not warn of
(a wrong price, a season). Policy and other reasons say nothing about the rule and do not count; nor does a
warning that ended by itself without anybody's word.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, select

from priceindex.warning.alerts.happenings import SINGLE, Reason, Warned
from priceindex.warning.alerts.warning_store import stand
from priceindex.warning.alerts.warning_tables import WarningRow
from priceindex.warning.rule_text import Rule, RuleBook

_FALSE: Final = (Reason.PRICE_ERROR, Reason.SEASONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """One rule with what became of its warnings."""

    rule: Rule
    opened: int
    """Warnings that people were told of, a class's as one."""
    open: int
    waiting: int
    ended: int
    """Ended by themselves, without anybody's word."""
    reasons: Mapping[Reason, int]
    """How many people closed for each reason."""

    @property
    def judged(self) -> int:
        """N of the precision: closed as true or as false."""
        return self.reasons.get(Reason.TRUE, 0) + sum(self.reasons.get(each, 0) for each in _FALSE)

    @property
    def precision_bp(self) -> int | None:
        """Share of those that were true, in basis points; None where nobody judged any."""
        return None if not self.judged else 10_000 * self.reasons.get(Reason.TRUE, 0) // self.judged


def tallies(session: Session, book: RuleBook, *, regulator: bool) -> list[RuleTally]:
    """Every rule a reader may see, with its record, in the order of the rules."""
    rows = session.exec(select(WarningRow)).all()
    of_rule: dict[str, list[Warned]] = {}
    for one in stand(session, rows):
        of_rule.setdefault(one.key.rule, []).append(one)
    return [
        _tally(rule, of_rule.get(rule.id, [])) for rule in book.rules if regulator or rule.visible == "public"
    ]


def _tally(rule: Rule, warned: list[Warned]) -> RuleTally:
    told = [one for one in warned if one.told_ms is not None]
    alone = [one for one in told if one.key.form != SINGLE or one.gathered_into is None]
    return RuleTally(
        rule=rule,
        opened=len(alone),
        open=sum(one.open for one in alone),
        waiting=sum(one.waiting for one in warned),
        ended=sum(not one.open and one.reason is None for one in alone),
        reasons=Counter(one.reason for one in told if one.reason is not None),
    )
