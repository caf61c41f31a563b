"""Reading what a story is told from, in a handful of queries however long the way is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from trace.errors import UnknownCode
from trace.lineage import LineageEdge, ancestors, lots_of
from trace.lots import LotState
from trace.parties import Party, party_of
from trace.places import Place, place_of
from trace.projections import lots_named
from trace.tables import CodeRow, DisclosureRow, FindingRow, PartyRow, PlaceRow, StepLotRow, StepRow
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
    places: Mapping[str, Place]


def code_row(session: Session, code: str) -> CodeRow:
    """Return what is on record about a code; raises `UnknownCode`."""
    row = session.get(CodeRow, code, populate_existing=True)
    if row is None:
        raise UnknownCode(code=code)
    return row


def way(session: Session, lot: str, pack_step: str | None) -> Way:
    """Read the way of `lot` back to its seed; of its packings only `pack_step`, or all when None."""
    edges = ancestors(session, [lot])
    names = lots_of(edges, [lot])
    links = _links(session, names)
    wanted = _on_the_way(lot, edges, links, pack_step)
    steps = _steps(session, wanted)
    kept = {step.step_id for step in steps}
    return Way(
        lot=lot,
        lots=lots_named(session, names),
        edges=edges,
        steps=steps,
        links={step_id: tuple(found) for step_id, found in links.items() if step_id in kept},
        findings=_findings(session, kept, names),
        erased=_erased(session, steps),
        parties=_parties(session, steps),
        places=_places(session, steps),
    )


def _links(session: Session, lots: Sequence[str]) -> dict[str, list[Link]]:
    """Every lot of every step that touches one of `lots`."""
    touching = select(StepLotRow.step_id).where(col(StepLotRow.lot_id).in_(lots))
    rows = session.execute(
        select(StepLotRow.step_id, StepLotRow.lot_id, StepLotRow.role, StepLotRow.grams)
        .where(col(StepLotRow.step_id).in_(touching))
        .order_by(col(StepLotRow.lot_id))
    )
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
    """Read the steps, oldest first. A test counts whenever it was made: what left is what was tested."""
    rows = session.execute(
        select(StepRow)
        .where(col(StepRow.step_id).in_(wanted))
        .order_by(col(StepRow.event_ms), col(StepRow.recorded_ms), col(StepRow.step_id))
    ).scalars()
    return tuple(row for row in rows if _counts(row, wanted[row.step_id]))


def _counts(row: StepRow, until: int | None) -> bool:
    return until is None or row.event_ms <= until or row.stage == Stage.TEST


def _findings(session: Session, steps: set[str], lots: Sequence[str]) -> Mapping[str, tuple[FindingRow, ...]]:
    rows = session.execute(
        select(FindingRow)
        .where(col(FindingRow.step_id).in_(steps))
        .order_by(col(FindingRow.found_ms), col(FindingRow.rule), col(FindingRow.lot_id))
    ).scalars()
    found: dict[str, list[FindingRow]] = {}
    for row in rows:
        if row.lot_id is None or row.lot_id in lots:
            found.setdefault(row.step_id, []).append(row)
    return {step_id: tuple(rows) for step_id, rows in found.items()}


def _erased(session: Session, steps: Sequence[StepRow]) -> dict[str, tuple[DisclosureRow, ...]]:
    wanted = col(DisclosureRow.statement_id).in_([step.statement_id for step in steps])
    rows = session.execute(
        select(DisclosureRow).where(wanted, col(DisclosureRow.erased_ms).is_not(None))
    ).scalars()
    found: dict[str, tuple[DisclosureRow, ...]] = {}
    for row in rows:
        found[row.statement_id] = (*found.get(row.statement_id, ()), row)
    return found


def _parties(session: Session, steps: Sequence[StepRow]) -> dict[str, Party]:
    wanted = {uscc for step in steps for uscc in (step.party, step.counterparty) if uscc is not None}
    rows = session.execute(select(PartyRow).where(col(PartyRow.uscc).in_(wanted))).scalars()
    return {row.uscc: party_of(row) for row in rows}


def _places(session: Session, steps: Sequence[StepRow]) -> dict[str, Place]:
    wanted = {step.place for step in steps}
    rows = session.execute(select(PlaceRow).where(col(PlaceRow.place_id).in_(wanted))).scalars()
    return {row.place_id: place_of(row) for row in rows}
