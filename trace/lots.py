"""A lot as it stands: what came in, what is loose, packed and sold, who holds it, how it tested."""

from dataclasses import dataclass
from typing import Final

from trace.vocabulary import Form, Stage, Word

PPM: Final = 1_000_000
"""Shares of a mass are counted in millionths: whole numbers, the same on every machine."""


class Quality(Word):
    """What the tests say so far, of the lot or of what it was made from."""

    UNTESTED = "untested", "未检验", "untested"
    PASSED = "passed", "合格", "passed"
    FAILED = "failed", "不合格", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotState:
    """A lot between two steps."""

    lot: str
    herb: str
    form: Form
    grade: str | None
    holder: str
    origin_kind: Stage | None
    origin: str | None
    """GB/T 2260 code that all its sources share, cut as short as needed."""
    grams_in: int | None
    """All that came in; None for what has no weight yet."""
    grams: int | None
    """Loose mass neither drawn nor packed."""
    packed_grams: int = 0
    sold_grams: int = 0
    quality: Quality = Quality.UNTESTED
    quality_ms: int | None = None
    frozen: bool = False
    in_transit: bool = False
    held_ms: int | None = None
    """When its holder received it; None for who made it, and where nobody asked."""
    expires: str | None = None
    """Last day, as an ISO date, on which it may be sold and used; the earliest of its packings."""
    harvest_from_ms: int | None = None
    """Of a field lot: before then the interval of a pesticide (安全间隔期) has not passed."""
    harvested_ms: int | None = None
    """Of a field lot: when it was last harvested."""
    adjusted_grams: int = 0
    """What adjustments of stock (调库) added, less what they took away."""
    raised_ppm: int = 0
    """How much of its mass adjustments of what it was made from had added, in millionths."""
    excipient_ppm: int = 0
    """How much of its mass, when it was made, can only be excipient (辅料), in millionths."""
    made_ms: int
    made_step: str
    made_statement: str

    @property
    def raised_grams(self) -> int:
        """What adjustments of stock added to it and, for its part, to what it was made from."""
        return self.adjusted_grams + (self.grams_in or 0) * self.raised_ppm // PPM

    @property
    def at_hand(self) -> int:
        """Grams the holder has, packed or loose, sold or not."""
        return (self.grams or 0) + self.packed_grams

    @property
    def free(self) -> int:
        """Loose grams still open to work with: a sale takes packs first, then loose goods."""
        return max(0, (self.grams or 0) - max(0, self.sold_grams - self.packed_grams))
