"""What a new lot is, from what it was made of: its name, form, origin, quality and last day of use."""

from collections.abc import Sequence
from dataclasses import dataclass

from trace.added_mass import added_shares
from trace.lots import LotState, Quality
from trace.profiles import profile
from trace.steps import Amount, Step
from trace.vocabulary import ORIGIN_STAGES, PRODUCT_STAGES, Form, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A step that makes lots, and what it makes them of."""

    step: Step
    parents: tuple[LotState, ...]
    division: str
    """GB/T 2260 code of where it happens."""
    statement_id: str

    @property
    def herbs(self) -> tuple[LotState, ...]:
        """Return the parents that tell where the goods come from: no excipients, where there are others."""
        found = tuple(parent for parent in self.parents if parent.form is not Form.EXCIPIENT)
        return found or self.parents


def made_lot(amount: Amount, making: Making) -> LotState:
    """Return the lot that `making` makes as `amount`."""
    step, herbs = making.step, making.herbs
    origin = step.stage in ORIGIN_STAGES
    form = amount.form or profile(step.stage).flow.makes or (herbs[0].form if herbs else Form.HERB)
    kinds = {parent.origin_kind for parent in herbs}
    grades = {parent.grade for parent in herbs}
    quality, quality_ms = _quality(making)
    swollen = added_shares(step, making.parents)
    return LotState(
        lot=amount.lot,
        herb=amount.herb or herbs[0].herb,
        form=form,
        grade=amount.grade or (grades.pop() if len(grades) == 1 and form is herbs[0].form else None),
        holder=step.party,
        origin_kind=step.stage if origin else (kinds.pop() if len(kinds) == 1 else None),
        origin=making.division if origin else common_division([parent.origin for parent in herbs]),
        grams_in=amount.grams,
        grams=amount.grams,
        quality=quality,
        quality_ms=quality_ms,
        expires=_expires(form, making),
        raised_ppm=swollen.raised_ppm,
        excipient_ppm=swollen.excipient_ppm,
        made_ms=step.event_ms,
        made_step=step.step_id,
        made_statement=making.statement_id,
    )


def common_division(codes: Sequence[str | None]) -> str | None:
    """Return the finest GB/T 2260 division that holds all of `codes`; None when none does.

    >>> common_division(["341602", "341621"]), common_division(["341602", "621126"])
    ('341600', None)
    """
    known = {code for code in codes if code is not None}
    if len(known) != len(set(codes)) or not known:
        return None
    for digits in (6, 4, 2):
        heads = {code[:digits] for code in known}
        if len(heads) == 1:
            return heads.pop().ljust(6, "0")
    return None


def worst(lots: Sequence[LotState]) -> Quality:
    """Return what is known of goods made from `lots`: failed if any failed, passed only if all passed."""
    found = {lot.quality for lot in lots}
    if Quality.FAILED in found:
        return Quality.FAILED
    return Quality.PASSED if found == {Quality.PASSED} else Quality.UNTESTED


def _quality(making: Making) -> tuple[Quality, int | None]:
    """What the tests of the parents say of a new lot.

    Of granules and medicines only that what they were made of had failed: a passed herb is no tested
    product. A crop says nothing of its harvest, nor a seed of its crop.
    """
    stage, parents = making.step.stage, making.parents
    if not parents or stage in ORIGIN_STAGES or stage is Stage.HARVEST:
        return Quality.UNTESTED, None
    found = worst(making.herbs)
    if any(parent.quality is Quality.FAILED for parent in parents):
        found = Quality.FAILED
    if stage in PRODUCT_STAGES - {Stage.PAOZHI} and found is Quality.PASSED:
        return Quality.UNTESTED, None
    tested = [parent.quality_ms for parent in parents if parent.quality_ms is not None]
    return found, max(tested, default=None)


def _expires(form: Form, making: Making) -> str | None:
    """The day the step names, else, where goods are only split or mixed, the earliest of the parents."""
    if said := making.step.public.get("expiry_date"):
        return str(said)
    days = [parent.expires for parent in making.parents if parent.form is form and parent.expires]
    return min(days, default=None)
