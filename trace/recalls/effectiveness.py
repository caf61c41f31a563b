"""How far a recall has come: what came back or was destroyed, of what had been handed on.

Goods on hold can only go back or be destroyed, so what a holder had when the recall found it, less what
it has now, is what it gave back or destroyed. Goods on the road still count as their sender's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from trace.recalls.portions import END_USERS, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderProgress:
    """One holder of recalled goods: then and now."""

    holder: str
    """USCC, or `END_USERS`."""
    lots: int
    had_grams: int
    had_packs: int
    has_grams: int
    has_packs: int
    destroyed_grams: int

    @property
    def recovered_grams(self) -> int:
        """Grams given back or destroyed; never below zero: who passes returns on has more for a while."""
        return max(0, self.had_grams - self.has_grams)

    @property
    def recovered_packs(self) -> int:
        """Packs given back or destroyed."""
        return max(0, self.had_packs - self.has_packs)

    @property
    def returned_grams(self) -> int:
        """Grams recovered and not destroyed by this holder."""
        return max(0, self.recovered_grams - self.destroyed_grams)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effectiveness:
    """The sums over everyone but who takes the goods back."""

    distributed_grams: int
    distributed_packs: int
    recovered_grams: int
    recovered_packs: int
    destroyed_grams: int
    """Destroyed by anyone, with what came back and was destroyed then."""

    @property
    def per_mille(self) -> int | None:
        """Recovered of distributed mass, in thousandths, rounded down; None where nothing was handed on."""
        if not self.distributed_grams:
            return None
        return self.recovered_grams * 1000 // self.distributed_grams

    @property
    def packs_per_mille(self) -> int | None:
        """The same of packs."""
        if not self.distributed_packs:
            return None
        return self.recovered_packs * 1000 // self.distributed_packs


def progress(
    had: Mapping[str, Share], has: Mapping[str, Share], destroyed: Mapping[str, int]
) -> tuple[HolderProgress, ...]:
    """Put then and now side by side, end users last; `destroyed` is grams by holder."""
    holders = sorted({*had, *has}, key=lambda holder: (holder == END_USERS, holder))
    return tuple(
        _progress(had.get(holder) or _none(holder), has.get(holder) or _none(holder), destroyed)
        for holder in holders
    )


def effectiveness(holders: tuple[HolderProgress, ...], responsible: str) -> Effectiveness:
    """Sum up; `responsible` takes the goods back, so what it had was never handed on.

    Sums are taken before they are held against zero: goods on their way back through a wholesaler are
    still out.
    """
    out = [each for each in holders if each.holder != responsible]
    had_grams, had_packs = sum(each.had_grams for each in out), sum(each.had_packs for each in out)
    return Effectiveness(
        distributed_grams=had_grams,
        distributed_packs=had_packs,
        recovered_grams=max(0, had_grams - sum(each.has_grams for each in out)),
        recovered_packs=max(0, had_packs - sum(each.has_packs for each in out)),
        destroyed_grams=sum(each.destroyed_grams for each in holders),
    )


def _progress(had: Share, has: Share, destroyed: Mapping[str, int]) -> HolderProgress:
    return HolderProgress(
        holder=had.holder,
        lots=had.lots or has.lots,
        had_grams=had.grams,
        had_packs=had.packs,
        has_grams=has.grams,
        has_packs=has.packs,
        destroyed_grams=destroyed.get(had.holder, 0),
    )


def _none(holder: str) -> Share:
    return Share(holder=holder, lots=0, grams=0, packs=0)
