"""Packs named by their codes: what a step finds of them before it is judged.

Plain values only: `trace.world` holds a selection, and the rules and effects read it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from trace.coding.code_words import Level
from trace.coding.runs import CodeRun, Range


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRange:
    """Codes in a row that share one state, and what they are stuck on."""

    run: CodeRun
    level: Level
    party: str
    """Whom the codes were issued to."""
    key_version: int
    """Generation of the keys they were made with."""

    @property
    def serials(self) -> Range:
        """First and last serial."""
        return self.run.first_serial, self.run.last_serial

    @property
    def grams(self) -> int:
        """Mass of all its packs; what only holds packs weighs nothing itself."""
        return self.run.count * (self.run.grams or 0)


def _numbered(packs: PackRange) -> str:
    return f"#{packs.run.first_serial}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSelection:
    """The packs, boxes, bags and bulk packs a step names, and everything that stands in them."""

    named: tuple[PackRange, ...] = ()
    """What the step names itself, in order of serials."""
    within: tuple[PackRange, ...] = ()
    """What stands in that, at any depth."""
    container: PackRange | None = None
    """What is packed into or out of."""
    inside: tuple[PackRange, ...] = ()
    """What stands in the container now, at any depth."""
    above: tuple[PackRange, ...] = ()
    """What the named things and the container stand in, at any height."""
    unknown: tuple[str, ...] = ()
    """Codes that decode and were never issued."""
    code_of: Callable[[PackRange], str] = field(default=_numbered, compare=False)
    """Writes the first code of a range, for messages; its serial where no keys are at hand."""

    @property
    def every(self) -> tuple[PackRange, ...]:
        """All that the step is about: what is named and what stands in it."""
        return (*self.named, *self.within)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The serials named, as they stand in the event."""
        return tuple(each.serials for each in self.named)

    @property
    def serials(self) -> tuple[Range, ...]:
        """All serials concerned, those of the container included: whose holds count."""
        own = (self.container,) if self.container else ()
        return tuple(each.serials for each in (*self.every, *own))

    @property
    def container_serial(self) -> int | None:
        """Serial of the container."""
        return self.container.run.first_serial if self.container else None

    @property
    def lots(self) -> tuple[str, ...]:
        """Every lot some of the packs were filled from, sorted."""
        return tuple(sorted(self.grams_by_lot))

    @property
    def lots_concerned(self) -> tuple[str, ...]:
        """Those, and the lots of what stands in the container already, sorted."""
        return tuple(sorted(_by_lot((*self.every, *self.inside))))

    @property
    def grams_by_lot(self) -> Mapping[str, int]:
        """Mass of the packs of each lot."""
        return _by_lot(self.every)

    @property
    def leaving_by_lot(self) -> Mapping[str, int]:
        """Mass of those packs of each lot that went with it so far: what its packed mass goes down by."""
        return _by_lot(each for each in self.every if each.run.holder is None)

    @property
    def frozen_serials(self) -> tuple[int, ...]:
        """Every serial on hold that stops the step: of the things themselves, and of what they stand in.

        What is filled further stops it with what stands in it already: held goods hide among others.
        """
        own = (self.container,) if self.container else ()
        runs = [each.run for each in (*self.every, *own, *self.above, *self.filled) if each.run.frozen]
        return tuple(serial for run in runs for serial in range(run.first_serial, run.last_serial + 1))

    @property
    def filled(self) -> tuple[PackRange, ...]:
        """What stands already in a container that things outside it are put into."""
        serial = self.container_serial
        outside = any(each.run.parent_serial != serial for each in self.named)
        return self.inside if outside else ()

    @property
    def comes_back(self) -> bool:
        """Whether all of it is on its way back to who had shipped it."""
        runs = [each.run for each in self.named]
        return bool(runs) and all(run.came_from and run.in_transit_to == run.came_from for run in runs)

    @property
    def count(self) -> int:
        """How many packs there are, not counting what they stand in."""
        return sum(each.run.count for each in self.every if each.level is Level.PACK)


def _by_lot(ranges: Iterable[PackRange]) -> Mapping[str, int]:
    grams: Counter[str] = Counter()
    for each in ranges:
        if each.run.lot_id is not None:
            grams[each.run.lot_id] += each.grams
    return dict(grams)
