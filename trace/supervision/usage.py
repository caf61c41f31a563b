"""Usage 追溯环节使用率: which stages the units of the trade record, by node type, in a quarter."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from trace.integrity.periods import Period
from trace.supervision.trade_reading import in_trade
from trace.supervision.trade_tables import TradeUnitRow
from trace.tables import StepRow
from trace.vocabulary import NodeType, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How far one stage is used by one kind of node."""

    node_type: NodeType
    stage: Stage
    used: int
    """Units of the register that recorded it in the quarter."""
    registered: int
    """Units of that kind in the register on the quarter's last day."""
    steps: int

    @property
    def per_mille(self) -> int:
        """Used, in thousandths of the register."""
        return 1000 * self.used // self.registered


def usage(session: Session, quarter: Period, *, area: str = "") -> list[Usage]:
    """Return "used, total" for every node type and stage that was used at all (MOFCOM 绩效考核).

    A unit that names its place counts only for steps at that place.
    """
    here = (in_trade(quarter.last), col(TradeUnitRow.division).startswith(area))
    registered = {
        kind: int(count)
        for kind, count in session.execute(
            select(col(TradeUnitRow.node_type), func.count())
            .where(*here)
            .group_by(col(TradeUnitRow.node_type))
        )
    }
    rows = session.execute(
        select(
            col(TradeUnitRow.node_type),
            col(StepRow.stage),
            func.count(func.distinct(col(TradeUnitRow.unit_id))),
            func.count(func.distinct(col(StepRow.step_id))),
        )
        .join(StepRow, col(StepRow.party) == col(TradeUnitRow.uscc))
        .where(
            *here,
            col(StepRow.recorded_ms) >= quarter.since_ms,
            col(StepRow.recorded_ms) < quarter.until_ms,
            col(StepRow.voided_by).is_(None),
            col(TradeUnitRow.place).is_(None) | (col(TradeUnitRow.place) == col(StepRow.place)),
        )
        .group_by(col(TradeUnitRow.node_type), col(StepRow.stage))
    )
    order = list(Stage)
    found = [
        Usage(
            node_type=NodeType(kind),
            stage=Stage(stage),
            used=int(used),
            registered=registered[kind],
            steps=int(steps),
        )
        for kind, stage, used, steps in rows
    ]
    return sorted(found, key=lambda each: (list(NodeType).index(each.node_type), order.index(each.stage)))
