"""The origin gates: division code, producing areas, a claim of 道地, the outline of the place."""

from collections.abc import Iterator

from trace.divisions import division
from trace.fields import latitude_longitude
from trace.findings import Finding
from trace.gates.gate_query import POSITION
from trace.gates.gate_world import GateWorld
from trace.herbs import Herb, herb_or_none
from trace.registers.division_days import out_of_use
from trace.registers.geofence import ALLOWED_M, metres_outside
from trace.registers.ring import position_of
from trace.rulebook import broken
from trace.standards.grades import claims_true_origin
from trace.standards.origins import listed, of_true_origin
from trace.steps import Step
from trace.vocabulary import ORIGIN_STAGES
from trace.world import Before


def division_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:
    """Flag a place whose division code was not in use on the day of the step."""
    day = gates.day
    found = out_of_use(before.site.division, day)
    if found is not None:
        yield broken(
            "division.retired",
            None,
            place=step.place,
            division=found.code,
            name=found.name_zh,
            name_en=found.name_en,
            years=found.years,
            year=day.year,
            advice_zh=found.advice("zh"),
            advice_en=found.advice("en"),
        )


def area_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Note an origin that no list of producing areas names: information, nobody's fault."""
    if step.stage not in ORIGIN_STAGES:
        return
    for amount in step.outputs:
        known = herb_or_none(amount.herb or "")
        if known is not None and listed(known, before.site.division) is False:
            yield broken("origin.unlisted", amount.lot, **_where(known, before.site.division))


def claim_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag a claim of 道地, in a grade or a field, outside of the areas of true origin that are known."""
    in_fields = any(isinstance(each, str) and claims_true_origin(each) for each in step.public.values())
    for lot, herb_name, grade, origin in _claimed(step, before):
        if not in_fields and not (grade and claims_true_origin(grade)):
            continue
        known = herb_or_none(herb_name)
        if known is None or not known.daodi_areas:
            continue
        if origin is None or of_true_origin(known, origin) is False:
            yield broken("origin.daodi_claim", lot, **_where(known, origin))


def geofence_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag a position outside of the outline of the place; the position itself stays private."""
    said = step.private.get(POSITION)
    if said is None or gates.ring is None:
        return
    position = latitude_longitude(str(said))
    if position is None:
        return
    latitude, longitude = position
    away = metres_outside(gates.ring, position_of(longitude, latitude))
    if away > ALLOWED_M:
        hundreds = -(-away // 100) * 100
        yield broken("geofence.outside", None, place=step.place, metres=hundreds, allowed=ALLOWED_M)


def _claimed(step: Step, before: Before) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Give lot, herb, grade and origin of every lot the step makes or, making none, handles."""
    sources = [before.lots[amount.lot] for amount in step.inputs]
    origins = {lot.origin for lot in sources}
    shared = origins.pop() if len(origins) == 1 else None
    for amount in step.outputs:
        herb_name = amount.herb or (sources[0].herb if sources else "")
        if step.stage in ORIGIN_STAGES:
            yield amount.lot, herb_name, amount.grade, before.site.division
        else:
            yield amount.lot, herb_name, amount.grade, shared
    if not step.outputs:
        for lot in (*sources, *(before.lots[amount.lot] for amount in step.lots)):
            yield lot.lot, lot.herb, None, lot.origin


def _where(herb: Herb, code: str | None) -> dict[str, str | int]:
    return {
        "herb": herb.name_zh,
        "division": code or "—",
        "name": division(code).words("zh") if code else "不同产地混合",
        "name_en": division(code).words("en") if code else "mixed origins",
        "areas": "、".join(herb.producing_areas),
        "daodi": "、".join(herb.daodi_areas),
    }
