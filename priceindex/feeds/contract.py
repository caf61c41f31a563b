"""The contract of intake: a feed fetches a raw body, the body is archived, a shape reads quotes out of it.

A feed knows where a body comes from and nothing of what it says; a shape knows how a body is written and
nothing of where it came from. Between the two the body is kept by its digest, so that every reading can
be repeated.
"""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ledger.keys import PublicKey
from priceindex.currency.rates import RATE_DAYS, Rates
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import ReadResult, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBody:
    """What a source sent, byte for byte."""

    name: str
    """File name, or the address without its query, for messages and the archive."""
    content: bytes
    media_type: str
    received_ms: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Answer headers, names in lower case; empty for a file."""

    @property
    def sha256(self) -> str:
        """Digest of the content, hex.

        >>> RawBody(name="a", content=b"", media_type="text/csv", received_ms=0).sha256[:8]
        'e3b0c442'
        """
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a shape is told beside the body: who says so, and what stands for parts the rows leave out."""

    source: str
    known: KnownNames | None = None
    """With it a herb or market outside the lists is a fault."""
    day: datetime.date | None = None
    """The day of rows that state none; None where every row must."""
    market: str = ""
    """The market of rows that state none; empty where every row must."""
    grade: str = ""
    """The grade of rows that state none; empty where every row must."""
    tier: Tier | None = None
    """The tier of rows that state none; None for the shape's own."""
    unit: str = ""
    """The unit of rows and headings that state none; empty for 元/公斤."""
    currency: str = ""
    """The currency of rows that state none; empty for renminbi."""
    rates: Rates | None = None
    """Gives exchange rates; None where foreign prices are not expected."""
    rate_days: int = RATE_DAYS
    """How old an exchange rate may be."""
    changes_are_quotes: bool = False
    """Whether prices implied by stated changes are taken as web quotes; otherwise they are only checked."""
    keys: Callable[[str], PublicKey] | None = None
    """Gives the key that counts under a key id, or raises; for signed forms."""
    unsigned: str = "refuse"
    """What becomes of a form without a good signature: `refuse` or `quarantine`."""


class Feed(Protocol):
    """One place quotes come from."""

    def fetch(self) -> RawBody | None:
        """Get the newest body; None when the source says that nothing changed."""
        ...


class Shape(Protocol):
    """One way sources write quotes down."""

    def read(self, raw: RawBody, reading: Reading) -> ReadResult:
        """Read the quotes out of a body; a bad row becomes a fault, a bad body is raised."""
        ...
