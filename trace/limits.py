"""Quality limits: what a test may find in a herb, under which regime, and how sure we are of the limit.

The same herb has other limits as a drug (pharmacopoeia) than as food (食药物质公告): a limit without
its regime is worthless. A limit marked `recalled` was not read in its source and must be shown so.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from ledger.errors import Language
from trace.facts import rows
from trace.herbs import Herb, Kind
from trace.vocabulary import Form

Regime = Literal["drug", "food"]
Operator = Literal["<=", ">="]
Confidence = Literal["source", "recalled"]
Scope = Literal["herb", "all_but_minerals", "plants", "slices", "aflatoxin_list"]
Verdict = Literal["within", "over", "below", "undecided"]

_ANY_MEASURAND: Final = ("残留量", "残留", "含量", "residues", "residue", "content")
"""Words that laboratories put behind the name of any measurand, and leave out."""
_GENERAL: Final[dict[Scope, int]] = {"all_but_minerals": 0, "plants": 1, "slices": 2, "herb": 3}
"""Scopes that a herb can be matched to, the more special one counting more (除另有规定外)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurand:
    """What a test measures 检测项目, such as the sulphur dioxide residue."""

    key: str
    zh: str
    en: str
    printed_as: str
    """Another spelling that limits and reports use; empty when there is none."""

    def words(self, language: Language) -> str:
        """Name it in `language`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit from the fact table."""

    scope: Scope
    herb: str | None
    """The herb a limit of scope `herb` is for."""
    measurand: Measurand
    operator: Operator
    value: Decimal | None
    """None stands for the quantification limit of the test method (定量限)."""
    unit: str
    """As printed: mg/kg, ug/kg, % or empty."""
    regime: Regime
    printed_scope: str
    basis: str
    """The rule or notice that sets it."""
    confidence: Confidence
    source: str
    """Where it was read; empty for recalled ones."""
    valid_from: date | None = None
    """First day on which it holds, where that is known."""
    valid_until: date | None = None
    """Last day on which it holds; None for one still in force."""

    def in_force(self, day: date | None) -> bool:
        """Say whether it holds on `day`; without a day, whether it holds still."""
        if day is None:
            return self.valid_until is None
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def words(self, language: Language) -> str:
        """Say the limit in one phrase.

        >>> str(next(found for found in all_limits() if found.herb == "白芍").words("zh"))
        '二氧化硫残留量 ≤ 400 mg/kg'
        """
        sign = "≤" if self.operator == "<=" else "≥"
        quantification = "定量限" if language == "zh" else "quantification limit"
        value = quantification if self.value is None else f"{self.value}"
        return f"{self.measurand.words(language)} {sign} {value} {self.unit}".rstrip()


@cache
def all_measurands() -> tuple[Measurand, ...]:
    """Return every measurand the limits know."""
    return tuple(Measurand(**row) for row in rows("measurands"))


def measurand_named(text: str) -> Measurand | None:
    """Find a measurand by key, Chinese or English name; None when it is none of ours.

    >>> measurand_named("二氧化硫") is measurand_named("sulphur_dioxide")
    True
    """
    return _measurands_by_core().get(_core(text))


def _core(text: str) -> str:
    """What a name comes to without spaces, brackets and words every measurand may have.

    >>> _core("二氧化硫（残留量）"), _core("铅 含量")
    ('二氧化硫', '铅')
    """
    letters = "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())
    for word in _ANY_MEASURAND:
        letters = letters.removesuffix(word)
    return letters


@cache
def _measurands_by_core() -> dict[str, Measurand]:
    named = (
        (name, known)
        for known in all_measurands()
        for name in (known.key, known.zh, known.en, known.printed_as)
    )
    return {_core(name): known for name, known in named if name}


@cache
def all_limits() -> tuple[Limit, ...]:
    """Return every limit, in the order of the fact table."""
    measurands = {known.key: known for known in all_measurands()}
    return tuple(_typed(row, measurands) for row in rows("limits"))


@cache
def former_limits() -> tuple[Limit, ...]:
    """Return the limits that hold no longer: they judge what was tested while they did."""
    measurands = {known.key: known for known in all_measurands()}
    return tuple(_typed(row, measurands) for row in rows("former_limits"))


def limits_for(
    herb: Herb, regime: Regime, form: Form = Form.HERB, day: date | None = None
) -> tuple[Limit, ...]:
    """Return the limits that hold for `herb` in this form and regime on `day`, one for each measurand.

    Without a day they are those in force still.

    A limit of the herb's own monograph stands before a general one. General limits exist for drugs
    only; those for slices need `form=Form.SLICE`, those for plants are not applied to fungi, and the
    aflatoxin limits are never applied, for no source here lists the herbs they are for.
    """
    chosen: dict[str, Limit] = {}
    matching = (limit for limit in _matching(herb, regime, form) if limit.in_force(day))
    for limit in sorted(matching, key=lambda found: _GENERAL[found.scope]):
        chosen[limit.measurand.key] = limit
    return tuple(chosen.values())


def judge(result: Decimal, limit: Limit) -> Verdict:
    """Judge a test result given in the unit of `limit`.

    `over` and `below` are failures of a maximum and a minimum; `undecided` when the limit is the
    quantification limit of a method we do not know and something was found.

    >>> from trace.herbs import herb
    >>> sulphur = limits_for(herb("当归"), "drug")[0]
    >>> judge(Decimal(150), sulphur), judge(Decimal("150.1"), sulphur)
    ('within', 'over')
    """
    if limit.value is None:
        return "within" if result == 0 else "undecided"
    if limit.operator == "<=":
        return "within" if result <= limit.value else "over"
    return "within" if result >= limit.value else "below"


def _matching(herb: Herb, regime: Regime, form: Form) -> Iterator[Limit]:
    applies: dict[Scope, bool] = {
        "all_but_minerals": herb.kind is not Kind.MINERAL,
        "plants": herb.kind is Kind.PLANT,
        "slices": form is Form.SLICE,
        "aflatoxin_list": False,
    }
    for limit in (*former_limits(), *all_limits()):
        fits = limit.herb == herb.name_zh if limit.scope == "herb" else applies[limit.scope]
        if fits and limit.regime == regime:
            yield limit


_SCOPES: Final[dict[str, Scope]] = {
    "herb": "herb",
    "all_but_minerals": "all_but_minerals",
    "plants": "plants",
    "slices": "slices",
    "aflatoxin_list": "aflatoxin_list",
}


def _typed(row: dict[str, str], measurands: dict[str, Measurand]) -> Limit:
    return Limit(
        scope=_SCOPES[row["scope"]],
        herb=row["herb"] or None,
        measurand=measurands[row["measurand"]],
        operator="<=" if row["operator"] == "<=" else ">=",
        value=None if row["value"] == "LOQ" else Decimal(row["value"]),
        unit=row["unit"],
        regime="food" if row["regime"] == "food" else "drug",
        printed_scope=row["printed_scope"],
        basis=row["basis"],
        confidence="source" if row["confidence"] == "source" else "recalled",
        source=row["source"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
    )
