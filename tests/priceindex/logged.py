"""What the log of a small market holds, kind by kind."""

from collections.abc import Mapping

from sqlmodel import col, select

from ledger.canonical import JsonValue
from ledger.entry import parse_leaf
from ledger.tables import EntryRow
from tests.priceindex.small_market import SmallMarket


def publics(market: SmallMarket, kind: str) -> list[Mapping[str, JsonValue]]:
    """The public parts of every logged statement of a kind, oldest first."""
    with market.read() as session:
        leaves = session.exec(select(EntryRow.leaf).order_by(col(EntryRow.entry_index))).all()
    found = [parse_leaf(leaf).statement for leaf in leaves]
    return [statement.public for statement in found if statement.kind == kind]
