"""What is promised of a lot and not handed over: sold by its holder, or bought from it, buyer by buyer.

A purchase (收购) is told by the buyer alone. It binds as a sale to that buyer would, and both sides telling
of one deal make one promise; but since nobody else vouches for it, it holds back no goods and is only
flagged where more is promised than there is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trace.findings import Finding
from trace.rulebook import broken
from trace.steps import Amount, Step
from trace.tables import SaleRow, ShipmentRow, StepLotRow, StepRow, table_of
from trace.vocabulary import Stage
from trace.world import Before

_PROMISING: Final = frozenset({Stage.SALE, Stage.PURCHASE, Stage.SHIP})
SOLD_BY_CODE: Final = exists().where(
    col(StepLotRow.step_id) == col(SaleRow.step_id),
    col(StepLotRow.lot_id) == col(SaleRow.lot_id),
    col(StepLotRow.left_grams).is_not(None),
)
"""Of a sale: its packs left the lot one by one, so that it weighs on what is left of the lot no more."""
Grams: TypeAlias = dict[str | None, int]
"""Grams by buyer; None is the end user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What of one lot its holder sold and what others say they bought, since it was last handed over."""

    sold: Grams = field(default_factory=dict)
    bought: Grams = field(default_factory=dict)

    def to_others(self, party: str | None) -> int:
        """Return the grams promised to anybody else than `party`; both words on one deal count once."""
        buyers = (self.sold.keys() | self.bought.keys()) - {party}
        return sum(self.to(buyer) for buyer in buyers)

    def to(self, buyer: str | None, *, sold: int = 0, bought: int = 0) -> int:
        """Return the grams promised to `buyer`, with so much more sold to it or bought by it.

        >>> Promised(sold={"B": 40}, bought={"B": 30}).to("B", bought=20)
        50
        """
        return max(self.sold.get(buyer, 0) + sold, self.bought.get(buyer, 0) + bought)


def gather_promises(session: Session, step: Step) -> dict[str, Promised]:
    """Read what is promised of the lots that `step` sells, buys or ships by their mass.

    Lots that nobody else says to have bought are left out: what their holder sold is judged without this.
    """
    if step.stage not in _PROMISING or step.by_code:
        return {}
    names = [amount.lot for amount in step.lots]
    seller = step.counterparty if step.stage is Stage.PURCHASE else step.party
    bought = _bought(session, names, seller or "")
    wanted = names if step.stage is Stage.PURCHASE else list(bought)
    sold = _sold(session, wanted) if wanted else {}
    return {lot: Promised(sold=sold.get(lot, {}), bought=bought.get(lot, {})) for lot in wanted}


def promise_rule(step: Step, before: Before) -> Iterator[Finding]:
    """Flag what leaves more of a lot promised, by sales and purchases together, than there is of it."""
    for amount in step.lots:
        promised = before.promises.get(amount.lot)
        if promised is None or before.lots[amount.lot].grams is None:
            continue
        total, at_hand = _with(step, amount, promised), before.lots[amount.lot].at_hand
        if total > at_hand >= _sold_alone(step, amount, promised):
            yield broken("balance.promised", amount.lot, promised=total, at_hand=at_hand)


def _with(step: Step, amount: Amount, promised: Promised) -> int:
    grams = amount.grams or 0
    if step.stage is Stage.PURCHASE:
        return promised.to_others(step.party) + promised.to(step.party, bought=grams)
    if step.stage is Stage.SALE:
        return promised.to_others(step.counterparty) + promised.to(step.counterparty, sold=grams)
    return promised.to_others(step.counterparty) + grams


def _sold_alone(step: Step, amount: Amount, promised: Promised) -> int:
    """What the holder itself sold: of more than there is `balance.oversold` speaks already."""
    return sum(promised.sold.values()) + ((amount.grams or 0) if step.stage is Stage.SALE else 0)


def _bought(session: Session, lots: Sequence[str], seller: str) -> dict[str, Grams]:
    """Grams bought from `seller` since each lot was last received, less the packs it sent the buyer since."""
    rows = session.execute(_TOLD, {"lots": lots, "seller": seller}).all()
    found: dict[str, Grams] = {}
    for lot, stage, buyer, grams in ((row[0], row[1], row[2], row[4]) for row in rows if row[4] is not None):
        if stage == Stage.PURCHASE.value:
            found.setdefault(lot, {})[buyer] = found.get(lot, {}).get(buyer, 0) + int(grams)
    for lot, buyer, left in ((row[0], row[3], row[5]) for row in rows if row[5] is not None):
        if buyer in found.get(lot, {}):
            found[lot][buyer] = max(0, found[lot][buyer] - int(left))
    return found


def _sold(session: Session, lots: Sequence[str]) -> dict[str, Grams]:
    rows = session.execute(_SOLD, {"lots": lots})
    found: dict[str, Grams] = {}
    for lot, buyer, grams in rows:
        found.setdefault(lot, {})[buyer] = int(grams)
    return found


_RECEIVED: Final = (
    select(func.max(col(StepRow.position)))
    .join(ShipmentRow, col(ShipmentRow.received_step) == col(StepRow.step_id))
    .where(col(ShipmentRow.lot_id) == col(StepLotRow.lot_id))
    .correlate(table_of(StepLotRow))
    .scalar_subquery()
)
"""Where in the order of the trace a lot was last received: all promises before are settled."""
_STEP: Final = aliased(StepRow)
_TOLD: Final = (
    select(
        *(col(each) for each in (StepLotRow.lot_id, _STEP.stage, _STEP.party, _STEP.counterparty)),
        *(col(each) for each in (StepLotRow.grams, StepLotRow.left_grams)),
    )
    .join(_STEP, col(_STEP.step_id) == col(StepLotRow.step_id))
    .where(
        col(StepLotRow.lot_id).in_(bindparam("lots", expanding=True)),
        col(_STEP.voided_by).is_(None),
        or_(
            (col(_STEP.stage) == Stage.PURCHASE.value) & (col(_STEP.counterparty) == bindparam("seller")),
            (col(_STEP.party) == bindparam("seller")) & col(StepLotRow.left_grams).is_not(None),
        ),
        col(_STEP.position) > func.coalesce(_RECEIVED, -1),
    )
)
_SOLD: Final = (
    select(col(SaleRow.lot_id), col(SaleRow.buyer), func.sum(col(SaleRow.grams)))
    .where(
        col(SaleRow.lot_id).in_(bindparam("lots", expanding=True)),
        col(SaleRow.settled).is_(False),
        ~SOLD_BY_CODE,
    )
    .group_by(col(SaleRow.lot_id), col(SaleRow.buyer))
)
