"""Test results held against the limits that are known for a herb, in its form and regime."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ledger.errors import Language
from trace.herbs import herb_or_none
from trace.limits import Limit, Regime, judge, limits_for, measurand_named
from trace.steps import Measured
from trace.vocabulary import Form

_SAME_UNITS: Final = {"ppm": "mg/kg", "ug/g": "mg/kg", "ng/mg": "mg/kg", "ppb": "ug/kg", "ng/g": "ug/kg"}
"""Other writings of the units limits are printed in, of the same size."""
_OWN_STANDARDS: Final = frozenset({Form.EXCIPIENT, Form.GRANULE, Form.MEDICINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One result of a test with the limit it was held against."""

    measured: Measured
    limit: Limit | None
    """None when no limit of that measurand and unit is known to us for this herb."""
    within: bool | None
    """None without a limit, and where the limit is the quantification limit of an unknown method."""
    other_unit: str | None = None
    """The unit of the limit there is, where the result is in one that cannot be held against it."""

    def measurand(self, language: Language) -> str:
        """Name what was measured, in our words where we know it, else as the laboratory wrote it."""
        known = measurand_named(self.measured.measurand)
        return known.words(language) if known else self.measured.measurand

    def limit_words(self) -> str | None:
        """Say the limit alone, such as "≤ 150 mg/kg"; LOQ is the quantification limit of the method."""
        if self.limit is None:
            return None
        sign = "≤" if self.limit.operator == "<=" else "≥"
        value = "LOQ" if self.limit.value is None else str(self.limit.value)
        return f"{sign} {value} {self.limit.unit}".rstrip()


def judge_results(
    results: Iterable[Measured], herb_name: str, form: Form, regime: Regime, day: date | None = None
) -> tuple[Judged, ...]:
    """Hold each result against the limit of `herb_name` in `form`, if there is one in the same unit.

    The limit is that in force on `day`, without a day the newest. The limits known to us are those of herbs
    and slices: excipients, granules and medicines have none.
    """
    known = None if form in _OWN_STANDARDS else herb_or_none(herb_name)
    found = limits_for(known, regime, form, day) if known else ()
    limits = {limit.measurand.key: limit for limit in found}
    return tuple(_judged(result, limits) for result in results)


def regime_of(fields: object) -> Regime:
    """Read the regime a test was made under; a drug unless it says food."""
    return "food" if fields == "food" else "drug"


def _judged(result: Measured, limits: dict[str, Limit]) -> Judged:
    known = measurand_named(result.measurand)
    limit = limits.get(known.key) if known else None
    if limit is None:
        return Judged(measured=result, limit=None, within=None)
    if _unit(limit.unit) != _unit(result.unit):
        return Judged(measured=result, limit=None, within=None, other_unit=limit.unit)
    verdict = judge(Decimal(result.value), limit)
    return Judged(
        measured=result, limit=limit, within={"within": True, "undecided": None}.get(verdict, False)
    )


def _unit(text: str) -> str:
    """One spelling for one unit: µ, μ and u; full-width letters; parts of a million and of a billion."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("μ", "u").replace(" ", "")
    return _SAME_UNITS.get(plain, plain)
