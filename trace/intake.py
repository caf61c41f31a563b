"""From a step as sent to a step as believed: its shape judged against the profile of its stage.

Every fault is found at once. Nothing here looks at lots, parties or the clock: that is `rules`.
"""

import uuid
from typing import Final

from ledger.clock import Randomness
from ledger.errors import DaodiError, Location, ManyFaults
from trace.errors import BadFlow, TraceError
from trace.fields import sort_fields
from trace.flow_faults import flow_faults, form_of
from trace.flows import Flow
from trace.herbs import herb
from trace.identifiers import check_uscc
from trace.profiles import profile
from trace.sensors.sensing import sensed
from trace.steps import Amount, LotAmount, Measured, Step, StepNew, event_ms, offset_minutes
from trace.vocabulary import NAMED_FREELY

STEP_NAMES: Final = uuid.UUID("6f0c7c9e-6a5d-5f0e-9d0b-1d3a0c2b7e41")
"""Namespace of the step ids derived from a party's own ids (RFC 9562, version 5)."""

_OWN_VERSIONS: Final = frozenset({4, 7})
"""Versions of UUID a client may make itself. Never 5: nobody shall take the name another's step will have."""


def read_step(new: StepNew, randomness: Randomness) -> Step:
    """Return the step that `new` describes; raises its one fault, or `ManyFaults` for several."""
    rules = profile(new.stage)
    public, private, faults = sort_fields(rules, new.fields)
    faults += _identity_faults(new, rules.flow)
    faults += _flow_faults(new, rules.flow)
    if faults:
        raise faults[0] if len(faults) == 1 else ManyFaults(faults)
    return Step(
        step_id=step_id(new, randomness),
        client_id=new.id,
        stage=new.stage,
        party=new.party,
        place=new.place,
        counterparty=new.counterparty,
        event_ms=event_ms(new.time),
        offset_minutes=offset_minutes(new.time),
        inputs=_amounts(new.inputs),
        outputs=_amounts(new.outputs),
        lots=_amounts(new.lots),
        public=public,
        private=private,
        results=tuple(
            Measured(measurand=each.measurand, value=each.value, unit=each.unit, method=each.method)
            for each in new.results
        ),
        packs=new.packs,
        grams_per_pack=new.grams_per_pack,
        batch=new.batch,
        codes=new.codes,
        container_code=new.container,
        sensors=tuple(sensed(each) for each in new.sensors),
    )


def step_id(new: StepNew, randomness: Randomness) -> str:
    """Return the id of a step: the party's own where it is a UUID of chance, else derived from it.

    A client that works offline makes its ids itself and knows the step by them at once.
    """
    if new.id is None:
        return str(uuid.UUID(bytes=randomness(16), version=4))
    if _own_uuid(new.id):
        return new.id
    return str(uuid.uuid5(STEP_NAMES, f"{new.party}/{new.id}"))


def _own_uuid(text: str) -> bool:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return False
    return str(found) == text and found.variant == uuid.RFC_4122 and found.version in _OWN_VERSIONS


def _amounts(amounts: tuple[LotAmount, ...]) -> tuple[Amount, ...]:
    return tuple(
        Amount(lot=each.lot, grams=each.grams, herb=each.herb, form=each.form, grade=each.grade)
        for each in amounts
    )


def _identity_faults(new: StepNew, flow: Flow) -> list[DaodiError]:
    faults: list[DaodiError] = []
    for name, uscc in (("party", new.party), ("counterparty", new.counterparty)):
        try:
            if uscc is not None:
                check_uscc(uscc)
        except TraceError as fault:
            fault.at = Location(field=name, value=uscc)
            faults.append(fault)
    for amount in new.outputs:
        # Where the form is that of the inputs, the rules hold the name against theirs.
        named_freely = flow.makes is None or form_of(amount.form, flow) in NAMED_FREELY
        try:
            if amount.herb is not None and not named_freely:
                herb(amount.herb)
        except TraceError as fault:
            fault.at = Location(field="outputs/herb", value=amount.herb)
            faults.append(fault)
    return faults


def _flow_faults(new: StepNew, flow: Flow) -> list[DaodiError]:
    return [
        BadFlow(
            stage_zh=new.stage.zh,
            stage_en=new.stage.en,
            fault_zh=zh,
            fault_en=en,
            wanted_zh=flow.wanted_zh,
            wanted_en=flow.wanted_en,
            at=Location(field=where),
        )
        for where, zh, en in flow_faults(new, flow)
    ]
