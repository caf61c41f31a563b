"""Goods in and out of each party's stock, by herb and form, added up in the database.

In: what it made and what it received. Out: what it used up, shipped, returned, dispensed, destroyed or
drew as samples, and what it sold and has not handed over with the lot. Packing moves nothing out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, literal, select, union_all
from sqlmodel import Session, col, func

from trace.tables import LotRow, SaleRow, StepLotRow, StepRow
from trace.vocabulary import Stage

_OUT: Final = (Stage.SHIP, Stage.RETURN, Stage.DISPENSE, Stage.DESTROY, Stage.SAMPLING)
_STAYS: Final = (Stage.PACK, Stage.NEST, Stage.UNNEST)
"""Uses a lot and leaves it where it is."""


class StockKey(NamedTuple):
    """Whose stock of what: a USCC, a herb and a form."""

    party: str
    herb: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Grams that came in and went out."""

    came: int
    went: int

    @property
    def net(self) -> int:
        """What came in less what went out."""
        return self.came - self.went


def moved(
    session: Session, since_ms: int, until_ms: int, *, party: str | None = None, herb: str | None = None
) -> Mapping[StockKey, Moved]:
    """Add up what moved in steps that happened from `since_ms` up to, not including, `until_ms`.

    One query; of one party or herb where given.
    """
    lines = union_all(
        _touched(since_ms, until_ms, party, made=True),
        _touched(since_ms, until_ms, party, made=False),
        _sold(since_ms, until_ms, party),
    ).subquery()
    wanted = (
        select(
            lines.c.party,
            col(LotRow.herb),
            col(LotRow.form),
            func.sum(lines.c.came),
            func.sum(lines.c.went),
        )
        .join(LotRow, col(LotRow.lot_id) == lines.c.lot_id)
        .group_by(lines.c.party, col(LotRow.herb), col(LotRow.form))
    )
    if herb is not None:
        wanted = wanted.where(col(LotRow.herb) == herb)
    return {
        StockKey(who, what, form): Moved(came=int(came), went=int(went))
        for who, what, form, came, went in session.execute(wanted)
    }


def _touched(since_ms: int, until_ms: int, party: str | None, *, made: bool) -> Select[Any, Any, int, Any]:
    """Lines of what steps brought in (`made`), or took out."""
    role, stage, grams = col(StepLotRow.role), col(StepRow.stage), col(StepLotRow.grams)
    way = (
        (role == "made") | ((role == "seen") & (stage == Stage.RECEIVE.value))
        if made
        else ((role == "used") & stage.not_in([each.value for each in _STAYS]))
        | ((role == "seen") & stage.in_([each.value for each in _OUT]))
    )
    amounts = (grams, literal(0)) if made else (literal(0), grams)
    lines: Select[Any, Any, int, Any] = (
        select(
            col(StepRow.party).label("party"),
            col(StepLotRow.lot_id).label("lot_id"),
            amounts[0].label("came"),
            amounts[1].label("went"),
        )
        .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
        .where(
            col(StepRow.event_ms) >= since_ms,
            col(StepRow.event_ms) < until_ms,
            col(StepRow.voided_by).is_(None),
            grams > 0,
            way,
        )
    )
    return lines if party is None else lines.where(col(StepRow.party) == party)


def _sold(since_ms: int, until_ms: int, party: str | None) -> Select[Any, Any, int, Any]:
    """Lines of what was sold and not handed over with its lot, where the shipment counts it."""
    lines: Select[Any, Any, int, Any] = (
        select(
            col(SaleRow.seller).label("party"),
            col(SaleRow.lot_id).label("lot_id"),
            literal(0).label("came"),
            col(SaleRow.grams).label("went"),
        )
        .join(StepRow, col(StepRow.step_id) == col(SaleRow.step_id))
        .where(
            col(SaleRow.event_ms) >= since_ms,
            col(SaleRow.event_ms) < until_ms,
            col(SaleRow.settled).is_(False),
            col(StepRow.voided_by).is_(None),
        )
    )
    return lines if party is None else lines.where(col(SaleRow.seller) == party)
