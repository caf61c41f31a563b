"""Changes of what a party or place is called, what it does and where it lies; the history is kept.

The row in `trace_party` or `trace_place` says what holds now; the versions say what held when. The first
change also writes what held before it, from the registration on.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.errors import UnknownParty, UnknownPlace
from trace.markets import market
from trace.registers.days import begun, day_of
from trace.registers.division_days import check_division_on
from trace.registers.naming import statement_id, text, text_or_none, whole
from trace.registers.register_errors import BadValidity, NothingChanged
from trace.registers.register_tables import PartyVersionRow, PlaceVersionRow
from trace.said import Said
from trace.tables import PartyRow, PlaceRow, insert_rows, table_of
from trace.vocabulary import NodeType


class PartyChange(BaseModel):
    """What changes about a party; what is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: PlainText | None = Field(default=None, min_length=1, max_length=120)
    """New name on the licence."""
    node_types: tuple[NodeType, ...] | None = Field(default=None, min_length=1, max_length=8)
    """What it does in the trade from now on."""
    division: str | None = Field(default=None, pattern=r"^\d{6}$")
    """GB/T 2260 code of its new seat, or the new code of the old one."""
    day: date | None = None
    """First day on which the change holds; today when left out."""


class PlaceChange(BaseModel):
    """What changes about a place; what is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: PlainText | None = Field(default=None, min_length=1, max_length=120)
    """New name."""
    division: str | None = Field(default=None, pattern=r"^\d{6}$")
    """The new GB/T 2260 code of where it lies."""
    market: str | None = Field(default=None, max_length=40)
    """Name or slug of the herb market it lies in."""
    day: date | None = None
    """First day on which the change holds; today when left out."""


def change_party(
    session: Session, declarer: Declarer, uscc: str, new: PartyChange, *, at_ms: int, by: str | None
) -> str:
    """State what changes about a party; return the statement's id.

    `by` is the party or None for the operator. Raises `UnknownParty`, `NothingChanged`, `BadValidity`,
    `BadIdentifier`, `DivisionRetired`.
    """
    row = session.get(PartyRow, uscc, populate_existing=True)
    if row is None:
        raise UnknownParty(uscc=uscc, at=Location(field="uscc", value=uscc))
    types = row.node_types if new.node_types is None else " ".join(new.node_types)
    after = {"name": new.name or row.name, "node_types": types, "division": new.division or row.division}
    if after == {"name": row.name, "node_types": row.node_types, "division": row.division}:
        raise NothingChanged(kind_zh="主体", kind_en="party", target=uscc)
    return _change(session, declarer, f"party/{uscc}", {"uscc": uscc, **after}, new.day, at_ms, by)


def change_place(
    session: Session, declarer: Declarer, place_id: str, new: PlaceChange, *, at_ms: int, by: str | None
) -> str:
    """State what changes about a place; return the statement's id.

    Raises `UnknownPlace`, `UnknownMarket`, `NothingChanged`, `BadValidity`, `BadIdentifier`,
    `DivisionRetired`.
    """
    row = session.get(PlaceRow, place_id, populate_existing=True)
    if row is None:
        raise UnknownPlace(place=place_id, at=Location(field="place", value=place_id))
    slug = market(new.market).slug if new.market else row.market
    after = {"name": new.name or row.name, "division": new.division or row.division, "market": slug}
    if after == {"name": row.name, "division": row.division, "market": row.market}:
        raise NothingChanged(kind_zh="地点", kind_en="place", target=place_id)
    public = {"place": place_id, "party": row.party, **after}
    return _change(session, declarer, f"place/{place_id}", public, new.day, at_ms, by)


def apply_party_change(session: Session, said: Said) -> None:
    """Write the new version of a party and what holds now (`party.changed`)."""
    uscc, from_ms = text(said, "uscc"), whole(said, "from_ms")
    row = session.get_one(PartyRow, uscc, populate_existing=True)
    before = {"name": row.name, "node_types": row.node_types, "division": row.division}
    after = {name: text(said, name) for name in before}
    first = {"statement_id": row.statement_id, "valid_from_ms": row.registered_ms}
    write_version(session, PartyVersionRow, {"uscc": uscc}, {**first, **before}, after, said, from_ms)
    _now(session, PartyRow, col(PartyRow.uscc) == uscc, after)


def apply_place_change(session: Session, said: Said) -> None:
    """Write the new version of a place and what holds now (`place.changed`, `place.transferred`)."""
    place_id, from_ms = text(said, "place"), whole(said, "from_ms")
    row = session.get_one(PlaceRow, place_id, populate_existing=True)
    before = {"name": row.name, "party": row.party, "division": row.division, "market": row.market}
    after = {name: text_or_none(said, name) for name in before}
    first = {"statement_id": row.statement_id, "valid_from_ms": row.registered_ms}
    write_version(session, PlaceVersionRow, {"place_id": place_id}, {**first, **before}, after, said, from_ms)
    _now(session, PlaceRow, col(PlaceRow.place_id) == place_id, after)


def write_version(
    session: Session,
    version: type[SQLModel],
    key: Mapping[str, str],
    first: Mapping[str, object],
    after: Mapping[str, object],
    said: Said,
    from_ms: int,
) -> None:
    """End the newest version at `from_ms` and begin the next; `first` is written where there was none."""
    table = table_of(version)
    mine = [table.c[name] == value for name, value in key.items()]
    ended = session.connection().execute(
        update(table).where(*mine, table.c.valid_until_ms.is_(None)).values(valid_until_ms=from_ms)
    )
    if not ended.rowcount:
        insert_rows(session, version, [{**key, **first, "valid_until_ms": from_ms}])
    newest = {"statement_id": said.statement_id, "valid_from_ms": from_ms, "valid_until_ms": None}
    insert_rows(session, version, [{**key, **after, **newest}])


def party_versions(session: Session, uscc: str) -> Sequence[PartyVersionRow]:
    """Return what a party was from when to when, oldest first; empty where nothing ever changed."""
    wanted = select(PartyVersionRow).where(PartyVersionRow.uscc == uscc)
    ordered = wanted.order_by(col(PartyVersionRow.valid_from_ms), col(PartyVersionRow.statement_id))
    return session.exec(ordered.execution_options(populate_existing=True)).all()


def place_versions(session: Session, place_id: str) -> Sequence[PlaceVersionRow]:
    """Return what a place was from when to when, oldest first; empty where nothing ever changed."""
    wanted = select(PlaceVersionRow).where(PlaceVersionRow.place_id == place_id)
    ordered = wanted.order_by(col(PlaceVersionRow.valid_from_ms), col(PlaceVersionRow.statement_id))
    return session.exec(ordered.execution_options(populate_existing=True)).all()


def starting(
    session: Session, version: type[SQLModel], key: Mapping[str, str], day: date | None, at_ms: int
) -> int:
    """Return when a change begins; raises `BadValidity` for a day to come, or before the last change."""
    from_ms = begun(day, at_ms, "day")
    table = table_of(version)
    mine = [table.c[name] == value for name, value in key.items()]
    last = (
        session.connection()
        .execute(select(table.c.valid_from_ms).where(*mine, table.c.valid_until_ms.is_(None)))
        .scalar_one_or_none()
    )
    if last is not None and from_ms <= last:
        raise BadValidity(
            field_zh="生效日",
            field_en="the day it takes effect",
            fault_zh=f"不晚于上一次变更（{day_of(last)}）",
            fault_en=f"it is not after the last change ({day_of(last)})",
            at=Location(field="day"),
        )
    return from_ms


def _change(
    session: Session,
    declarer: Declarer,
    subject: str,
    public: Mapping[str, JsonValue],
    day: date | None,
    at_ms: int,
    by: str | None,
) -> str:
    sort, _, name = subject.partition("/")
    version, key = (PartyVersionRow, "uscc") if sort == "party" else (PlaceVersionRow, "place_id")
    from_ms = starting(session, version, {key: name}, day, at_ms)
    check_division_on(str(public["division"]), day_of(from_ms))
    kind = f"{sort}.changed"
    return declarer.declare(
        session,
        apply_party_change if sort == "party" else apply_place_change,
        kind=kind,
        statement_id=statement_id(kind, name, at_ms),
        subject=subject,
        public={**public, "from_ms": from_ms},
        at_ms=at_ms,
        by=by,
    ).statement_id


def _now(session: Session, row: type[SQLModel], mine: object, after: Mapping[str, object]) -> None:
    session.connection().execute(update(table_of(row)).where(mine).values(**after))  # type: ignore[arg-type]  # a column clause
