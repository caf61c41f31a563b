"""What a quote 报价 is: the price somebody asked or paid for one cell on one day.

A cell is what the index matches from day to day: herb, grade, origin and market together. A change
of grade or origin is another cell, so a cheaper grade never replaces a dearer one unseen.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ledger.errors import NOWHERE, DaodiError, Location
from ledger.plain_text import all_visible


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
_BAR: Final = "|"
"""What the keys of nodes are made of."""


@lru_cache(maxsize=8192)
def is_name(text: str) -> bool:
    """Whether a text may name a part of a cell: short, nothing unseen, not the bar that keys are made of.

    A name with a sign nobody sees would be a second cell that looks like the first.

    >>> is_name("一二级"), is_name("统|选"), is_name("x" * 41), is_name("统" + chr(0x200B))
    (True, False, False, False)
    """
    return len(text) <= NAME_LIMIT and _BAR not in text and all_visible(text)


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
    """What the screening, or a person, made of a quote; only the first two enter an index."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"

    @property
    def usable(self) -> bool:
        """Whether a quote of this status enters an index.

        >>> [status.value for status in Status if status.usable]
        ['accepted', 'flagged']
        """
        return self in USABLE

    def words(self, language: str) -> str:
        """Name the status for people.

        >>> Status.QUARANTINED.words("zh"), Status.REJECTED.words("en")
        ('隔离', 'rejected')
        """
        zh, en = _STATUS_WORDS[self]
        return zh if language == "zh" else en


USABLE: Final = (Status.ACCEPTED, Status.FLAGGED)
"""The statuses whose quotes enter an index."""
_STATUS_WORDS: Final = {
    Status.ACCEPTED: ("已采纳", "accepted"),
    Status.FLAGGED: ("采纳并标记", "flagged"),
    Status.QUARANTINED: ("隔离", "quarantined"),
    Status.REJECTED: ("剔除", "rejected"),
}
DOMESTIC: Final = "CNY"
"""ISO 4217 code of the currency the book keeps prices in."""


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
    deals: int = 1
    """Trades that stand behind the price; 1 for a quote."""
    currency: str = DOMESTIC
    """ISO 4217 code of the currency the price was told in."""
    amount: str | None = None
    """The price per kilogram in that currency, a decimal; None for yuan."""
    rate: str | None = None
    """Yuan for one unit of the currency, a decimal; None for yuan."""
    rate_day: datetime.date | None = None
    """The day the rate held."""
    collection_point: str | None = None
    """Where the price was asked for, in the collector's words."""
    collector: str | None = None
    """Who asked: the key id or name on a signed form."""
    trend: str | None = None
    """What the source itself says of the market, such as `rising`; never used in a computation."""
    rules: tuple[str, ...] = ()
    """Codes of screening rules the shape it was read by already set."""
    at: Location = field(default=NOWHERE, compare=False)
    """The row it was read from, for messages only."""

    @property
    def cell(self) -> Cell:
        """The cell this quote prices."""
        return Cell(self.herb, self.grade, self.origin, self.market)


_OWN: Final = ("day", "fen_per_kg", "low_fen_per_kg", "high_fen_per_kg", "at")
"""What sets the quotes of one cell in one table apart."""
_PLACES: Final = {name: getattr(Quote, name).__set__ for name in Quote.__slots__}
_CARRIED: Final = tuple(name for name in Quote.__slots__ if name not in _OWN)
_SET_DAY, _SET_FEN, _SET_LOW, _SET_HIGH, _SET_AT = (_PLACES[name] for name in _OWN)


class Repeated:
    """Makes quotes that say all that a first one says, but another day, price and row.

    It fills the slots directly: a table has a million such rows, and `replace` takes three times as long.
    """

    __slots__ = ("_carried",)

    def __init__(self, first: Quote) -> None:
        """Remember what `first` says."""
        self._carried = [(_PLACES[name], getattr(first, name)) for name in _CARRIED]

    def quote(
        self, day: datetime.date, fen_per_kg: int, low: int | None, high: int | None, at: Location
    ) -> Quote:
        """Return the quote of another row: its day, fen per kilogram, the ends of its range and its place."""
        made = object.__new__(Quote)
        for put, value in self._carried:
            put(made, value)
        _SET_DAY(made, day)
        _SET_FEN(made, fen_per_kg)
        _SET_LOW(made, low)
        _SET_HIGH(made, high)
        _SET_AT(made, at)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a stated change says an earlier price was: a fact to check against the book, never a quote."""

    cell: Cell
    day: datetime.date
    low_fen_per_kg: int
    high_fen_per_kg: int
    """The change is rounded, so the earlier price is known to lie between the two, both included."""
    at: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a feed made of one body: the good rows, and a fault for every bad one."""

    quotes: tuple[Quote, ...]
    faults: tuple[DaodiError, ...] = ()
    claims: tuple[Claim, ...] = ()
    """Earlier prices the rows imply; see `priceindex.feeds.claims`."""


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
    deals: int = 1
    currency: str = DOMESTIC
    amount: str | None = None
    rate: str | None = None
    rate_day: datetime.date | None = None
    collection_point: str | None = None
    collector: str | None = None
    trend: str | None = None
    submitter: str | None = None
    """Who handed it in, such as `token 1a2b3c4d`; None for what was recorded before this was kept."""
    reason: str | None = None
    """Why a person let it in or kept it out."""
    decided_by: str | None = None
    """Who decided so; None for a revision nobody decided."""
    late: bool = False
    """Whether it was recorded after the release of its day; see `priceindex.book`."""
