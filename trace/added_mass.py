"""How much of a lot's mass is not what grew: counted up in stock (调库), or excipient (辅料) of a processing.

A lot carries both shares from what it was made of, so that a new lot id washes neither off. Shares are
millionths, rounded down: in doubt for the firm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trace.lots import PPM, LotState
from trace.steps import Step
from trace.vocabulary import ORIGIN_STAGES, Form, Stage

_MADE_ANEW = ORIGIN_STAGES | {Stage.SEED, Stage.HARVEST, Stage.GRANULE, Stage.MEDICINE}
"""Stages whose outputs have another mass than their inputs for reasons of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedShares:
    """The shares of the mass of what a step makes, in millionths."""

    raised_ppm: int = 0
    excipient_ppm: int = 0


def added_shares(step: Step, parents: Sequence[LotState]) -> AddedShares:
    """Return the shares of what `step` makes of `parents`, which stand in the order of its inputs."""
    drawn = list(_herbs(step, parents))
    came = sum(grams for grams, _ in drawn)
    if step.stage in _MADE_ANEW or not came:
        return AddedShares()
    raised = sum(grams * _raised(lot) for grams, lot in drawn) // came
    return AddedShares(raised_ppm=raised, excipient_ppm=_excipient(step, drawn, came))


def pure_herb_taken(step: Step, parents: Sequence[LotState]) -> int:
    """Return the grams of herb a step draws, without the excipient that earlier steps put into it."""
    return sum(grams * (PPM - lot.excipient_ppm) // PPM for grams, lot in _herbs(step, parents))


def _excipient(step: Step, drawn: Sequence[tuple[int, LotState]], came: int) -> int:
    pure = sum(grams * (PPM - lot.excipient_ppm) for grams, lot in drawn)
    if step.stage is not Stage.PAOZHI:
        return PPM - -(-pure // came)  # what is lost in drying is lost of both alike
    made = sum(amount.grams or 0 for amount in step.outputs)
    return max(0, PPM - -(-pure // made)) if made else 0


def _raised(lot: LotState) -> int:
    """The share that adjustments added to a lot and to what it was made from; never below nothing."""
    grown = (lot.grams_in or 0) + max(0, lot.adjusted_grams)
    return max(0, lot.raised_grams) * PPM // grown if grown else 0


def _herbs(step: Step, parents: Sequence[LotState]) -> Iterator[tuple[int, LotState]]:
    for amount, lot in zip(step.inputs, parents, strict=False):
        if lot.form is not Form.EXCIPIENT:
            yield amount.grams or 0, lot
