"""The rules of early warning, read from their text: what is watched, from which bounds, for whom."""

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from priceindex.warning.hysteresis import NEVER, Bounds, HysteresisRule, ladder

_TEXT: Final = Path(__file__).with_name("rules@1.toml")
Pair = tuple[Decimal, Decimal]
"""Enter at or above the first, leave at or below the second."""
Visible = Literal["public", "regulator"]
Subject = Literal["composite", "class", "herb", "cell", "source"]
"""What a rule looks at: nodes of the tree, one market's price of one grade, or one source."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LifeRule(_Section):
    """What holds for the warnings of every rule: budget, rest, staleness, escalation, gathering."""

    told_per_week: int
    """Warnings told anew in seven days, over all families; the others wait, a crisis for crises only."""
    cool_down_weeks: int
    """Weeks after an end in which the rule opens nothing for the subject; a crisis waits for none."""
    stale_periods: int
    """A node whose newest quote is older than so many periods opens its stale-price warning and no other."""
    unjudged_periods: int
    """Periods without a score, or weeks without anything to judge by, after which a warning ends."""
    escalate_hours: int
    """Hours after which an unacknowledged warning is marked, and told once more."""
    gather_share: Decimal
    """Share of a class's judged herbs in alert from which one warning of the class opens."""
    gather_leave: Decimal
    """Share below which, or at which, the class's warning ends."""
    gather_least: int
    """Herbs in alert without which none opens."""
    health_share: Decimal
    """What the bounds of a herb on the public-health list are multiplied by."""


class Rule(_Section):
    """One rule."""

    id: str
    zh: str
    en: str
    indicator: str
    unit: Literal["share", "score", "periods"]
    grid: Literal["week", "month"]
    levels: tuple[Subject, ...]
    visible: Visible
    direction: Literal["up", "down", "either"]
    watch: Pair | None = None
    alert: Pair | None = None
    crisis: Pair | None = None
    min_persist: int
    health: bool = False
    """Whether its bounds are lower for herbs on the public-health list."""
    steps: tuple[str, ...]
    """Keys of what to do next (`priceindex.warning.alerts.next_steps`)."""
    tuned_zh: str
    tuned_en: str
    """Where the bounds come from, with the measured figures."""
    certainty: Literal["seen", "recalled"]

    @model_validator(mode="after")
    def _has_a_state(self) -> "Rule":
        if self.watch is None and self.alert is None and self.crisis is None:
            raise ValueError(f"{self.id} has no bounds")
        return self

    def words(self, language: str) -> str:
        """Name the rule for people.

        >>> rule_book().rule("growth-up").words("en")
        'three-month rise'
        """
        return self.zh if language == "zh" else self.en

    def tuned_words(self, language: str) -> str:
        """Say where the bounds come from."""
        return self.tuned_zh if language == "zh" else self.tuned_en

    def hysteresis(self) -> HysteresisRule:
        """The bounds as the state machine takes them.

        The rest after an end is counted on what was opened, not on the scores (`alerts.planning`).
        """
        watch, alert, crisis = (_bounds(pair) for pair in (self.watch, self.alert, self.crisis))
        return ladder(watch=watch, alert=alert, crisis=crisis, min_persist=self.min_persist)


class _Text(_Section):
    id: str
    version: int
    life: LifeRule
    rule: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, and the digest by which a warning names them."""

    text: _Text
    sha256: str

    @property
    def name(self) -> str:
        """Name and version.

        >>> rule_book().name
        'rules@1'
        """
        return f"{self.text.id}@{self.text.version}"

    @property
    def life(self) -> LifeRule:
        """What holds for all."""
        return self.text.life

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the text."""
        return self.text.rule

    def rule(self, rule_id: str) -> Rule:
        """One rule that exists; raises KeyError for any other."""
        return {each.id: each for each in self.text.rule}[rule_id]

    def named(self, rule_id: str) -> Rule | None:
        """One rule; None for one that only an earlier text had."""
        return next((each for each in self.text.rule if each.id == rule_id), None)

    def words(self, rule_id: str, language: str) -> str:
        """Name a rule for people; one that only an earlier text had goes by its id.

        >>> rule_book().words("growth-up", "zh"), rule_book().words("rule-of-old", "zh")
        ('三个月涨幅', 'rule-of-old')
        """
        rule = self.named(rule_id)
        return rule_id if rule is None else rule.words(language)


STALE_RULE: Final = "stale-price"
"""The rule that takes the place of every other where a price is too old."""


@cache
def rule_book() -> RuleBook:
    """The rules in force."""
    return read_rules(_TEXT.read_bytes())


def read_rules(body: bytes) -> RuleBook:
    """Read a text of rules; raises pydantic's ValidationError for a malformed one."""
    text = _Text.model_validate(tomllib.loads(body.decode()))
    return RuleBook(text=text, sha256=hashlib.sha256(body).hexdigest())


def _bounds(pair: Pair | None) -> Bounds:
    return NEVER if pair is None else (float(pair[0]), float(pair[1]))
