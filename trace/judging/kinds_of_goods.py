"""Do the goods fit the stage? Their forms, their herbs, and whether anybody knows where they come from."""

from collections.abc import Iterator
from typing import Final

from trace.findings import Finding
from trace.herbs import herb_or_none
from trace.judging.naming import used
from trace.lots import LotState
from trace.making import Making, made_lot
from trace.profiles import profile
from trace.rulebook import broken
from trace.standards.paozhi_methods import is_excipient
from trace.steps import Amount, Step
from trace.vocabulary import NAMED_FREELY, PRODUCT_STAGES, Form, Stage
from trace.world import Before

_KEEPS_HERB: Final = frozenset({Stage.SPLIT, Stage.MERGE})
_ONE_HERB: Final = _KEEPS_HERB | {Stage.HARVEST, Stage.PRIMARY_PROCESSING, Stage.PAOZHI, Stage.GRANULE}
_UNTRACED: Final = frozenset({Stage.PURCHASE, Stage.OPENING})


def forms(step: Step, before: Before) -> Iterator[Finding]:
    """A stage takes the forms its profile names."""
    takes = profile(step.stage).flow.takes
    for amount in used(step):
        form = before.lots[amount.lot].form
        if form not in takes:
            yield broken(
                "order.form",
                amount.lot,
                form_zh=form.zh,
                form_en=form.en,
                stage_zh=step.stage.zh,
                stage_en=step.stage.en,
                wanted_zh="、".join(sorted(each.zh for each in takes)),
                wanted_en=", ".join(sorted(each.en for each in takes)),
            )


def one_form(step: Step, before: Before) -> Iterator[Finding]:
    """Splitting and merging keep the form."""
    if step.stage not in _KEEPS_HERB:
        return
    wanted = before.lots[step.inputs[0].lot].form
    named = [(amount.lot, before.lots[amount.lot].form) for amount in step.inputs]
    named += [(amount.lot, amount.form) for amount in step.outputs if amount.form is not None]
    for lot, form in named:
        if form is not wanted:
            yield broken(
                "order.mixed_forms",
                lot,
                form_zh=form.zh,
                form_en=form.en,
                wanted_zh=wanted.zh,
                wanted_en=wanted.en,
            )


def herbs(step: Step, before: Before) -> Iterator[Finding]:
    """Every stage but the making of medicine is about one herb; excipients are none."""
    inputs = _herb_inputs(step, before)
    if step.stage not in _ONE_HERB or not inputs:
        return
    wanted = before.lots[inputs[0].lot].herb
    for amount in inputs:
        if before.lots[amount.lot].herb != wanted:
            yield broken("order.herb", amount.lot, herb=before.lots[amount.lot].herb, wanted=wanted)
    code = "order.herb" if step.stage in _KEEPS_HERB else "order.herb_changed"
    for amount in step.outputs:
        if amount.herb not in (None, wanted):
            yield broken(code, amount.lot, herb=amount.herb or "", wanted=wanted)


def a_herb_goes_in(step: Step, before: Before) -> Iterator[Finding]:
    """Nothing is made of excipients alone."""
    if step.stage in PRODUCT_STAGES and step.inputs and not _herb_inputs(step, before):
        yield broken("order.no_herb", step.outputs[0].lot, stage_zh=step.stage.zh, stage_en=step.stage.en)


def untraced(step: Step, _: Before) -> Iterator[Finding]:
    """Goods from outside the record are marked so for good.

    Excipients and medicines are no herbs, unless they bear the name of a herb that no method of 炮制 takes
    as its excipient.
    """
    if step.stage not in _UNTRACED:
        return
    making = Making(step=step, parents=(), division="", statement_id="")
    for amount in step.outputs:
        if _is_herb(made_lot(amount, making)):
            yield broken("order.untraced", amount.lot, stage_zh=step.stage.zh, stage_en=step.stage.en)


def _is_herb(lot: LotState) -> bool:
    if lot.form not in NAMED_FREELY:
        return True
    known = herb_or_none(lot.herb)
    return known is not None and not (lot.form is Form.EXCIPIENT and is_excipient(known.name_zh))


def _herb_inputs(step: Step, before: Before) -> list[Amount]:
    """Return the inputs that are no excipient; all, where excipients themselves are split or merged."""
    if step.stage not in PRODUCT_STAGES:
        return list(step.inputs)
    return [amount for amount in step.inputs if before.lots[amount.lot].form is not Form.EXCIPIENT]


GOODS_RULES: Final = (forms, one_form, herbs, a_herb_goes_in, untraced)
