"""Between tables and the inside: reading what a step needs in few queries.

Everything goes through SQLAlchemy Core: a step touches a dozen rows, and ORM objects would cost more
than all its checks and its signature together.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.private.private_vault import Vault
from ledger.writing.bulk import ask
from trace.bad_results import failed_sources, retested
from trace.balance import BY_THE_PACK
from trace.coding.pack_finding import find_ranges, frozen_in_lots
from trace.coding.pack_selection import PackSelection
from trace.documents.document_world import gather_documents
from trace.errors import UnknownParty, UnknownPlace
from trace.gates.gate_world import gather_gates
from trace.judged_results import judged_test
from trace.lineage import ancestors, lots_of, ways
from trace.lots import LotState, Quality
from trace.promises import SOLD_BY_CODE, gather_promises
from trace.recalls.closure import in_parts
from trace.recalls.hold_reading import open_holds, products_made
from trace.recalls.hold_world import Hold
from trace.steps import Step
from trace.tables import (
    FindingRow,
    LotRow,
    SaleRow,
    ShipmentRow,
    StepRow,
    table_of,
)
from trace.vocabulary import Form, Stage
from trace.world import Before, OpenShipment, Site

_FINAL = frozenset({Stage.PACK, Stage.SALE, Stage.DISPENSE})
_MOVING: Final = frozenset({Stage.SHIP, Stage.RECEIVE, Stage.RETURN})


def lot_state(row: LotRow | Row[Any]) -> LotState:
    """Return the lot a row holds."""
    return LotState(
        lot=row.lot_id,
        herb=row.herb,
        form=Form(row.form),
        grade=row.grade,
        holder=row.holder,
        origin_kind=Stage(row.origin_kind) if row.origin_kind else None,
        origin=row.origin,
        grams_in=row.grams_in,
        grams=row.grams,
        packed_grams=row.packed_grams,
        sold_grams=row.sold_grams,
        quality=Quality(row.quality),
        quality_ms=row.quality_ms,
        frozen=row.frozen,
        in_transit=row.in_transit,
        made_ms=row.made_ms,
        made_step=row.made_step,
        made_statement=row.made_statement,
        held_ms=getattr(row, "held_ms", None),
        expires=row.expires,
        harvest_from_ms=row.harvest_from_ms,
        harvested_ms=row.harvested_ms,
        adjusted_grams=row.adjusted_grams,
        raised_ppm=row.raised_ppm,
        excipient_ppm=row.excipient_ppm,
    )


def lots_named(session: Session, lots: Sequence[str]) -> dict[str, LotState]:
    """Return those of `lots` that exist, in one query for each few thousand."""
    connection = session.connection()
    return {
        row.lot_id: lot_state(row)
        for part in in_parts(lots)
        for row in connection.execute(_LOTS, {"lots": part})
    }


def held_lots(session: Session, lots: Sequence[str]) -> tuple[dict[str, LotState], frozenset[str]]:
    """Return those of `lots` that have a row, and which of them nothing makes any more.

    Other writers are kept from all of them until the transaction ends.
    """
    rows = session.connection().execute(_HELD_LOTS, {"lots": lots}).all()
    return {row.lot_id: lot_state(row) for row in rows}, frozenset(row.lot_id for row in rows if row.unmade)


def before(
    session: Session,
    step: Step,
    recorded_ms: int,
    vault: Vault | None = None,
    packs: PackSelection | None = None,
) -> Before:
    """Gather the world a step finds; raises `UnknownParty` and `UnknownPlace`.

    `vault` opens the outline of the place where the step says a position; without it none is judged.
    `packs` are those the step names by their codes.
    """
    frozen, site = _who_and_where(session, step)
    lots, unmade = _held_lots(session, _names(step, packs))
    moving = step.stage in _MOVING or (packs is not None and step.stage in BY_THE_PACK)
    shipments = _shipments(session, step) if step.stage is Stage.RECEIVE else {}
    finals = lots if step.stage in _FINAL else {}
    final = {lot: state.form for lot, state in finals.items()}
    edges = ancestors(session, list(final))
    return Before(
        recorded_ms=recorded_ms,
        site=site,
        lots=lots,
        shipments=shipments,
        unmade=unmade,
        sold_elsewhere=_sold_elsewhere(session, step, packs) if moving else {},
        promises=gather_promises(session, step),
        came_from=_came_from(session, step.party, _names(step, packs)) if step.stage is Stage.RETURN else {},
        holds=_holds(session, step, frozen, lots, packs),
        ways=ways(session, final, edges) if final else {},
        failed_sources=failed_sources(session, finals, edges) if final else {},
        failed_measurands=_failed_measurands(session, step, lots),
        judged=judged_test(step, lots),
        retested=retested(session, step, lots),
        packs=packs,
        gates=gather_gates(session, step, lots, recorded_ms, vault),
        documents=gather_documents(session, step),
    )


def _names(step: Step, packs: PackSelection | None) -> tuple[str, ...]:
    """Return every lot a step is about, those its packs were filled from too."""
    return step.touched if packs is None else tuple(dict.fromkeys((*step.touched, *packs.lots_concerned)))


def before_effects(session: Session, step: Step, recorded_ms: int) -> Before:
    """Gather what the effects of a step rest on, and nothing that only its rules ask for."""
    packs = find_ranges(session, step.packs_named, step.container) if step.by_code else None
    lots, unmade = _held_lots(session, step.touched)
    _, site = _who_and_where(session, step)
    return Before(
        recorded_ms=recorded_ms,
        site=site,
        lots=lots,
        unmade=unmade,
        shipments=_shipments(session, step) if step.stage is Stage.RECEIVE else {},
        packs=packs,
    )


def text_of(value: JsonValue) -> str:
    """Return JSON with sorted members as text; whether it is canonical is judged when it is signed."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


_LOTS: Final = select(table_of(LotRow)).where(col(LotRow.lot_id).in_(bindparam("lots", expanding=True)))
# Two writers that touch one lot on PostgreSQL take turns, always in this order; SQLite has one writer.
_HELD_LOTS: Final = (
    _LOTS.add_columns(
        select(func.max(col(StepRow.event_ms)))
        .join(ShipmentRow, col(ShipmentRow.received_step) == col(StepRow.step_id))
        .where(col(ShipmentRow.lot_id) == col(LotRow.lot_id))
        .correlate(table_of(LotRow))
        .scalar_subquery()
        .label("held_ms")
    )
    .order_by(col(LotRow.lot_id))
    .with_for_update(of=table_of(LotRow))
)
_WHO_AND_WHERE: Final = """
SELECT uscc, frozen, division, market, runs_it
FROM (SELECT uscc, frozen FROM trace_party WHERE uscc AMONG ?) AS who
LEFT JOIN (SELECT division, market, party AS runs_it FROM trace_place WHERE place_id = ?) AS here ON true
"""


def _who_and_where(session: Session, step: Step) -> tuple[list[str], Site]:
    """Return which of the step's parties are frozen, and where it happened, in one query."""
    wanted = [uscc for uscc in (step.party, step.counterparty) if uscc is not None]
    rows = ask(session, _WHO_AND_WHERE, wanted, step.place)
    known = {row[0] for row in rows}
    for uscc in wanted:
        if uscc not in known:
            member = "party" if uscc == step.party else "counterparty"
            raise UnknownParty(uscc=uscc, at=Location(field=member, value=uscc))
    division, market, runs_it = rows[0][2:5]
    if division is None:
        raise UnknownPlace(place=step.place, at=Location(field="place", value=step.place))
    return [row[0] for row in rows if row[1]], Site(division=division, market=market, party=runs_it)


def _held_lots(session: Session, lots: Sequence[str]) -> tuple[dict[str, LotState], frozenset[str]]:
    """Return those of `lots` that exist, and those unmade; other writers are kept from all of them."""
    known, unmade = held_lots(session, lots)
    return {name: lot for name, lot in known.items() if name not in unmade}, unmade


def _holds(
    session: Session,
    step: Step,
    parties: Sequence[str],
    lots: Mapping[str, LotState],
    packs: PackSelection | None,
) -> tuple[Hold, ...]:
    """Return the open holds on what is frozen of this, and on the products the step would make."""
    return open_holds(
        session,
        parties=parties,
        lots=[lot.lot for lot in lots.values() if lot.frozen],
        products=products_made(step, lots),
        serials=_held_packs(session, step, lots) if packs is None else packs.frozen_serials,
    )


def _held_packs(session: Session, step: Step, lots: Mapping[str, LotState]) -> list[int]:
    """Return the serials on hold of packs that would leave with their lot."""
    packed = [lot.lot for lot in lots.values() if lot.packed_grams]
    return frozen_in_lots(session, packed) if packed and step.stage is Stage.SHIP else []


def _shipments(session: Session, step: Step) -> dict[str, OpenShipment]:
    rows = session.execute(
        select(
            col(ShipmentRow.lot_id),
            col(ShipmentRow.sender),
            col(ShipmentRow.receiver),
            col(ShipmentRow.grams),
            col(ShipmentRow.shipped_ms),
            col(ShipmentRow.returned),
        ).where(
            col(ShipmentRow.lot_id).in_([amount.lot for amount in step.lots]),
            col(ShipmentRow.received_step).is_(None),
        )
    )
    return {
        lot: OpenShipment(
            lot=lot, sender=sender, receiver=receiver, grams=grams, shipped_ms=shipped_ms, returned=returned
        )
        for lot, sender, receiver, grams, shipped_ms, returned in rows
    }


def _came_from(session: Session, party: str, lots: Sequence[str]) -> dict[str, str]:
    """Return who sent each lot of a return to the party that returns it, by the latest such receipt."""
    rows = session.execute(
        select(col(ShipmentRow.lot_id), col(ShipmentRow.sender))
        .where(
            col(ShipmentRow.lot_id).in_(lots),
            col(ShipmentRow.receiver) == party,
            col(ShipmentRow.received_step).is_not(None),
            col(ShipmentRow.returned).is_(False),
        )
        .order_by(col(ShipmentRow.shipped_ms), col(ShipmentRow.shipped_step))
    )
    return {row.lot_id: row.sender for row in rows}


def _failed_measurands(
    session: Session, step: Step, lots: Mapping[str, LotState]
) -> dict[str, frozenset[str]]:
    """Return what tests found over its limit on each lot that stands as failed, or on its ancestors."""
    if step.stage is not Stage.TEST:
        return {}
    failed = [lot for lot, state in lots.items() if state.quality is Quality.FAILED]
    return {lot: _over_limit(session, lots_of(ancestors(session, [lot]), [lot])) for lot in failed}


def _over_limit(session: Session, lots: Sequence[str]) -> frozenset[str]:
    parts = session.execute(
        select(col(FindingRow.parts))
        .join(StepRow, col(StepRow.step_id) == col(FindingRow.step_id))
        .where(
            col(FindingRow.lot_id).in_(lots),
            col(FindingRow.rule) == "quality.over_limit",
            col(StepRow.voided_by).is_(None),
        )
    ).scalars()
    return frozenset(str(orjson.loads(each)["measurand"]) for each in parts)


def _sold_elsewhere(session: Session, step: Step, packs: PackSelection | None) -> dict[str, int]:
    """Grams of the lots sold by mass and not handed over, other than to the receiver of this shipment.

    Of packs that go to end users: those sold to end users.
    """
    lots = [amount.lot for amount in step.lots] if packs is None else list(packs.lots)
    others: ColumnElement[bool] = col(SaleRow.buyer).is_(None)
    if packs is None:
        receiver = step.party if step.stage is Stage.RECEIVE else step.counterparty
        others = or_(others, col(SaleRow.buyer) != receiver)
    rows = session.execute(
        select(col(SaleRow.lot_id), func.sum(col(SaleRow.grams)))
        .where(col(SaleRow.lot_id).in_(lots), col(SaleRow.settled).is_(False), others, ~SOLD_BY_CODE)
        .group_by(col(SaleRow.lot_id))
    )
    return {lot: int(grams) for lot, grams in rows}
