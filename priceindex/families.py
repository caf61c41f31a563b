"""Families of indices 指数系列: each a dated, versioned text in `methods/`, hashed into every release.

The text is the method: whoever changes a parameter that changes a number writes a new version with
the day it takes effect, and the releases made under the old one stay verifiable.
"""

import datetime
import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from ledger.errors import Location
from priceindex import family_text as texts
from priceindex.errors import MalformedFamily, UnknownFamily

_MARKS: Final = {"zh": ("试编", "自编"), "en": ("(trial compilation)", "(own compilation)")}
"""What a name says of a trial, and what it says once it is over.

Without either it could be the name of another body's index (`governance.naming_rule.OFFICIAL_INDICES`).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One version of one index family: every parameter that changes a number, section by section."""

    id: str
    version: int
    effective: datetime.date
    """First index day that may be computed under this version."""
    zh: str
    en: str
    scope_zh: str
    """What the index covers, for people; a name must not promise more than that (Decree 22)."""
    scope_en: str
    kind: str
    """`composite`, or what the family is about: one herb, market, origin or theme."""
    classification: str
    level: int
    """Value of every node in the base period, in index points."""
    elementary: texts.ElementaryName
    aggregation_order: int
    """Order of the weighted mean above the grade: 1 arithmetic, 0 geometric, -1 harmonic."""
    base: texts.Base
    basket: texts.Basket
    selection: texts.Selection
    cells: texts.Cells
    trades: texts.Trades
    weights: texts.Weights
    chain: texts.Chain
    values: texts.Values
    cuts: tuple[texts.CutName, ...]
    missing: texts.Missing
    outliers: texts.Outliers
    seasonal: texts.Seasonal
    minimum: texts.Minimum
    publication: texts.Publication
    digits: texts.Digits
    text: bytes
    """The TOML the family was read from; its digest goes into every release."""

    @property
    def method_id(self) -> str:
        """Name and version, such as `bozhou@1`."""
        return f"{self.id}@{self.version}"

    @property
    def method_sha256(self) -> str:
        """Digest of the family text, hex."""
        return hashlib.sha256(self.text).hexdigest()

    def words(self, language: str, *, official: bool = False) -> str:
        """Name the family for people; the name in its text is that of its trial.

        >>> family("bozhou").words("zh"), family("bozhou").words("zh", official=True)
        ('亳州中药材试编价格指数', '亳州中药材自编价格指数')
        """
        name = self.zh if language == "zh" else self.en
        return name.replace(*_MARKS["zh" if language == "zh" else "en"]) if official else name


def read_family(text: bytes, name: str = "family.toml") -> Family:
    """Read one family text; raises `MalformedFamily` naming the parameter."""
    try:
        told = texts.FamilyText.model_validate(tomllib.loads(text.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MalformedFamily(at=Location(file=name), fault=str(fault)) from fault
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        field = "/".join(map(str, first["loc"]))
        raise MalformedFamily(
            at=Location(file=name, field=field), fault=f"{field}: {first['msg']}"
        ) from fault
    if told.base.rule == "days" and not (told.base.first and told.base.last):
        raise MalformedFamily(at=Location(file=name, field="base"), fault="base: first and last are missing")
    if told.trades.enter != ("trade" in told.basket.tiers):
        why = "trades.enter and basket.tiers contradict each other on the tier trade"
        raise MalformedFamily(at=Location(file=name, field="trades/enter"), fault=why)
    parts = {name: getattr(told, name) for name in texts.FamilyText.model_fields}
    return Family(**parts, text=text)


@cache
def all_families() -> tuple[Family, ...]:
    """Every family version this package carries, by id and then version."""
    folder = files("priceindex") / "methods"
    texts = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    read = (read_family(entry.read_bytes(), entry.name) for entry in texts)
    return tuple(sorted(read, key=lambda family: (family.id, family.version)))


def family(family_id: str, on: datetime.date | None = None) -> Family:
    """Return the version of a family in force on a day; without `on`, the newest.

    Raises `UnknownFamily` with the ids that exist.

    >>> family("bozhou").method_id
    'bozhou@2'
    """
    versions = [known for known in all_families() if known.id == family_id]
    in_force = [known for known in versions if on is None or known.effective <= on]
    if not in_force:
        known = ", ".join(sorted({each.id for each in all_families()}))
        raise UnknownFamily(at=Location(field="family", value=family_id), family=family_id, known=known)
    return in_force[-1]


def family_version(method_id: str) -> Family:
    """Return one version by its name, such as `bozhou@1`; raises `UnknownFamily`.

    >>> family_version("bozhou@1").version
    1
    """
    for known in all_families():
        if known.method_id == method_id:
            return known
    names = ", ".join(each.method_id for each in all_families())
    raise UnknownFamily(at=Location(field="family", value=method_id), family=method_id, known=names)
