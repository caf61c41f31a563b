"""Who may inspect, decide and punish: a party registered as a regulator 管理机构, or the operator for one."""

from sqlmodel import Session

from trace.integrity.integrity_errors import NotByRegulator
from trace.parties import party
from trace.vocabulary import NodeType


def require_regulator(session: Session, by: str | None, act_zh: str, act_en: str) -> None:
    """Raise `NotByRegulator` unless `by` is a regulator's USCC, or None for the operator; `UnknownParty`."""
    if by is not None and NodeType.REGULATOR not in party(session, by).node_types:
        raise NotByRegulator(uscc=by, act_zh=act_zh, act_en=act_en)
