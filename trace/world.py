"""The world as a step finds it: the states of everything it touches, read before it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trace.completeness import Completeness
from trace.lots import LotState, Quality
from trace.results import Judged

if TYPE_CHECKING:
    from trace.coding.pack_selection import PackSelection
    from trace.documents.document_world import DocumentWorld
    from trace.gates.gate_world import GateWorld
    from trace.promises import Promised
    from trace.recalls.hold_world import Hold


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
    returned: bool = False
    """On their way back to who had shipped them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The world as the step finds it."""

    recorded_ms: int
    site: Site
    lots: Mapping[str, LotState] = field(default_factory=dict)
    shipments: Mapping[str, OpenShipment] = field(default_factory=dict)
    """The open shipment of each lot, if there is one."""
    sold_elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Grams sold by mass and not handed over: of a lot on its way those sold to others than its receiver,
    which stay with the sender; of a lot whose packs go to end users those sold to end users."""
    promises: "Mapping[str, Promised]" = field(default_factory=dict)
    """Of lots sold, bought or shipped by mass, where somebody says to have bought them: what is promised."""
    ways: Mapping[str, Completeness] = field(default_factory=dict)
    """Completeness of each lot that is packed or sold."""
    failed_measurands: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a test of lots that failed: what was over its limit, on the lot or on what it was made from."""
    judged: Mapping[str, tuple[Judged, ...]] = field(default_factory=dict)
    """For a test: its results held against the limits of each tested lot."""
    outcomes: Mapping[str, Quality] = field(default_factory=dict)
    """For a test that may happen: what it says of each lot; stated with the step, for its effects."""
    retested: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a test told late: what later tests found good of each lot (`trace.bad_results`)."""
    answered: frozenset[str] = frozenset()
    """For a test told late: lots of which all it found bad was found good since; stated with the step."""
    failed_sources: Mapping[str, str] = field(default_factory=dict)
    """Of lots that are packed, sold or used: what they were made of that failed since, not answered."""
    came_from: Mapping[str, str] = field(default_factory=dict)
    """For a return: who had shipped each lot to the party that returns it."""
    holds: "tuple[Hold, ...]" = ()
    """Open holds that concern the step."""
    packs: "PackSelection | None" = None
    """For a step by codes: the packs they stand for."""
    gates: "GateWorld | None" = None
    """What the registers say of the parties, places and herbs."""
    documents: "DocumentWorld | None" = None
    """The documents the step names; None where it names none."""
    unmade: frozenset[str] = frozenset()
    """Lots the step would make whose making was once declared wrong: their rows are there already."""

    def leaving(self, lot: str) -> int | None:
        """Grams of a lot that a shipment takes: all at hand but what was sold to others.

        None for what has no weight.
        """
        state = self.lots[lot]
        if state.grams is None:
            return None
        return max(0, state.at_hand - self.sold_elsewhere.get(lot, 0))
