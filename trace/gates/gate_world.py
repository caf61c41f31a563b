"""What the registers say of the parties, places and herbs a step names, read before it is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from ledger.private.private_vault import Vault
from trace.gates.gate_query import Cut, Read, asked_of, read
from trace.lots import LotState
from trace.registers.days import day_of
from trace.registers.licences import Licence
from trace.registers.outlines import exact_outline
from trace.registers.ring import Position
from trace.registers.standing import Standing
from trace.standards.licence_needs import LicenceNeed
from trace.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields whose crops are harvested: what was planted, and what they gave so far.

    One planting is one field, under however many lot ids its crop stands.
    """

    area_mu: Decimal
    """As the plantings said, all of them together."""
    harvested: int
    """Grams that earlier harvests took; of a harvest of other fields too, their part by area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateWorld:
    """What the gate rules need to know."""

    day: date
    """Day of the step, in Beijing."""
    standings: tuple[Standing, ...] = ()
    """Of the party, the place and the other side, those not over before the step."""
    needs: tuple[LicenceNeed, ...] = ()
    """What the stage needs on that day."""
    licences: tuple[Licence, ...] = ()
    """Those of the party that could meet a need."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """How strictly the regulator wants each gate taken."""
    place_mu_100: int | None = None
    """Area of the place in hundredths of a 亩, from its outline."""
    sown_mu: Decimal = Decimal(0)
    """Of a planting: what earlier ones at the place said they covered, whose crop still stands."""
    ring: tuple[Position, ...] | None = None
    """The outline, where the step says a position and the outline could be opened."""
    fields: Fields | None = None
    """Of a harvest; None too where some planting is not on record or said no area."""


def gather_gates(
    session: Session,
    step: Step,
    lots: Mapping[str, LotState],
    recorded_ms: int,
    vault: Vault | None = None,
) -> GateWorld:
    """Read what the gate rules need for `step`: one query, and two more to open an outline.

    Without `vault` no outline is opened, so that no position is judged. `lots` are those the step touches,
    as it finds them; `recorded_ms` is when it is recorded.
    """
    asked = asked_of(step, lots)
    found = read(session, step, asked, recorded_ms)
    ring = None
    if asked.position and found.outline is not None and vault is not None:
        ring = exact_outline(session, vault, found.outline.statement_id)
    return GateWorld(
        day=day_of(step.event_ms),
        standings=found.standings,
        needs=asked.needs,
        licences=found.licences,
        settings=found.settings,
        place_mu_100=None if found.outline is None else found.outline.mu_100,
        sown_mu=sum(found.sown.values(), Decimal(0)),
        ring=ring,
        fields=_fields(asked.crops, found),
    )


def _fields(crops: Sequence[str], found: Read) -> Fields | None:
    if not crops or not all(crop in found.planted for crop in crops):
        return None
    plantings = {found.planted[crop] for crop in crops}
    return Fields(
        area_mu=_area(plantings, found),
        harvested=sum(_part(cut, plantings, found) for cut in found.harvested.values()),
    )


def _part(cut: Cut, plantings: set[str], found: Read) -> int:
    """What of an earlier cut grew on `plantings`: all of it where some other field's area is not known."""
    others = {found.planted.get(crop) for crop in cut.crops}
    named = {planting for planting in others if planting is not None}
    whole = _area(named, found)
    if None in others or not whole:
        return cut.grams
    return int(cut.grams * _area(named & plantings, found) / whole)


def _area(plantings: set[str], found: Read) -> Decimal:
    return sum((found.areas[planting] for planting in plantings), Decimal(0))
