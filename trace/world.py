"""The world as a step finds it: the states of everything it touches, read before it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trace.completeness import Completeness
from trace.lots import LotState
from trace.results import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a step happens."""

    division: str
    """GB/T 2260 code."""
    market: str | None
    """Slug of the herb market it lies in."""
    party: str
    """USCC of who runs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShipment:
    """Goods on the road."""

    lot: str
    sender: str
    receiver: str
    grams: int | None
    shipped_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A hold on a party or a lot the step touches."""

    kind: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The world as the step finds it."""

    recorded_ms: int
    site: Site
    lots: Mapping[str, LotState] = field(default_factory=dict)
    shipments: Mapping[str, OpenShipment] = field(default_factory=dict)
    """The open shipment of each lot, if there is one."""
    sold_elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Grams of each shipped lot sold to others than its receiver: they stay with the sender."""
    freezes: tuple[Freeze, ...] = ()
    ways: Mapping[str, Completeness] = field(default_factory=dict)
    """Completeness of each lot that is packed or sold."""
    failed_measurands: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a test of lots that failed: what was over its limit, on the lot or on what it was made from."""
    judged: Mapping[str, tuple[Judged, ...]] = field(default_factory=dict)
    """For a test: its results held against the limits of each tested lot."""

    def leaving(self, lot: str) -> int | None:
        """Grams of a lot that a shipment takes: all at hand but what was sold to others.

        None for what has no weight.
        """
        state = self.lots[lot]
        if state.grams is None:
            return None
        return max(0, state.at_hand - self.sold_elsewhere.get(lot, 0))
