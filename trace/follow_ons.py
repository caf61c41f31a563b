"""Faults that only follow from another row: told once, with the row that is to blame.

A lot that is not made because its first row has a bad cell is missing from every later row; each of
those would otherwise be called wrong, and the clerk sent to mend what is right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final, TypeAlias

from ledger.errors import DaodiError, Location, Said
from trace.errors import AwaitsRow, RuleRefused, UnknownParty, UnknownPlace
from trace.steps import StepNew
from trace.vocabulary import Stage

Thing: TypeAlias = tuple[str, str]
"""What a row brings about: ("party" | "place" | "made" | "moved", its id)."""

MOVES: Final = frozenset({Stage.SHIP, Stage.RECEIVE})

_SLIP: Final = 0.85
"""Likeness of two codes of 18 characters that differ in one or two: check characters keep others apart."""
_COMPARED: Final = 20
"""Codes a missing party is compared with: each comparison costs time, and more were no slip of one row."""

_NEEDS: Final = {
    "order.unknown_lot": "made",
    "receipt.0": "made",
    "receipt.2": "moved",
    "owner.not_holder": "moved",
    "owner.in_transit": "moved",
}
"""By rule, what may have been missing when it refused."""


class KeptOut:
    """What the rows that were not written would have brought about, and which row is to blame for each."""

    def __init__(self) -> None:
        """Begin with nothing kept out."""
        self._causes: dict[Thing, Location] = {}
        self._codes: list[str] = []

    def keep(self, things: Iterable[Thing], at: Location) -> None:
        """Note that the row at `at` was not written."""
        for kind, name in things:
            if kind == "party" and len(self._codes) < _COMPARED:
                self._codes.append(name)
            self._causes.setdefault((kind, name), at)

    def told(self, faults: Sequence[DaodiError], at: Location) -> tuple[list[DaodiError], Location | None]:
        """Return the faults of the row at `at`, those that follow from an earlier one told as such.

        Also returns that earlier row when nothing else is wrong with this one.
        """
        own: list[DaodiError] = []
        awaited: dict[Location, AwaitsRow] = {}
        for fault in faults:
            thing = _needed(fault)
            cause = self._cause(thing) if thing else None
            if thing is None or cause is None:
                own.append(fault)
            else:
                where = replace(cause, file=None) if cause.file == at.file else cause
                said = Said(where.words("zh"), where.words("en"))
                awaited.setdefault(cause, AwaitsRow(name=thing[1], cause=said, at=fault.at))
        return [*own, *awaited.values()], None if own or not awaited else next(iter(awaited))

    def _cause(self, thing: Thing) -> Location | None:
        """Return the row that would have brought `thing`; of parties also under a slip in their code."""
        kind, name = thing
        if kind == "party" and thing not in self._causes:
            name = next(iter(get_close_matches(name, self._codes, n=1, cutoff=_SLIP)), name)
        return self._causes.get((kind, name))


def brought_by(new: StepNew) -> list[Thing]:
    """Return what a step brings about that later steps may need."""
    moved = [("moved", amount.lot) for amount in new.lots if new.stage in MOVES]
    return [("made", amount.lot) for amount in new.outputs] + moved


def _needed(fault: DaodiError) -> Thing | None:
    if isinstance(fault, UnknownParty):
        return "party", str(fault.parts["uscc"])
    if isinstance(fault, UnknownPlace):
        return "place", str(fault.parts["place"])
    if isinstance(fault, RuleRefused) and fault.at.value and (kind := _NEEDS.get(str(fault.parts["rule"]))):
        return kind, fault.at.value
    return None
