"""Which steps of a lot are on the way of one of its packs: others of its lot go other ways.

A step by code is about a pack when it names the pack's serial, or that of what the pack stood in then. Once
such a step moved it, the pack is its lot's no more: what befalls the whole lot later does not befall it.
Read from logged events alone, so that a phone comes to the same (`api/web/static/scan.js`).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final, Protocol

import orjson

from ledger.canonical import JsonValue
from trace.tables import StepRow
from trace.vocabulary import Stage

_LEAVING: Final = frozenset(
    {Stage.SHIP, Stage.RECEIVE, Stage.SALE, Stage.RETURN, Stage.DISPENSE, Stage.DESTROY}
)
"""By code, these give a pack a holder of its own (`trace.coding.pack_moves`)."""
_OUT_OF_ITS_BOX: Final = frozenset({Stage.SALE, Stage.DISPENSE, Stage.DESTROY})
_BY_CODE: Final = '"tcm:codes"'


class Touch(Protocol):
    """How a step touches a lot."""

    @property
    def lot(self) -> str:
        """The lot."""

    @property
    def role(self) -> str:
        """Made, used or seen."""


def steps_of_pack(
    steps: Sequence[StepRow], links: Mapping[str, Sequence[Touch]], lots: Set[str], lot: str, serial: int
) -> tuple[StepRow, ...]:
    """Return those of `steps`, which touch `lots`, that are on the way of the pack `serial` of `lot`."""
    pack = _Pack([serial])
    for row in sorted(steps, key=lambda row: (row.position, row.nth)):
        if row.stage != Stage.PACK and _BY_CODE in row.public:
            pack.take(row, orjson.loads(row.public)["event"])
    return tuple(
        row
        for row in steps
        if pack.has(row, of_lot_only=_lots_seen(links.get(row.step_id, ()), lots) == {lot})
    )


def told_apart(steps: Sequence[StepRow]) -> bool:
    """Say whether any of `steps` names packs by their codes, so that packs of one lot go different ways."""
    return any(row.stage != Stage.PACK and _BY_CODE in row.public for row in steps)


def _lots_seen(touches: Sequence[Touch], lots: Set[str]) -> set[str]:
    """The lots of the way that a step sees; none where it makes or uses one of them."""
    ours = [each for each in touches if each.lot in lots]
    return {each.lot for each in ours} if all(each.role == "seen" for each in ours) else set()


@dataclass
class _Pack:
    """Where a pack stands while its lot's steps pass by in their order."""

    stands_in: list[int]
    """Its own serial, that of what it stands in, that of what this stands in, and so on."""
    own: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    """Steps by code: its own, and those of other packs."""
    left: int | None = None
    """Position of the step by which it left its lot."""

    def take(self, row: StepRow, event: Mapping[str, JsonValue]) -> None:
        """Take in a step by code: such a step is never corrected, for it moved what somebody holds."""
        height, container = self._named(event.get("tcm:codes")), event.get("tcm:container")
        if height is None and container != self.stands_in[0]:
            self.others.add(row.step_id)
            return
        self.own.add(row.step_id)
        if height is not None:
            self._move(Stage(row.stage), height, container, row)

    def has(self, row: StepRow, *, of_lot_only: bool) -> bool:
        """Whether a step is on the way of the pack; a test is, whenever it was made."""
        if row.step_id in self.own or row.step_id in self.others:
            return row.step_id in self.own
        later = self.left is not None and row.position > self.left
        return not (later and of_lot_only) or row.stage == Stage.TEST

    def _named(self, ranges: JsonValue) -> int | None:
        """Return how high the named one of its containers is, 0 being itself; None when none is named."""
        listed = [each for each in ranges if isinstance(each, list)] if isinstance(ranges, list) else []
        spans = [(int(str(first)), int(str(last))) for first, last in listed]
        for height, serial in enumerate(self.stands_in):
            if any(first <= serial <= last for first, last in spans):
                return height
        return None

    def _move(self, stage: Stage, height: int, container: JsonValue, row: StepRow) -> None:
        if stage in (Stage.NEST, Stage.UNNEST) or (stage in _OUT_OF_ITS_BOX and row.counterparty is None):
            del self.stands_in[height + 1 :]
        if stage is Stage.NEST and isinstance(container, int):
            self.stands_in.append(container)
        if stage in _LEAVING and self.left is None:
            self.left = row.position
