"""What a family's text may say: every section and parameter, checked, with the values an older text implies.

A section that came later is optional, and its default says what the texts before it did: so a release
made under an old text stays verifiable by the same engine.
"""

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ElementaryName = Literal["jevons", "dutot", "carli", "harmonic", "cswd", "bmw"]
WeightRule = Literal["declared_equal", "turnover", "entered"]
TierName = Literal["trade", "market", "web", "judgement"]
CutName = Literal["market", "origin", "theme"]
FrequencyName = Literal["day", "week", "month"]
OutlierRuleName = Literal[
    "none",
    "quartile",
    "resistant_fences",
    "kimber",
    "robust_z",
    "tukey",
    "fixed_bounds",
    "hidiroglou_berthelot",
]
_SHARE = r"^(0(\.\d{1,4})?|1)$"
_NUMBER = r"^\d{1,4}(\.\d{1,4})?$"


class Section(BaseModel):
    """A part of a text: unknown parameters are refused, and nothing is changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Base(Section):
    """The base period: the calendar month of the first quote, or named days."""

    rule: Literal["first_month", "days"]
    first: datetime.date | None = None
    last: datetime.date | None = None


class Basket(Section):
    """Which quotes belong: an empty list means all of them."""

    herbs: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    theme: str = ""
    """Only herbs of this theme, such as `food_medicine` 药食同源; empty for all."""
    tiers: tuple[TierName, ...]


class Selection(Section):
    """Which herbs of the basket are in, by rule, as of each yearly review; `all` for every one."""

    rule: Literal["all", "share_of_turnover", "share_of_quotes"] = "all"
    share: str = Field(default="1", pattern=_SHARE)
    """The herbs that make up this share, largest first (康美: varieties above 85 % of use)."""
    reviewed: Literal["once", "yearly"] = "once"


class Cells(Section):
    """How several quotes of one cell on one day become one price."""

    sources: Literal["best_tier_geometric_mean", "best_tier_weighted_geometric_mean"]
    source_cap: str = Field(default="1", pattern=_SHARE)
    """Under the weighted mean: the largest share one source may have where several quote."""
    ranges: Literal["geometric_mid"]
    rounding: Literal["fen_half_even"]
    index_days: Literal["quoted"]


class Weights(Section):
    """Where weights come from, when they are renewed, and how large one may be."""

    rule: WeightRule
    unit: Literal["herb", "grade"] = "herb"
    """Under `declared_equal`: what gets one equal share."""
    reference: Literal["as_given", "price_updated"] = "as_given"
    """`price_updated`: a set of another year is moved to the prices of the link (Lowe)."""
    renewed: Literal["never", "yearly"] = "never"
    month: int = Field(default=12, ge=1, le=12)
    """The month at whose end a renewed set is linked in."""
    herb_cap: str = Field(default="1", pattern=_SHARE)
    class_cap: str = Field(default="1", pattern=_SHARE)


class Chain(Section):
    """How the fixed baskets of one month each are linked."""

    link: Literal["monthly"]
    link_price: Literal["geometric_mean_of_month"]
    price_update: bool
    entry: Literal["next_link"]
    leaves_after_months: int = Field(default=0, ge=0, le=36)
    """A grade without any quote for so many months leaves at the link; 0: never."""


class Values(Section):
    """At which frequencies values are published, and by which rule between the links."""

    frequencies: tuple[FrequencyName, ...] = ("day",)
    week: Literal["geometric_mean_of_week"] = "geometric_mean_of_week"
    """ISO weeks; a week belongs to the month of its Thursday (ISO 8601)."""
    month: Literal["link_value"] = "link_value"


class Missing(Section):
    """What stands in for a price that is not there, and how much of it may."""

    carry_days: int = Field(ge=0, le=366)
    imputation: Literal["parental", "class_mean", "carry_forward"]
    imputed_links: int = Field(ge=0, le=12)
    suppress_imputed_over: str = Field(pattern=_SHARE)


class Outliers(Section):
    """Which relatives are looked at again before they count, and what becomes of them."""

    rule: OutlierRuleName = "none"
    cut_off: str = Field(default="4", pattern=_NUMBER)
    floor: str = Field(default="0.05", pattern=_NUMBER)
    """The quartile method's a: keeps the fences open where most prices do not move."""
    exponent: str = Field(default="0", pattern=_NUMBER)
    """Hidiroglou-Berthelot's u, 0..1."""
    effect: Literal["told", "left_out"] = "told"
    """`told`: counted and listed with the release; `left_out`: kept out of the relative, and listed."""


class Seasonal(Section):
    """How herbs that are sold fresh or at harvest only are treated."""

    rule: Literal["none", "fixed_annual_weights"] = "none"
    herbs: tuple[str, ...] = ()


class Minimum(Section):
    """The least that a value must rest on; below, it is not published."""

    cells: int = Field(default=1, ge=1)
    herbs: int = Field(default=1, ge=1)
    markets: int = Field(default=1, ge=1)
    sources: int = Field(default=1, ge=1)
    """These four are the composite's."""
    node_cells: int = Field(default=1, ge=1)
    """Cells with a price that any other node must rest on, of the tree and of the cuts."""


class Trades(Section):
    """When a week's recorded trades of a cell make one price: never so few that one deal shows."""

    enter: bool = False
    window: Literal["week"] = "week"
    price: Literal["value_per_kilogram"] = "value_per_kilogram"
    trades: int = Field(default=3, ge=2)
    sellers: int = Field(default=2, ge=2, le=2)
    """Two in every text: with the bounds of all families a week's trades become quotes, for all to use."""


BEFORE_TRADES = Trades(enter=True)
"""What the texts before the section `[trades]` did: prices of trades entered. The bounds hold for them too:
what a single deal was is nobody's to know, however old the text."""


class Publication(Section):
    """When values are due, when they become final, and who must agree."""

    every: FrequencyName = "day"
    at: str = Field(default="16:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Time of day in China at which all users get the release at once."""
    final_after_days: int = Field(default=10, ge=0, le=366)
    """A value this many days old is final: a later change of it needs a notice."""
    notice_over_points: str = Field(default="0.05", pattern=_NUMBER)
    """A revision of a provisional composite by more than this carries a notice too."""
    trial_days: int = Field(default=183, ge=183)
    """Six months of trial at the least (guide to the price index measures, 2021-10)."""
    four_eyes: Literal["official", "always"] = "official"
    """Which releases a second person must approve."""


class Digits(Section):
    """How values are rounded."""

    shown: int = Field(ge=0, le=6)
    kept: int = Field(ge=4, le=10)
    """Digits published in answers, files, bundles and the log."""
    rounding: Literal["half_even"]


class FamilyText(Section):
    """The family text as it stands in TOML."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    version: int = Field(ge=1)
    effective: datetime.date
    zh: str
    en: str
    scope_zh: str
    scope_en: str
    kind: Literal["composite", "herb", "market", "origin", "theme"] = "composite"
    classification: Literal["parts12@1"] = "parts12@1"
    level: int = Field(gt=0)
    elementary: ElementaryName
    aggregation_order: Literal[-1, 0, 1]
    base: Base
    basket: Basket
    selection: Selection = Selection()
    cells: Cells
    trades: Trades = BEFORE_TRADES
    weights: Weights
    chain: Chain
    values: Values = Values()
    cuts: tuple[CutName, ...] = ()
    """Second cuts over the same cells, published beside the tree."""
    missing: Missing
    outliers: Outliers = Outliers()
    seasonal: Seasonal = Seasonal()
    minimum: Minimum = Minimum()
    publication: Publication = Publication()
    digits: Digits
