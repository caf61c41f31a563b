"""Reading what a story is told from, in a handful of queries however long the way is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlmodel import Session, col

from trace.corrections.correction_tables import CorrectionRow
from trace.corrections.reading import corrections_of
from trace.lineage import LineageEdge, ancestors, lots_of
from trace.lots import LotState
from trace.pack_way import steps_of_pack, told_apart
from trace.parties import Party, party_of
from trace.places import Place, place_of
from trace.projections import lots_named
from trace.reaching import for_each
from trace.registers.licences import Licence, licence_of
from trace.registers.register_tables import LicenceRow
from trace.tables import DisclosureRow, FindingRow, PartyRow, PlaceRow, StepLotRow, StepRow, table_of
from trace.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A step touches a lot."""

    step_id: str
    lot: str
    role: str
    grams: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Everything on record about the way of one lot."""

    lot: str
    lots: Mapping[str, LotState]
    edges: tuple[LineageEdge, ...]
    steps: tuple[StepRow, ...]
    """Those that belong to the way, oldest first."""
    links: Mapping[str, tuple[Link, ...]]
    """By step."""
    findings: Mapping[str, tuple[FindingRow, ...]]
    """By step."""
    erased: Mapping[str, tuple[DisclosureRow, ...]]
    """What is left of erased private fields, by statement."""
    parties: Mapping[str, Party]
    licences: Mapping[str, tuple[Licence, ...]]
    """By party, oldest validity first."""
    places: Mapping[str, Place]
    corrections: Mapping[str, CorrectionRow]
    """By the step declared wrong."""
    apart: bool
    """Whether other packs of the lot may have gone another way."""


def way(session: Session, lot: str, pack_step: str | None, serial: int | None = None) -> Way:
    """Read the way of `lot` back to its seed; of its packings only `pack_step`, or all when None.

    With `serial` it is the way of that pack of the lot, or of the box it stands for, and of no other.
    """
    edges = ancestors(session, [lot])
    names = lots_of(edges, [lot])
    links = _links(session, names)
    wanted = _on_the_way(lot, edges, links, pack_step)
    steps = _steps(session, wanted)
    apart = told_apart(steps)
    if serial is not None:
        steps = steps_of_pack(steps, links, set(names), lot, serial)
    kept = {step.step_id for step in steps}
    parties, licences = _parties(session, steps)
    return Way(
        lot=lot,
        lots=lots_named(session, names),
        edges=edges,
        steps=steps,
        links={step_id: tuple(found) for step_id, found in links.items() if step_id in kept},
        findings=_findings(session, kept, names),
        erased=_erased(session, steps),
        parties=parties,
        licences=licences,
        places=_places(session, steps),
        corrections=corrections_of(session, [step.step_id for step in steps if step.voided_by is not None]),
        apart=apart,
    )


def _links(session: Session, lots: Sequence[str]) -> dict[str, list[Link]]:
    """Every lot of every step that touches one of `lots`."""
    connection = session.connection()
    rows = connection.execute(_touched(connection.dialect.name), {"lots": list(lots)})
    found: dict[str, list[Link]] = {}
    for step_id, lot, role, grams in rows:
        found.setdefault(step_id, []).append(Link(step_id=step_id, lot=lot, role=role, grams=grams))
    return found


def _on_the_way(
    lot: str, edges: Sequence[LineageEdge], links: Mapping[str, Sequence[Link]], pack_step: str | None
) -> dict[str, int | None]:
    """Return the steps of the way, each with the moment until which it counts; None is for ever.

    They made or saw a lot of the way, or packed ours. What a lot was also used for is another way,
    and what happened to the rest of it after our part had left is none of our way either.
    """
    left: dict[str, int] = {}
    for edge in edges:
        left[edge.source] = max(edge.event_ms, left.get(edge.source, edge.event_ms))
    wanted: dict[str, int | None] = dict.fromkeys((edge.step_id for edge in edges), None)
    for step_id, touched in links.items():
        makes = any(link.role == "made" for link in touched)
        for link in touched:
            of_way = link.lot == lot or link.lot in left
            packs = link.lot == lot and link.role == "used" and not makes and pack_step in (None, step_id)
            if packs or (of_way and link.role == "made"):
                wanted[step_id] = None
            elif of_way and link.role == "seen":
                wanted.setdefault(step_id, left.get(link.lot))
    return wanted


def _steps(session: Session, wanted: Mapping[str, int | None]) -> tuple[StepRow, ...]:
    """Read the steps, oldest first. A test counts whenever it was made: what left is what was tested.

    What a step stands in the place of is read with it: a wrong packing names no code any more.
    """
    until = dict(wanted)
    found: dict[str, StepRow] = {}
    asked = list(until)
    while asked:
        rows = session.execute(_STEPS, {"steps": asked}).scalars().all()
        found |= {row.step_id: row for row in rows}
        until |= {row.corrects: until[row.step_id] for row in rows if row.corrects not in (None, *until)}
        asked = [step_id for step_id in until if step_id not in found and step_id not in wanted]
    ordered = sorted(found.values(), key=lambda row: (row.event_ms, row.recorded_ms, row.step_id))
    return tuple(row for row in ordered if _counts(row, until[row.step_id]))


def _counts(row: StepRow, until: int | None) -> bool:
    return until is None or row.event_ms <= until or row.stage == Stage.TEST


def _findings(session: Session, steps: set[str], lots: Sequence[str]) -> Mapping[str, tuple[FindingRow, ...]]:
    rows = session.execute(_FINDINGS, {"steps": list(steps)}).scalars()
    found: dict[str, list[FindingRow]] = {}
    for row in rows:
        if row.lot_id is None or row.lot_id in lots:
            found.setdefault(row.step_id, []).append(row)
    return {step_id: tuple(rows) for step_id, rows in found.items()}


def _erased(session: Session, steps: Sequence[StepRow]) -> dict[str, tuple[DisclosureRow, ...]]:
    rows = session.execute(_ERASED, {"statements": [step.statement_id for step in steps]}).scalars()
    found: dict[str, tuple[DisclosureRow, ...]] = {}
    for row in rows:
        found[row.statement_id] = (*found.get(row.statement_id, ()), row)
    return found


def _parties(
    session: Session, steps: Sequence[StepRow]
) -> tuple[dict[str, Party], dict[str, tuple[Licence, ...]]]:
    """Return the parties of the steps, and what each had registered as a licence, in one query."""
    wanted = {uscc for step in steps for uscc in (step.party, step.counterparty) if uscc is not None}
    parties: dict[str, Party] = {}
    licences: dict[str, tuple[Licence, ...]] = {}
    for party, licence in session.execute(_PARTIES, {"parties": list(wanted)}):
        parties[party.uscc] = party_of(party)
        if licence is not None:
            licences[party.uscc] = (*licences.get(party.uscc, ()), licence_of(licence))
    return parties, licences


def _places(session: Session, steps: Sequence[StepRow]) -> dict[str, Place]:
    wanted = {step.place for step in steps}
    rows = session.execute(_PLACES, {"places": list(wanted)}).scalars()
    return {row.place_id: place_of(row) for row in rows}


@cache
def _touched(dialect: str) -> Select[Any]:
    """Return the query of all lots of the steps that touch one of `lots`."""
    touch = table_of(StepLotRow)
    steps = select(touch.c.step_id).where(touch.c.lot_id.in_(_among("lots"))).distinct().cte("steps")
    wanted = select(touch.c.step_id, touch.c.lot_id, touch.c.role, touch.c.grams)
    found = for_each(dialect, steps, wanted, touch.c.step_id == steps.c.step_id)
    return found.order_by(found.selected_columns.lot_id)


def _among(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


# Made once: every scan asks all of them.
_STEPS: Final = select(StepRow).where(col(StepRow.step_id).in_(_among("steps")))
_FINDINGS: Final = (
    select(FindingRow)
    .where(col(FindingRow.step_id).in_(_among("steps")))
    .order_by(col(FindingRow.found_ms), col(FindingRow.rule), col(FindingRow.lot_id))
)
_ERASED: Final = select(DisclosureRow).where(
    col(DisclosureRow.statement_id).in_(_among("statements")), col(DisclosureRow.erased_ms).is_not(None)
)
_PARTIES: Final = (
    select(PartyRow, LicenceRow)
    .join(LicenceRow, col(LicenceRow.party) == col(PartyRow.uscc), isouter=True)
    .where(col(PartyRow.uscc).in_(_among("parties")))
    .order_by(col(LicenceRow.valid_from_ms), col(LicenceRow.statement_id))
)
_PLACES: Final = select(PlaceRow).where(col(PlaceRow.place_id).in_(_among("places")))
