"""How strictly each gate is taken: the regulator or the operator switches it, by a statement in the log.

Without a setting a gate has the severity of `facts/rules.csv`. Only gates can be set: what makes a history
impossible is refused always.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location
from trace.declaring import Declarer
from trace.findings import Finding, Severity
from trace.registers.naming import statement_id, text, whole
from trace.registers.register_errors import UnknownGateRule
from trace.registers.register_tables import GateSettingRow
from trace.rulebook import rulebook
from trace.said import Said
from trace.tables import insert_rows, table_of

OFF: Final = "off"
GATE_FAMILIES: Final = (
    "area.", "division.", "geofence.", "input.", "licence.", "origin.", "paozhi.", "season.",
    "standing.backdated", "standing.counterparty", "toxic.",
)  # fmt: skip
"""How the codes of rules begin that a regulator may set."""


def set_gate(
    session: Session,
    declarer: Declarer,
    rule: str,
    strictness: str,
    *,
    reason: str,
    at_ms: int,
    by: str | None,
) -> str:
    """State how strictly a gate is taken from now on; return the statement's id.

    `strictness` is off, note, flag or refuse; `by` a regulator's USCC or None for the operator. Raises
    `UnknownGateRule`.
    """
    if rule not in gate_rules() or strictness not in (OFF, *Severity):
        raise UnknownGateRule(
            rule=rule[:40],
            strictness=strictness[:10],
            known="、".join(gate_rules()),
            at=Location(field="rule"),
        )
    return declarer.declare(
        session,
        apply_gate,
        kind="gate.set",
        statement_id=statement_id("gate.set", rule, at_ms),
        subject=f"gate/{rule}",
        public={"rule": rule, "strictness": strictness, "reason": reason, "by": by, "from_ms": at_ms},
        at_ms=at_ms,
        by=by,
    ).statement_id


def apply_gate(session: Session, said: Said) -> None:
    """End the setting a gate had and write the new one (`gate.set`)."""
    rule, from_ms = text(said, "rule"), whole(said, "from_ms")
    session.connection().execute(
        update(table_of(GateSettingRow))
        .where(col(GateSettingRow.rule) == rule, col(GateSettingRow.valid_until_ms).is_(None))
        .values(valid_until_ms=from_ms)
    )
    row = {
        "statement_id": said.statement_id,
        "rule": rule,
        "strictness": text(said, "strictness"),
        "valid_from_ms": from_ms,
        "valid_until_ms": None,
    }
    insert_rows(session, GateSettingRow, [row])


def gate_rules() -> tuple[str, ...]:
    """Return the codes of the rules that can be set."""
    return tuple(code for code in rulebook() if code.startswith(GATE_FAMILIES))


def gate_settings(session: Session) -> Mapping[str, str]:
    """Return how strictly each gate is taken now, where that was ever stated."""
    rows = session.execute(
        select(GateSettingRow.rule, GateSettingRow.strictness).where(
            col(GateSettingRow.valid_until_ms).is_(None)
        )
    )
    return {row.rule: row.strictness for row in rows}


def as_set(finding: Finding, settings: Mapping[str, str]) -> Finding | None:
    """Return a finding as strict as its gate is set; None where the gate is off."""
    strictness = settings.get(finding.rule.code)
    if strictness is None:
        return finding
    if strictness == OFF:
        return None
    return replace(finding, rule=replace(finding.rule, severity=Severity(strictness)))
