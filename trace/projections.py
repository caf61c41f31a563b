"""Between tables and the inside: reading what a step needs in few queries, writing what it changed.

Everything goes through SQLAlchemy Core: a step touches a dozen rows, and ORM objects would cost more
than all its checks and its signature together.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from ledger.errors import Location
from trace.effects import Effects
from trace.errors import UnknownParty, UnknownPlace
from trace.findings import Finding
from trace.lineage import ancestors, lots_of, ways
from trace.lots import LotState, Quality
from trace.results import judge_results, regime_of
from trace.steps import Step
from trace.tables import (
    EdgeRow,
    FindingRow,
    FreezeRow,
    LotRow,
    PartyRow,
    PlaceRow,
    SaleRow,
    ShipmentRow,
    StepLotRow,
    StepRow,
    insert_rows,
    table_of,
)
from trace.vocabulary import Form, Stage
from trace.world import Before, Freeze, OpenShipment, Site

_FINAL = frozenset({Stage.PACK, Stage.SALE})


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
    )


def lots_named(session: Session, lots: Sequence[str]) -> dict[str, LotState]:
    """Return those of `lots` that exist, in one query."""
    rows = session.connection().execute(_LOTS, {"lots": lots})
    return {row.lot_id: lot_state(row) for row in rows}


def before(session: Session, step: Step, recorded_ms: int) -> Before:
    """Gather the world a step finds; raises `UnknownParty` and `UnknownPlace`."""
    frozen, site = _who_and_where(session, step)
    lots = _held_lots(session, step.touched)
    frozen += [lot.lot for lot in lots.values() if lot.frozen]
    moving = step.stage in (Stage.SHIP, Stage.RECEIVE)
    shipments = _shipments(session, step) if step.stage is Stage.RECEIVE else {}
    final = {lot: state.form for lot, state in lots.items() if step.stage in _FINAL}
    return Before(
        recorded_ms=recorded_ms,
        site=site,
        lots=lots,
        shipments=shipments,
        sold_elsewhere=_sold_elsewhere(session, step) if moving else {},
        freezes=_freezes(session, frozen) if frozen else (),
        ways=ways(session, final) if final else {},
        failed_measurands=_failed_measurands(session, step, lots),
        judged={
            lot: judge_results(step.results, state.herb, state.form, regime_of(step.public.get("regime")))
            for lot, state in lots.items()
            if step.results
        },
    )


def write_effects(session: Session, step: Step, found: Effects, before: Before) -> None:
    """Write the lots made and changed, the edges and touches, shipments and receipts."""
    insert_rows(session, LotRow, (_lot_values(lot) for lot in found.made))
    changes = [
        _changeable(lot) | {"changed": lot.lot} for lot in found.changed if lot != before.lots[lot.lot]
    ]
    if changes:
        session.connection().execute(_CHANGE_LOT, changes)
    at = {"step_id": step.step_id}
    insert_rows(
        session,
        StepLotRow,
        (at | {"lot_id": touch.lot, "role": touch.role, "grams": touch.grams} for touch in found.touches),
    )
    insert_rows(
        session,
        EdgeRow,
        (
            at
            | {
                "source": edge.source,
                "target": edge.target,
                "grams_in": edge.grams_in,
                "grams_out": edge.grams_out,
                "event_ms": step.event_ms,
            }
            for edge in found.edges
        ),
    )
    _write_movements(session, step, found)


def write_sales(session: Session, step: Step, before: Before) -> None:
    """Write one row for each lot sold; what it was sold for stays with the private values."""
    sold = [(before.lots[amount.lot], amount.grams or 0) for amount in step.lots]
    insert_rows(
        session,
        SaleRow,
        (
            {
                "step_id": step.step_id,
                "lot_id": lot.lot,
                "seller": step.party,
                "buyer": step.counterparty,
                "herb": lot.herb,
                "grade": lot.grade,
                "origin": lot.origin,
                "market": before.site.market,
                "grams": grams,
                "event_ms": step.event_ms,
                "settled": False,
            }
            for lot, grams in sold
        ),
    )


def write_findings(
    session: Session, step: Step, findings: Sequence[Finding], recorded_ms: int, ids: Iterable[str]
) -> None:
    """Keep what was flagged."""
    insert_rows(
        session,
        FindingRow,
        (
            {
                "finding_id": finding_id,
                "rule": finding.rule.code,
                "step_id": step.step_id,
                "lot_id": finding.lot,
                "parts": text_of(dict(finding.parts)),
                "found_ms": recorded_ms,
            }
            for finding_id, finding in zip(ids, findings, strict=True)
        ),
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
_WHO_AND_WHERE: Final = select(
    col(PartyRow.uscc),
    col(PartyRow.frozen),
    select(col(PlaceRow.division)).where(col(PlaceRow.place_id) == bindparam("place")).scalar_subquery(),
    select(col(PlaceRow.market)).where(col(PlaceRow.place_id) == bindparam("place")).scalar_subquery(),
    select(col(PlaceRow.party)).where(col(PlaceRow.place_id) == bindparam("place")).scalar_subquery(),
).where(col(PartyRow.uscc).in_(bindparam("usccs", expanding=True)))


_CHANGE_LOT: Final = update(table_of(LotRow)).where(col(LotRow.lot_id) == bindparam("changed"))


def _who_and_where(session: Session, step: Step) -> tuple[list[str], Site]:
    """Return which of the step's parties are frozen, and where it happened, in one query."""
    wanted = [uscc for uscc in (step.party, step.counterparty) if uscc is not None]
    rows = session.connection().execute(_WHO_AND_WHERE, {"usccs": wanted, "place": step.place}).all()
    known = {row[0] for row in rows}
    for uscc in wanted:
        if uscc not in known:
            member = "party" if uscc == step.party else "counterparty"
            raise UnknownParty(uscc=uscc, at=Location(field=member, value=uscc))
    division, market, runs_it = rows[0][2:5]
    if division is None:
        raise UnknownPlace(place=step.place, at=Location(field="place", value=step.place))
    return [row[0] for row in rows if row[1]], Site(division=division, market=market, party=runs_it)


def _held_lots(session: Session, lots: Sequence[str]) -> dict[str, LotState]:
    """Return those of `lots` that exist, and keep other writers from them until the transaction ends."""
    rows = session.connection().execute(_HELD_LOTS, {"lots": lots})
    return {row.lot_id: lot_state(row) for row in rows}


def _freezes(session: Session, targets: Sequence[str]) -> tuple[Freeze, ...]:
    rows = session.execute(
        select(col(FreezeRow.kind), col(FreezeRow.target), col(FreezeRow.reason))
        .where(col(FreezeRow.target).in_(targets), col(FreezeRow.lifted_ms).is_(None))
        .order_by(col(FreezeRow.frozen_ms))
    )
    return tuple(Freeze(kind=kind, target=target, reason=reason) for kind, target, reason in rows)


def _shipments(session: Session, step: Step) -> dict[str, OpenShipment]:
    rows = session.execute(
        select(
            col(ShipmentRow.lot_id),
            col(ShipmentRow.sender),
            col(ShipmentRow.receiver),
            col(ShipmentRow.grams),
            col(ShipmentRow.shipped_ms),
        ).where(
            col(ShipmentRow.lot_id).in_([amount.lot for amount in step.lots]),
            col(ShipmentRow.received_step).is_(None),
        )
    )
    return {
        lot: OpenShipment(lot=lot, sender=sender, receiver=receiver, grams=grams, shipped_ms=shipped_ms)
        for lot, sender, receiver, grams, shipped_ms in rows
    }


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
        select(col(FindingRow.parts)).where(
            col(FindingRow.lot_id).in_(lots), col(FindingRow.rule) == "quality.over_limit"
        )
    ).scalars()
    return frozenset(str(orjson.loads(each)["measurand"]) for each in parts)


def _sold_elsewhere(session: Session, step: Step) -> dict[str, int]:
    """Grams of the lots sold and not handed over, other than to the receiver of this shipment."""
    receiver = step.party if step.stage is Stage.RECEIVE else step.counterparty
    rows = session.execute(
        select(col(SaleRow.lot_id), func.sum(col(SaleRow.grams)))
        .where(
            col(SaleRow.lot_id).in_([amount.lot for amount in step.lots]),
            col(SaleRow.settled).is_(False),
            or_(col(SaleRow.buyer).is_(None), col(SaleRow.buyer) != receiver),
        )
        .group_by(col(SaleRow.lot_id))
    )
    return {lot: int(grams) for lot, grams in rows}


def _write_movements(session: Session, step: Step, found: Effects) -> None:
    insert_rows(
        session,
        ShipmentRow,
        (
            {
                "shipped_step": step.step_id,
                "lot_id": shipment.lot,
                "sender": shipment.sender,
                "receiver": shipment.receiver,
                "grams": shipment.grams,
                "shipped_ms": step.event_ms,
                "received_step": None,
            }
            for shipment in found.shipped
        ),
    )
    if found.received:
        session.execute(
            update(ShipmentRow)
            .where(col(ShipmentRow.lot_id).in_(found.received), col(ShipmentRow.received_step).is_(None))
            .values(received_step=step.step_id)
        )
        session.execute(update(SaleRow).where(col(SaleRow.lot_id).in_(found.received)).values(settled=True))


def _lot_values(lot: LotState) -> dict[str, object]:
    return _changeable(lot) | {
        "lot_id": lot.lot,
        "herb": lot.herb,
        "form": lot.form.value,
        "grade": lot.grade,
        "origin_kind": lot.origin_kind.value if lot.origin_kind else None,
        "origin": lot.origin,
        "grams_in": lot.grams_in,
        "frozen": lot.frozen,
        "made_ms": lot.made_ms,
        "made_step": lot.made_step,
        "made_statement": lot.made_statement,
    }


def _changeable(lot: LotState) -> dict[str, object]:
    return {
        "holder": lot.holder,
        "grams": lot.grams,
        "packed_grams": lot.packed_grams,
        "sold_grams": lot.sold_grams,
        "quality": lot.quality.value,
        "quality_ms": lot.quality_ms,
        "in_transit": lot.in_transit,
    }
