"""Orders for codes that bear their party's own id: sent again after a lost answer, they are one batch."""

from dataclasses import dataclass

from sqlmodel import Session

from ledger.errors import Location
from trace.coding.code_errors import CodeOrderDiffers
from trace.coding.code_tables import CodeOrderRow
from trace.coding.code_words import Level
from trace.coding.serials import take_serials


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOrder:
    """An order as a party sends it."""

    party: str
    """USCC."""
    count: int
    level: Level
    client_id: str | None = None
    """The party's own id for it, if it gave one."""


def reserve_serials(session: Session, order: CodeOrder) -> int:
    """Return the first serial of an order: reserved now, or when the same order came before.

    Raises `CodeOrderDiffers` where the party sent another order under this id.
    """
    if order.client_id is None:
        return take_serials(session, order.count)
    take_serials(session, 0)  # those who come at once take turns by the counter's row
    row = _row(session, order)
    if row is None:
        first = take_serials(session, order.count)
        session.add(
            CodeOrderRow(
                party=order.party,
                client_id=order.client_id,
                count=order.count,
                level=order.level.value,
                first_serial=first,
            )
        )
        session.flush()
        return first
    if (row.count, row.level) != (order.count, order.level.value):
        raise CodeOrderDiffers(
            id=order.client_id,
            count=row.count,
            level_zh=Level(row.level).zh,
            level_en=Level(row.level).en,
            at=Location(field="id", value=order.client_id),
        )
    return row.first_serial


def filled_by(session: Session, order: CodeOrder) -> str | None:
    """Return the batch of an order that is finished; None for one that is not, or that bears no id."""
    row = None if order.client_id is None else _row(session, order)
    return None if row is None else row.batch_id


def fill_order(session: Session, order: CodeOrder, batch_id: str) -> None:
    """Note the batch that an order came to."""
    row = None if order.client_id is None else _row(session, order)
    if row is not None:
        row.batch_id = batch_id
        session.add(row)
        session.flush()


def _row(session: Session, order: CodeOrder) -> CodeOrderRow | None:
    key = (order.party, order.client_id)
    return session.get(CodeOrderRow, key, populate_existing=True, with_for_update=True)
