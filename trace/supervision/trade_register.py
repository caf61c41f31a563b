"""Entering and leaving the register of the trade, by signed statements of a regulator or the operator.

The register is the denominator of coverage: what is not in it is not counted, and says so. It is kept with
dates, so that coverage of a quarter long past is counted over who was in the trade then.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.plain_text import Capitals, PlainText
from trace.declaring import Declarer
from trace.divisions import PROVINCES
from trace.identifiers import check_gb2260, check_uscc
from trace.integrity.regulators import require_regulator
from trace.integrity.statement_ids import new_id, text, text_or_none
from trace.said import Said
from trace.supervision.supervision_errors import BadUnit, UnitKnown, UnitUnknown
from trace.supervision.trade_tables import TradeUnitRow
from trace.tables import insert_rows
from trace.vocabulary import NodeType, Word

REGISTERED: Final = "trade.registered"
LEFT: Final = "trade.left"
UnitId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z._-]+$")]


class UnitKind(Word):
    """What the register lists."""

    BASE = "base", "种养殖基地", "base"
    MARKET = "market", "专业市场", "market"
    FIRM = "firm", "企业", "firm"


class TradeUnitNew(BaseModel):
    """A unit as it is entered."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    unit: UnitId
    """Its id in the register: a number of the list it comes from, or its USCC."""
    kind: UnitKind
    """Base, market or firm."""
    name: PlainText = Field(min_length=1, max_length=120)
    """Its name."""
    division: str = Field(pattern=r"^\d{6}$")
    """GB/T 2260 code of where it is."""
    node_type: NodeType
    """The one kind of node it is counted as."""
    since: date
    """First day in the trade."""
    uscc: Capitals | None = Field(default=None, min_length=18, max_length=18)
    """USCC of who records for it."""
    place: str | None = Field(default=None, min_length=1, max_length=64)
    """Id of the registered place it is, where one party runs several."""
    controlled_by: Capitals | None = Field(default=None, min_length=18, max_length=18)
    """USCC of the firm it belongs to."""
    source: PlainText = Field(min_length=1, max_length=200)
    """Where the entry comes from, such as 市中医药产业办 2026 年名录."""


def enter(session: Session, declarer: Declarer, new: TradeUnitNew, by: str | None, at_ms: int) -> str:
    """State that a unit belongs to the trade; returns the id of the statement.

    Raises `NotByRegulator`, `BadIdentifier`, `UnitKnown`, `BadUnit`.
    """
    require_regulator(session, by, "登记行业名录", "keep the register of the trade")
    _require_sound(new)
    if (known := _open(session, new.unit)) is not None:
        raise UnitKnown(unit=new.unit, since=known.from_day, at=Location(field="unit", value=new.unit))
    if (twin := _twin(session, new)) is not None:
        raise BadUnit(
            unit=new.unit,
            fault_zh=f"与在册的 {twin} 是同一单位",
            fault_en=f"it is the same unit as {twin} in the register",
            at=Location(field="unit", value=new.unit),
        )
    ended = session.exec(select(TradeUnitRow.until_day).where(TradeUnitRow.unit_id == new.unit)).all()
    if any(day is not None and day > new.since.isoformat() for day in ended):
        raise BadUnit(
            unit=new.unit,
            fault_zh="与此前在册的时间重叠",
            fault_en="it overlaps the time it was in the register before",
            at=Location(field="since", value=new.since.isoformat()),
        )
    said = declarer.declare(
        session,
        apply_registered,
        kind=REGISTERED,
        statement_id=new_id("trade", declarer.randomness),
        subject=f"trade/{new.unit}",
        public={"by": by or "", **new.model_dump(mode="json")},
        at_ms=at_ms,
        by=by,
    )
    return said.statement_id


def leave(
    session: Session, declarer: Declarer, unit: str, until: date, reason: str, by: str | None, at_ms: int
) -> str:
    """State that a unit belongs to the trade until `until`, that day not included.

    Raises `NotByRegulator`, `UnitUnknown`, `BadUnit`.
    """
    require_regulator(session, by, "登记行业名录", "keep the register of the trade")
    known = _open(session, unit)
    if known is None:
        raise UnitUnknown(unit=unit, at=Location(field="unit", value=unit))
    if until.isoformat() <= known.from_day:
        raise BadUnit(
            unit=unit,
            fault_zh="退出日期不晚于起始日期",
            fault_en="it would leave before it came",
            at=Location(field="until", value=until.isoformat()),
        )
    said = declarer.declare(
        session,
        apply_left,
        kind=LEFT,
        statement_id=new_id("trade", declarer.randomness),
        subject=f"trade/{unit}",
        public={"by": by or "", "unit": unit, "until": until.isoformat(), "reason": reason},
        at_ms=at_ms,
        by=by,
        refs=(known.statement_id,),
    )
    return said.statement_id


def enter_all(
    session: Session, declarer: Declarer, units: Sequence[TradeUnitNew], by: str | None, at_ms: int
) -> int:
    """Enter many units; those that stand in the register with these very particulars are passed over.

    Returns how many were new. Raises what `enter` raises.
    """
    fresh = [each for each in units if not _same(_open(session, each.unit), each)]
    for each in fresh:
        enter(session, declarer, each, by, at_ms)
    return len(fresh)


def apply_registered(session: Session, said: Said) -> None:
    """Write the row of a unit."""
    public = said.public
    insert_rows(
        session,
        TradeUnitRow,
        [
            {
                "unit_id": text(public, "unit"),
                "from_day": text(public, "since"),
                "until_day": None,
                **{name: text(public, name) for name in ("kind", "name", "division", "node_type", "source")},
                **{name: text_or_none(public, name) for name in ("uscc", "place", "controlled_by")},
                "statement_id": said.statement_id,
                "left_statement": None,
            }
        ],
    )


def apply_left(session: Session, said: Said) -> None:
    """Write until when a unit belonged to the trade."""
    row = _open(session, text(said.public, "unit"))
    if row is None:
        raise UnitUnknown(unit=text(said.public, "unit"))
    row.until_day, row.left_statement = text(said.public, "until"), said.statement_id
    session.add(row)
    session.flush()


def _open(session: Session, unit: str) -> TradeUnitRow | None:
    return session.exec(
        select(TradeUnitRow)
        .where(TradeUnitRow.unit_id == unit, col(TradeUnitRow.until_day).is_(None))
        .execution_options(populate_existing=True)
    ).first()


def _twin(session: Session, new: TradeUnitNew) -> str | None:
    """Return the unit in the register that is the same party of the same kind at the same place.

    Entered twice under two names it would count twice, above and below the line.
    """
    if new.uscc is None:
        return None
    place = col(TradeUnitRow.place)
    return session.exec(
        select(TradeUnitRow.unit_id).where(
            TradeUnitRow.uscc == new.uscc,
            TradeUnitRow.kind == new.kind.value,
            TradeUnitRow.node_type == new.node_type.value,
            place.is_(None) if new.place is None else place == new.place,
            col(TradeUnitRow.until_day).is_(None),
        )
    ).first()


def _same(row: TradeUnitRow | None, new: TradeUnitNew) -> bool:
    if row is None:
        return False
    mine = new.model_dump(mode="json")
    return all(getattr(row, _COLUMN.get(name, name)) == value for name, value in mine.items())


_COLUMN: Final = {"unit": "unit_id", "since": "from_day"}


def _require_sound(new: TradeUnitNew) -> None:
    if new.uscc is not None:
        check_uscc(new.uscc)
    check_gb2260(new.division)
    if new.division[:2] not in PROVINCES:
        raise BadUnit(unit=new.unit, fault_zh="没有这个省级区划", fault_en="there is no such province")
    if new.controlled_by is not None and new.controlled_by == new.uscc:
        raise BadUnit(unit=new.unit, fault_zh="不能隶属于自己", fault_en="it cannot belong to itself")
    if new.kind is UnitKind.MARKET and new.node_type is not NodeType.MARKET:
        raise BadUnit(
            unit=new.unit, fault_zh="市场的节点类型应为药材市场", fault_en="a market is a node of type market"
        )
