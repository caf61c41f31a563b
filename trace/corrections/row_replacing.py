"""Making the movements of some lots what a replay says they are, writing only what differs."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import and_, delete, select, update
from sqlmodel import Session, SQLModel

from trace.replaying.history import Values
from trace.tables import insert_rows, table_of


def replace_rows(
    session: Session,
    row: type[SQLModel],
    lots: Iterable[str],
    wanted: Mapping[tuple[str, str], Values],
    follows: Sequence[str],
) -> None:
    """Make the rows of `lots` those of `wanted`, by step and lot.

    Of a row that stays, only the columns `follows` are changed: the rest its own step said.
    """
    table = table_of(row)
    of_lots = frozenset(lots)
    connection = session.connection()
    first, second = table.primary_key.columns
    stands = connection.execute(select(table).where(table.c.lot_id.in_(of_lots))).mappings()
    live = {(str(each[first.name]), str(each[second.name])): each for each in stands}
    due = {key: values for key, values in wanted.items() if key[1] in of_lots}
    for key in live.keys() - due.keys():
        connection.execute(delete(table).where(and_(first == key[0], second == key[1])))
    for key in live.keys() & due.keys():
        changed = {name: due[key][name] for name in follows if due[key][name] != live[key][name]}
        if changed:
            connection.execute(update(table).where(and_(first == key[0], second == key[1])).values(changed))
    insert_rows(session, row, [due[key] for key in sorted(due.keys() - live.keys())])
