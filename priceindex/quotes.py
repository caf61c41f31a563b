"""What a quote 报价 is: the price somebody asked or paid for one cell on one day.

A cell is what the index matches from day to day: herb, grade, origin and market together. A change
of grade or origin is another cell, so a cheaper grade never replaces a dearer one unseen.
"""

import datetime
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ledger.errors import NOWHERE, DaodiError, Location


class Cell(NamedTuple):
    """One priced thing: a herb of one grade and origin at one market."""

    herb: str
    grade: str
    origin: str
    market: str


NAME_LIMIT: Final = 40
"""Characters of the longest name of a herb, grade, origin or market."""
PRICE_LIMIT_FEN_PER_KG: Final = 10**11
"""A thousand million yuan: no herb comes near it, and sums of such prices stay exact."""
_BAD_IN_NAME: Final = re.compile("[|\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@lru_cache(maxsize=8192)
def is_name(text: str) -> bool:
    """Whether a text may name a part of a cell: short, no control signs, not the bar that keys are made of.

    >>> is_name("一二级"), is_name("统|选"), is_name("x" * 41)
    (True, False, False)
    """
    return len(text) <= NAME_LIMIT and not _BAD_IN_NAME.search(text)


def _name(text: str) -> str:
    if not is_name(text):
        raise ValueError(f"at most {NAME_LIMIT} characters, no bar and no control characters")
    return text


Name = Annotated[str, AfterValidator(_name)]


class Tier(StrEnum):
    """Where a price comes from, best first (IOSCO PRA principle: concluded trades before quotes)."""

    TRADE = "trade"
    MARKET = "market"
    WEB = "web"
    JUDGEMENT = "judgement"

    @property
    def rank(self) -> int:
        """Place in the hierarchy: 0 is best.

        >>> Tier.TRADE.rank, Tier.JUDGEMENT.rank
        (0, 3)
        """
        return list(Tier).index(self)

    def words(self, language: str) -> str:
        """Name the tier for people.

        >>> Tier.TRADE.words("zh"), Tier.WEB.words("en")
        ('成交', 'web quote')
        """
        zh, en = _TIER_WORDS[self]
        return zh if language == "zh" else en


_TIER_WORDS = {
    Tier.TRADE: ("成交", "trade"),
    Tier.MARKET: ("市场报价", "market quote"),
    Tier.WEB: ("网络报价", "web quote"),
    Tier.JUDGEMENT: ("专家判断", "judgement"),
}


class Status(StrEnum):
    """What the screening made of a quote; only the first two enter an index."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    QUARANTINED = "quarantined"


class QuoteNew(BaseModel):
    """A quote as a request states it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    herb: Name = Field(min_length=1)
    grade: Name = Field(min_length=1)
    origin: Name = ""
    market: Name = Field(min_length=1)
    day: datetime.date
    fen_per_kg: int = Field(gt=0, le=PRICE_LIMIT_FEN_PER_KG)
    low_fen_per_kg: int | None = Field(default=None, gt=0, le=PRICE_LIMIT_FEN_PER_KG)
    high_fen_per_kg: int | None = Field(default=None, gt=0, le=PRICE_LIMIT_FEN_PER_KG)
    tier: Tier = Tier.MARKET

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        low, high = self.low_fen_per_kg or self.fen_per_kg, self.high_fen_per_kg or self.fen_per_kg
        if not low <= self.fen_per_kg <= high:
            raise ValueError("low_fen_per_kg <= fen_per_kg <= high_fen_per_kg does not hold")
        return self

    def quote(self, source: str) -> "Quote":
        """Return the quote this request states, as told by `source`."""
        return Quote(
            herb=self.herb,
            grade=self.grade,
            origin=self.origin,
            market=self.market,
            day=self.day,
            fen_per_kg=self.fen_per_kg,
            low_fen_per_kg=self.low_fen_per_kg,
            high_fen_per_kg=self.high_fen_per_kg,
            tier=self.tier,
            source=source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One price of one cell on one day, before it is screened."""

    herb: str
    grade: str
    origin: str
    """Producing area as the market names it; empty when the source does not say."""
    market: str
    day: datetime.date
    """The day the price held, in China: prices have a date, not a time."""
    fen_per_kg: int
    """The price; of a range, its geometric middle rounded half-even to the fen."""
    low_fen_per_kg: int | None = None
    high_fen_per_kg: int | None = None
    source: str
    """Short ASCII name of who says so, such as `kmzyw`."""
    tier: Tier = Tier.MARKET
    at: Location = field(default=NOWHERE, compare=False)
    """The row it was read from, for messages only."""

    @property
    def cell(self) -> Cell:
        """The cell this quote prices."""
        return Cell(self.herb, self.grade, self.origin, self.market)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a feed made of one body: the good rows, and a fault for every bad one."""

    quotes: tuple[Quote, ...]
    faults: tuple[DaodiError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuote:
    """A quote as it stands in the book: what was said, what we made of it, and when we knew."""

    cell: Cell
    day: datetime.date
    fen_per_kg: int
    low_fen_per_kg: int | None
    high_fen_per_kg: int | None
    source: str
    tier: Tier
    status: Status
    rules: tuple[str, ...]
    """Codes of the screening rules that spoke; see `priceindex.intake.screening.RULES`."""
    revision: int
    """0 for what was said first; each correction or decision adds one."""
    recorded_ms: int
    archive_sha256: str | None
    """Digest of the raw body it was read from."""
