"""The events of warnings: public rules, and of the others that one was opened and a number in the digest.

An endpoint's address is outside this service, and who reads there is not known here; so nothing of a rule
that only regulators see is sent, whoever registered the endpoint.
"""

import json
from datetime import date
from typing import Final, Literal, TypeAlias

from pydantic import Field
from sqlalchemy import Connection, select
from sqlmodel import col

from api.web.formats import local
from api.webhooks.events import Event
from priceindex.calendar import day_of
from priceindex.warning.alerts.happenings import Happening
from priceindex.warning.alerts.warning_tables import WarningDigestRow, WarningEventRow, WarningRow

_Type: TypeAlias = Literal["warning.opened", "warning.raised", "warning.escalated", "warning.ended"]
_TYPES: Final[dict[str, _Type]] = {
    Happening.TOLD: "warning.opened",
    Happening.RAISED: "warning.raised",
    Happening.ESCALATED: "warning.escalated",
    Happening.ENDED: "warning.ended",
    Happening.CLOSED: "warning.ended",
}


_TOLD: Final = tuple(
    col(getattr(WarningRow, name)) for name in ("visible", "family", "level", "node", "rule", "form")
)


class WarningEvent(Event):
    """A warning of a public rule was opened, grew worse, lay too long, or is over."""

    type: _Type
    warning: str = Field(examples=["warning-0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
    family: str
    level: str
    node: str
    rule: str = Field(examples=["growth-up"])
    form: str = Field(description="single, or class: it gathers those of a class's herbs.")
    state: str = Field(description="watch, alert or crisis; of one that is over, what it was.")
    how: str | None = Field(description="Of one that is over: ended by itself, or closed by a person.")
    release: str | None = Field(description="The release whose numbers led to it.")
    statement_id: str | None = Field(description="Statement in the log, where there is one.")


class WarningHiddenEvent(Event):
    """A warning that only regulators see was opened: nothing of it is told but that it is there."""

    type: Literal["warning.regulator"]


class WarningDigestEvent(Event):
    """What a day brought, of public rules; of the others how many are open."""

    type: Literal["warning.digest"]
    day: date
    open: int
    waiting: int = Field(description="Open and beyond the week's budget: nobody was told of them singly.")
    regulator_only: int = Field(description="Open warnings that only regulators see: nothing else is told.")
    counts: dict[str, int] = Field(description="By what happened.")
    happened: dict[str, list[str]] = Field(description="By what happened: ids of warnings, 50 at most.")


def warning_event(
    connection: Connection, row: WarningEventRow, base_url: str
) -> tuple[str, WarningEvent | WarningHiddenEvent] | None:
    """Return the event of what happened to a warning with what its id is made of; None where none is due.

    None is for what nobody was told of, and for what stands beneath its class's. Of regulators' rules there
    is a bare event at the opening and nothing after it.
    """
    kind = _TYPES.get(row.kind)
    if kind is None:
        return None
    warned = connection.execute(select(*_TOLD).where(col(WarningRow.warning_id) == row.warning_id)).one()
    named = row.statement_id or f"{kind}:{row.warning_id}:{row.number}"
    if warned.visible != "public":
        return (named, _hidden(row, base_url)) if kind == "warning.opened" else None
    if not _told_singly(connection, row):
        return None
    ends = kind == "warning.ended"
    event = WarningEvent(
        type=kind,
        timestamp=local(row.at_ms, 0),
        url=f"{base_url}/v1/warnings/{row.warning_id}",
        warning=row.warning_id,
        family=warned.family,
        level=warned.level,
        node=warned.node,
        rule=warned.rule,
        form=warned.form,
        state=row.state,
        how=row.kind if ends else None,
        release=row.release_id,
        statement_id=row.statement_id,
    )
    return named, event


def _hidden(row: WarningEventRow, base_url: str) -> WarningHiddenEvent:
    """The log states as much to everybody: a warning of a regulators' rule, with a salted digest."""
    return WarningHiddenEvent(
        type="warning.regulator", timestamp=local(row.at_ms, 0), url=f"{base_url}/desk/warnings"
    )


def digest_event(row: WarningDigestRow, base_url: str) -> tuple[str, WarningDigestEvent]:
    """Return the event of a day's digest, with what its id is made of."""
    told = json.loads(row.body)
    day = day_of(row.day)
    event = WarningDigestEvent(
        type="warning.digest",
        timestamp=local(row.made_ms, 0),
        url=f"{base_url}/v1/warnings/digest?day={day.isoformat()}",
        day=day,
        open=told["open"],
        waiting=told["waiting"],
        regulator_only=told["regulator_only"],
        counts=told["counts"],
        happened=told["happened"],
    )
    return f"warning.digest:{day.isoformat()}", event


def _told_singly(connection: Connection, row: WarningEventRow) -> bool:
    """Whether people were told of the warning, and it does not stand beneath its class's now."""
    asked = (
        select(col(WarningEventRow.kind))
        .where(col(WarningEventRow.warning_id) == row.warning_id, col(WarningEventRow.number) <= row.number)
        .order_by(col(WarningEventRow.number))
    )
    kinds = [each.kind for each in connection.execute(asked)]
    moves = [each for each in kinds if each in {Happening.GATHERED, Happening.SINGLED}]
    return Happening.TOLD in kinds and moves[-1:] != [Happening.GATHERED]
