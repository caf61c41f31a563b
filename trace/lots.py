"""A lot as it stands: what came in, what is loose, packed and sold, who holds it, how it tested."""

from dataclasses import dataclass
from enum import StrEnum

from trace.vocabulary import Form, Stage


class Quality(StrEnum):
    """What the tests say so far, of the lot or of what it was made from."""

    UNTESTED = "untested"
    PASSED = "passed"
    FAILED = "failed"


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
    made_ms: int
    made_step: str
    made_statement: str

    @property
    def at_hand(self) -> int:
        """Grams the holder has, packed or loose, sold or not."""
        return (self.grams or 0) + self.packed_grams

    @property
    def free(self) -> int:
        """Loose grams still open to work with: a sale takes packs first, then loose goods."""
        return max(0, (self.grams or 0) - max(0, self.sold_grams - self.packed_grams))
