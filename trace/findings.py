"""A finding: which rule a step broke, on which lot, in words people read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ledger.errors import Language


class Severity(StrEnum):
    """What a broken rule does to the step."""

    REFUSE = "refuse"
    """Nothing is recorded."""
    FLAG = "flag"
    """The step is recorded and the finding with it: hiding what happened helps nobody."""
    NOTE = "note"
    """The step is recorded with a remark that is nobody's fault, such as an origin no list names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing a step must not do."""

    code: str
    severity: Severity
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    source: str
    """Where the rule comes from: a clause, the national system, or plain logic."""
    doubtful: bool = False
    """Whether a pack whose lots carry this finding is shown as doubtful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule broken by a step."""

    rule: Rule
    lot: str | None
    parts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def refuses(self) -> bool:
        """Whether the step must not be recorded."""
        return self.rule.severity is Severity.REFUSE

    def message(self, language: Language) -> str:
        """Say what is wrong."""
        return (self.rule.zh if language == "zh" else self.rule.en).format(lot=self.lot, **self.parts)

    def remedy(self, language: Language) -> str:
        """Say what to do about it."""
        template = self.rule.remedy_zh if language == "zh" else self.rule.remedy_en
        return template.format(lot=self.lot, **self.parts)
