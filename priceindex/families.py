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
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.errors import Location
from priceindex.errors import MalformedFamily, UnknownFamily

ElementaryName = Literal["jevons", "dutot", "carli"]
WeightRule = Literal["declared_equal", "turnover"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Base(_Strict):
    rule: Literal["first_month", "days"]
    first: datetime.date | None = None
    last: datetime.date | None = None


class _Basket(_Strict):
    herbs: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    tiers: tuple[Literal["trade", "market", "web", "judgement"], ...]


class _Cells(_Strict):
    """How several quotes of one cell on one day become one price."""

    sources: Literal["best_tier_geometric_mean"]
    ranges: Literal["geometric_mid"]
    rounding: Literal["fen_half_even"]
    index_days: Literal["quoted"]


class _Weights(_Strict):
    rule: WeightRule
    unit: Literal["herb", "grade"] = "herb"
    reference: Literal["as_given"] = "as_given"


class _Chain(_Strict):
    link: Literal["monthly"]
    link_price: Literal["geometric_mean_of_month"]
    price_update: bool
    entry: Literal["next_link"]


class _Missing(_Strict):
    carry_days: int = Field(ge=0, le=366)
    imputation: Literal["parental"]
    imputed_links: int = Field(ge=0, le=12)
    suppress_imputed_over: str = Field(pattern=r"^(0\.\d{1,4}|1)$")


class _Digits(_Strict):
    shown: int = Field(ge=0, le=6)
    kept: int = Field(ge=4, le=10)
    rounding: Literal["half_even"]


class _Text(_Strict):
    """The family text as it stands in TOML."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    version: int = Field(ge=1)
    effective: datetime.date
    zh: str
    en: str
    scope_zh: str
    scope_en: str
    level: int = Field(gt=0)
    elementary: ElementaryName
    aggregation_order: Literal[-1, 0, 1]
    base: _Base
    basket: _Basket
    cells: _Cells
    weights: _Weights
    chain: _Chain
    missing: _Missing
    digits: _Digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One version of one index family: every parameter that changes a number."""

    id: str
    version: int
    effective: datetime.date
    """First index day that may be computed under this version."""
    zh: str
    en: str
    scope_zh: str
    """What the index covers, for people; a name must not promise more than that (Decree 22)."""
    scope_en: str
    level: int
    """Value of every node in the base period, in index points."""
    base_first: datetime.date | None
    """First and last day of the base period; None means the calendar month of the first quote."""
    base_last: datetime.date | None
    herbs: tuple[str, ...]
    """Herbs of the basket; empty means every herb quoted."""
    markets: tuple[str, ...]
    """Markets of the basket; empty means every market quoted."""
    tiers: tuple[str, ...]
    """Input tiers that may enter, best first."""
    elementary: ElementaryName
    aggregation_order: int
    """Order of the weighted mean above the grade: 1 arithmetic, 0 geometric, -1 harmonic."""
    weight_rule: WeightRule
    weight_unit: str
    """Under `declared_equal`: what gets one equal share, each herb or each grade."""
    price_update: bool
    """Whether weights follow prices from link to link, as a fixed basket's value shares do."""
    carry_days: int
    """How many days an unrenewed quote may stand in before the cell counts as missing."""
    imputed_links: int
    """Links a cell without a price may live on its grade's movement before it must be matched anew."""
    suppress_imputed_over: str
    """A value whose imputed share of weight is greater is not published; a decimal string."""
    digits_shown: int
    digits_kept: int
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

    def words(self, language: str) -> str:
        """Name the family for people."""
        return self.zh if language == "zh" else self.en


def read_family(text: bytes, name: str = "family.toml") -> Family:
    """Read one family text; raises `MalformedFamily` naming the parameter."""
    try:
        told = _Text.model_validate(tomllib.loads(text.decode("utf-8")))
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
    return _family(told, text)


def _family(told: _Text, text: bytes) -> Family:
    return Family(
        id=told.id,
        version=told.version,
        effective=told.effective,
        zh=told.zh,
        en=told.en,
        scope_zh=told.scope_zh,
        scope_en=told.scope_en,
        level=told.level,
        base_first=told.base.first if told.base.rule == "days" else None,
        base_last=told.base.last if told.base.rule == "days" else None,
        herbs=told.basket.herbs,
        markets=told.basket.markets,
        tiers=told.basket.tiers,
        elementary=told.elementary,
        aggregation_order=told.aggregation_order,
        weight_rule=told.weights.rule,
        weight_unit=told.weights.unit,
        price_update=told.chain.price_update,
        carry_days=told.missing.carry_days,
        imputed_links=told.missing.imputed_links,
        suppress_imputed_over=told.missing.suppress_imputed_over,
        digits_shown=told.digits.shown,
        digits_kept=told.digits.kept,
        text=text,
    )


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
    'bozhou@1'
    """
    versions = [known for known in all_families() if known.id == family_id]
    in_force = [known for known in versions if on is None or known.effective <= on]
    if not in_force:
        known = ", ".join(sorted({each.id for each in all_families()}))
        raise UnknownFamily(at=Location(field="family", value=family_id), family=family_id, known=known)
    return in_force[-1]
