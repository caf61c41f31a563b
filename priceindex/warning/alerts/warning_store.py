"""Warnings in the database: read as they stand, written event by event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from ledger.errors import Location
from priceindex.warning.alerts.happenings import Event, Happening, Key, Reason, Warned, fold
from priceindex.warning.alerts.warning_tables import WarningEventRow, WarningRow
from priceindex.warning.hysteresis import State
from priceindex.warning.warning_errors import UnknownWarning

_AT_ONCE: Final = 500
"""Ids asked for in one query."""
_SHOWN: Final = 100


class Asking(NamedTuple):
    """Which warnings a reader asks for, and may see."""

    regulator: bool
    """Whether those of regulators' rules are among them."""
    family: str | None = None
    rule: str | None = None
    level: str | None = None
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Evidenced:
    """The numbers that stood behind one event."""

    event: Event
    evidence: str | None
    evidence_private: str | None


def standing(session: Session, family: str) -> dict[Key, Warned]:
    """The newest episode of every subject and rule of a family."""
    asked = select(WarningRow).where(WarningRow.family == family).order_by(col(WarningRow.episode))
    newest = {(row.level, row.node, row.rule, row.form): row for row in session.exec(asked)}
    return {each.key: each for each in stand(session, newest.values())}


def stand(session: Session, rows: Iterable[WarningRow], until_ms: int | None = None) -> list[Warned]:
    """Where these warnings stand, in their order; with `until_ms` where they stood before that moment."""
    rows = list(rows)
    happened = events_of(session, [row.warning_id for row in rows], until_ms)
    return [fold(_opened(row), happened.get(row.warning_id, [])) for row in rows]


def events_of(
    session: Session, warning_ids: list[str], until_ms: int | None = None
) -> dict[str, list[Event]]:
    """The events of each of these warnings in order, without their evidence; only those before `until_ms`."""
    found: dict[str, list[Event]] = {}
    columns = [col(getattr(WarningEventRow, name)) for name in _COLUMNS]
    for start in range(0, len(warning_ids), _AT_ONCE):
        some = warning_ids[start : start + _AT_ONCE]
        asked = (
            select(*columns)
            .where(col(WarningEventRow.warning_id).in_(some), *_before(until_ms))
            .order_by(col(WarningEventRow.warning_id), col(WarningEventRow.number))
        )
        for row in session.connection().execute(asked):
            found.setdefault(row.warning_id, []).append(_event(dict(zip(_COLUMNS, row, strict=True))))
    return found


def row_of(session: Session, warning_id: str, *, regulator: bool) -> WarningRow:
    """One warning; raises `UnknownWarning`, also for one the reader may not see."""
    row = session.get(WarningRow, warning_id)
    if row is None or (row.visible != "public" and not regulator):
        named = warning_id[:40]
        raise UnknownWarning(at=Location(field="warning", value=named), warning=named)
    return row


def warning(session: Session, warning_id: str, *, regulator: bool) -> Warned:
    """Where one warning stands; raises `UnknownWarning`."""
    return stand(session, [row_of(session, warning_id, regulator=regulator)])[0]


def warnings(session: Session, asking: Asking, *, before: tuple[int, str] | None, limit: int) -> list[Warned]:
    """Warnings, the newest opened first; `before` is the (opened_ms, id) of the last one seen."""
    asked = select(WarningRow).where(*_conditions(asking))
    if before is not None:
        at_ms, named = before
        earlier = col(WarningRow.opened_ms) < at_ms
        same = (col(WarningRow.opened_ms) == at_ms) & (col(WarningRow.warning_id) < named)
        asked = asked.where(earlier | same)
    ordered = asked.order_by(col(WarningRow.opened_ms).desc(), col(WarningRow.warning_id).desc())
    return stand(session, session.exec(ordered.limit(limit)).all())


def open_warnings(session: Session, asking: Asking, until_ms: int | None = None) -> list[Warned]:
    """Every open warning a reader may see, the worst first, then the oldest.

    With `until_ms` those that were open just before that moment, as they stood then.
    """
    latest = (
        select(col(WarningEventRow.warning_id), func.max(col(WarningEventRow.number)).label("number"))
        .where(col(WarningEventRow.kind).in_(_ENDINGS), *_before(until_ms))
        .group_by(col(WarningEventRow.warning_id))
        .subquery()
    )
    over = (
        select(col(WarningEventRow.warning_id))
        .join(
            latest,
            (col(WarningEventRow.warning_id) == latest.c.warning_id)
            & (col(WarningEventRow.number) == latest.c.number),
        )
        .where(col(WarningEventRow.kind) != Happening.REOPENED)
    )
    asked = select(WarningRow).where(*_conditions(asking), col(WarningRow.warning_id).not_in(over))
    if until_ms is not None:
        asked = asked.where(WarningRow.opened_ms < until_ms)
    found = stand(session, session.exec(asked).all(), until_ms)
    return sorted(found, key=lambda one: (-one.state, one.opened_ms, one.warning_id))


def history(session: Session, warning_id: str) -> list[Evidenced]:
    """Everything that happened to a warning, with the numbers behind it, oldest first."""
    asked = select(WarningEventRow).where(WarningEventRow.warning_id == warning_id)
    rows = session.exec(asked.order_by(col(WarningEventRow.number)))
    return [
        Evidenced(_event({name: getattr(row, name) for name in _COLUMNS}), row.evidence, row.evidence_private)
        for row in rows
    ]


def newest_evidence(session: Session, warning_ids: list[str]) -> dict[str, str]:
    """The numbers stored last with each of these warnings, as canonical JSON; nothing for one without any."""
    found: dict[str, str] = {}
    for start in range(0, len(warning_ids), _AT_ONCE):
        latest = (
            select(col(WarningEventRow.warning_id), func.max(col(WarningEventRow.number)).label("number"))
            .where(col(WarningEventRow.warning_id).in_(warning_ids[start : start + _AT_ONCE]))
            .where(col(WarningEventRow.evidence).is_not(None))
            .group_by(col(WarningEventRow.warning_id))
            .subquery()
        )
        asked = select(col(WarningEventRow.warning_id), col(WarningEventRow.evidence)).join(
            latest,
            (col(WarningEventRow.warning_id) == latest.c.warning_id)
            & (col(WarningEventRow.number) == latest.c.number),
        )
        found |= {named: told for named, told in session.exec(asked) if told is not None}
    return found


def told_since(session: Session, since_ms: int, state: State | None = None) -> int:
    """How many warnings people were told of after a moment; with `state` those that were in it then."""
    told = select(func.count(func.distinct(col(WarningEventRow.warning_id)))).where(
        WarningEventRow.kind == Happening.TOLD.value, WarningEventRow.at_ms > since_ms
    )
    if state is not None:
        told = told.where(WarningEventRow.state == state.word)
    return int(session.exec(told).one())


def add_event(
    session: Session,
    warned: Warned,
    event: Event,
    *,
    evidence: str | None = None,
    evidence_private: str | None = None,
) -> Warned:
    """Write the next event of a warning and return where it stands after it; the caller flushes."""
    session.add(
        WarningEventRow(
            warning_id=warned.warning_id,
            evidence=evidence,
            evidence_private=evidence_private,
            **{name: getattr(event, name) for name in _COLUMNS if name not in _CODED},
            kind=str(event.kind),
            state=event.state.word,
            reason=None if event.reason is None else str(event.reason),
        )
    )
    return fold(warned, [event])


_CODED: Final = ("warning_id", "kind", "state", "reason")
_COLUMNS: Final = (
    "warning_id", "number", "kind", "at_ms", "state", "release_id", "reason", "words", "by_name", "until_ms",
    "into", "statement_id",
)  # fmt: skip
_ENDINGS: Final = (Happening.ENDED.value, Happening.CLOSED.value, Happening.REOPENED.value)


def _before(until_ms: int | None) -> list[ColumnElement[bool]]:
    return [] if until_ms is None else [col(WarningEventRow.at_ms) < until_ms]


def _conditions(asking: Asking) -> list[ColumnElement[bool]]:
    wanted = [] if asking.regulator else [col(WarningRow.visible) == "public"]
    for name in ("family", "rule", "level", "node"):
        value = getattr(asking, name)
        if value is not None:
            wanted.append(col(getattr(WarningRow, name)) == value[:_SHOWN])
    return wanted


def _opened(row: WarningRow) -> Warned:
    return Warned(
        warning_id=row.warning_id,
        family=row.family,
        key=Key(row.level, row.node, row.rule, row.form),
        episode=row.episode,
        visible=row.visible,
        rules_sha256=row.rules_sha256,
        opened_ms=row.opened_ms,
    )


def _event(told: Mapping[Any, Any]) -> Event:
    members = {name: told[name] for name in _COLUMNS if name not in _CODED}
    reason = told["reason"]
    return Event(
        **members,
        kind=Happening(told["kind"]),
        state=State[told["state"].upper()],
        reason=None if reason is None else Reason(reason),
    )
