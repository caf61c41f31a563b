"""The words of trace codes: what a code stands on, and what has become of it."""

from collections.abc import Mapping
from typing import Final

from trace.vocabulary import Word


class Level(Word):
    """What carries the code, from the smallest to the largest (包装层级)."""

    PACK = "pack", "小包装", "pack"
    BOX = "box", "箱", "box"
    BAG = "bag", "袋", "bag"
    BULK = "bulk", "大包装", "bulk pack"

    @property
    def height(self) -> int:
        """Its place from below: a thing may only stand in something higher.

        >>> Level.PACK.height, Level.BULK.height
        (0, 3)
        """
        return list(Level).index(self)


class CodeStatus(Word):
    """What has become of a code."""

    RESERVED = "reserved", "已申领", "reserved"
    PRINTED = "printed", "已印制", "printed"
    ACTIVATED = "activated", "已激活", "activated"
    SOLD = "sold", "已售", "sold"
    DISPENSED = "dispensed", "已调剂", "dispensed"
    DESTROYED = "destroyed", "已销毁", "destroyed"
    SPOILED = "spoiled", "印废", "spoiled"
    RETIRED = "retired", "停用", "retired"


UNUSED: Final = frozenset({CodeStatus.RESERVED, CodeStatus.PRINTED})
"""On no goods yet: what a packing may put to use."""

NEXT: Final[Mapping[CodeStatus, frozenset[CodeStatus]]] = {
    CodeStatus.RESERVED: frozenset(
        {CodeStatus.PRINTED, CodeStatus.ACTIVATED, CodeStatus.SPOILED, CodeStatus.RETIRED}
    ),
    CodeStatus.PRINTED: frozenset({CodeStatus.ACTIVATED, CodeStatus.SPOILED, CodeStatus.RETIRED}),
    CodeStatus.ACTIVATED: frozenset(
        {CodeStatus.SOLD, CodeStatus.DISPENSED, CodeStatus.DESTROYED, CodeStatus.RETIRED}
    ),
    # Goods come back from the end user (退货), and recalled goods are destroyed wherever they are.
    CodeStatus.SOLD: frozenset({CodeStatus.ACTIVATED, CodeStatus.DESTROYED}),
    CodeStatus.DISPENSED: frozenset({CodeStatus.DESTROYED}),
    CodeStatus.DESTROYED: frozenset(),
    CodeStatus.SPOILED: frozenset(),
    CodeStatus.RETIRED: frozenset(),
}
"""Which status may follow which; the goods under a retired code can still be destroyed (`pack_rules`)."""
