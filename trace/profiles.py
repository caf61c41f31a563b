"""What each stage must say: its lots, its fields, and who may see them.

The fields are facts in `facts/profiles.csv`, each with the MOFCOM field, the information group of the
draft 中药材追溯信息技术规范 (16 groups), or the rule it comes from; which lots a stage takes and makes
stands in `trace.flows`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from ledger.errors import Language
from trace.facts import rows
from trace.flows import FLOWS, Flow
from trace.vocabulary import Stage

__all__ = ["FLOWS", "Choice", "Field", "Flow", "Kind", "Profile", "Visibility", "profile"]


class Kind(StrEnum):
    """What a field's value is."""

    TEXT = "text"
    INTEGER = "integer"
    GRAMS = "grams"
    AREA_MU = "area_mu"
    """亩, a decimal written as text: one is 1/15 hectare."""
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    PRICE = "price"
    """Whole fen per kilogram."""
    MONEY = "money"
    """Whole fen."""
    DECIMAL = "decimal"
    """A decimal written as text, in the unit of the field."""
    TIME = "time"
    """A moment with its offset (RFC 3339)."""
    POSITION = "position"
    """Latitude and longitude in degrees (WGS 84), decimals with a comma between: `33.8712,115.7789`."""
    DOCUMENT = "document"
    """A file kept beside the log, named by its hash: `sha256:` and 64 hexadecimal digits."""


class Visibility(StrEnum):
    """Who may see a field. Whatever is not public enters the ledger as a salted digest only."""

    PUBLIC = "public"
    PARTNER = "partner"
    REGULATOR = "regulator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the words a choice field may hold."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a stage."""

    name: str
    zh: str
    en: str
    kind: Kind
    unit: str
    required: bool
    visibility: Visibility
    source: str
    """Which published list asks for it."""
    meaning_zh: str = ""
    """What belongs there, where the label alone does not say it."""
    meaning_en: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def heading(self) -> str:
        """Return the heading of its column in the template, such as "粗加工方法 method"."""
        return f"{self.zh} {self.name}"

    def label(self, language: Language) -> str:
        """Return its label."""
        return self.zh if language == "zh" else self.en

    def meaning(self, language: Language) -> str:
        """Return what belongs there: its meaning, or its label where that says it all."""
        own = self.meaning_zh if language == "zh" else self.meaning_en
        return own or self.label(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything a step of one stage must carry."""

    stage: Stage
    flow: Flow
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(repr=False)


@cache
def profile(stage: Stage) -> Profile:
    """Return the profile of a stage.

    >>> [each.name for each in profile(Stage.PRIMARY_PROCESSING).fields if each.required]
    ['method']
    """
    fields = _fields().get(stage, ())
    return Profile(
        stage=stage, flow=FLOWS[stage], fields=fields, by_name={each.name: each for each in fields}
    )


@cache
def _fields() -> Mapping[Stage, tuple[Field, ...]]:
    found: dict[Stage, list[Field]] = {}
    for row in rows("profiles"):
        found.setdefault(Stage(row["stage"]), []).append(_field(row))
    return {stage: tuple(fields) for stage, fields in found.items()}


def _field(row: Mapping[str, str]) -> Field:
    choices = (words.split("=") for words in row["choices"].split("|") if words)
    return Field(
        name=row["name"],
        zh=row["zh"],
        en=row["en"],
        kind=Kind(row["kind"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        visibility=Visibility(row["visibility"]),
        source=row["source"],
        meaning_zh=row["meaning_zh"],
        meaning_en=row["meaning_en"],
        choices=tuple(Choice(key=key, zh=zh, en=en) for key, zh, en in choices),
    )
