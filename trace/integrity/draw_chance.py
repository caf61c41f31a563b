"""How much of the chance in a draw was nobody's choice: who stated what between announcement and root."""

from sqlmodel import Session, col, select

from ledger import store
from ledger.entry import parse_leaf
from ledger.registry import holder
from ledger.tables import EntryRow


def others_between(session: Session, draw_id: str, by_party: str, beacon_size: int) -> int:
    """Return how many entries between the announcement and the root at `beacon_size` others signed.

    Others than who announced it, and than the operator, who states for whoever has no key.
    """
    mine = {by_party, store.state_of(session).origin}
    announced = session.exec(select(EntryRow.entry_index).where(EntryRow.statement_id == draw_id)).first()
    if announced is None:
        return 0
    leaves = session.exec(
        select(EntryRow.leaf)
        .where(col(EntryRow.entry_index) > announced, col(EntryRow.entry_index) < beacon_size)
        .order_by(col(EntryRow.entry_index))
    )
    actors = [parse_leaf(leaf).signed.actor for leaf in leaves]
    theirs = {actor for actor in set(actors) if holder(session, actor) not in mine}
    return sum(actor in theirs for actor in actors)
