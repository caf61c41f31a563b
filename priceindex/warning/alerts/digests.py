"""The digest of a day: what was told, raised, ended and decided, what is open, and what waits for room.

It is read off the events, so that it can be made again for any day. What goes out by webhook and to the
public is of public rules alone; of the others it has one number and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from sqlmodel import Session, col, func, select

from ledger.canonical import JsonValue, canonical
from priceindex.calendar import CHINA_OFFSET_MINUTES, china_day, day_number, day_of
from priceindex.warning.alerts.happenings import Happening, Warned
from priceindex.warning.alerts.warning_store import Asking, open_warnings, stand
from priceindex.warning.alerts.warning_tables import WarningDigestRow, WarningEventRow, WarningRow

TOLD_OF: Final = (
    Happening.TOLD, Happening.RAISED, Happening.LOWERED, Happening.ESCALATED, Happening.ENDED,
    Happening.CLOSED,
)  # fmt: skip
"""What a digest lists, in this order."""
CATCH_UP_DAYS: Final = 7
"""Days whose digests are sent after the service was away; of earlier ones they can be asked for."""
MOST: Final = 50
"""Warnings named under one heading; the rest are counted."""
_CHINA: Final = timezone(timedelta(minutes=CHINA_OFFSET_MINUTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one day brought."""

    day: date
    happened: Mapping[Happening, tuple[Warned, ...]]
    """What was told of and happened to it that day, as it stands now."""
    waiting: tuple[Warned, ...]
    """Open at the day's end and not told: beyond the week's budget, the worst first."""
    open: int
    """Warnings open at the day's end that people were told of."""
    regulator_only: int
    """Warnings of rules that only regulators see, open at the day's end: a bare count."""


def digest_of(session: Session, day: date, *, regulator: bool) -> Digest:
    """The digest of a Chinese calendar day, for regulators or for the public."""
    since = int(datetime.combine(day, time(), _CHINA).timestamp() * 1000)
    until = since + int(timedelta(days=1).total_seconds() * 1000)
    asked = (
        select(WarningEventRow.kind, WarningRow)
        .join(WarningRow, col(WarningRow.warning_id) == col(WarningEventRow.warning_id))
        .where(WarningEventRow.at_ms >= since, WarningEventRow.at_ms < until)
        .where(col(WarningEventRow.kind).in_([str(kind) for kind in TOLD_OF]))
        .order_by(col(WarningEventRow.event_id))
    )
    lines = [(Happening(kind), row) for kind, row in session.exec(asked)]
    seen = {row.warning_id: row for _, row in lines if regulator or row.visible == "public"}
    standing = {one.warning_id: one for one in stand(session, seen.values())}
    every = open_warnings(session, Asking(regulator=True), until)
    mine = [one for one in every if regulator or one.visible == "public"]
    return Digest(
        day=day,
        happened={kind: _of(kind, lines, standing) for kind in TOLD_OF},
        waiting=tuple(one for one in mine if one.waiting),
        open=sum(one.told_ms is not None for one in mine),
        regulator_only=sum(one.visible != "public" for one in every),
    )


def send(session: Session, day: date, at_ms: int) -> WarningDigestRow | None:
    """Write that a day's public digest goes out, once; None where it went out already.

    The row is what the webhooks tell (`api.webhooks`), in the same transaction.
    """
    number = day_number(day)
    if session.get(WarningDigestRow, number) is not None:
        return None
    body = canonical(public_body(digest_of(session, day, regulator=False))).decode()
    row = WarningDigestRow(day=number, made_ms=at_ms, body=body)
    session.add(row)
    session.flush()
    return row


def missed(session: Session, yesterday: date) -> list[date]:
    """The days up to yesterday whose digest did not go out, oldest first: of the last seven at most.

    They begin after the last digest, or where there is none with the day of the first warning.
    """
    last = session.exec(select(func.max(col(WarningDigestRow.day)))).first()
    first_ms = session.exec(select(func.min(col(WarningRow.opened_ms)))).first()
    until = day_number(yesterday)
    begins = until if first_ms is None else min(until, day_number(china_day(first_ms)))
    since = max(begins if last is None else last + 1, until - CATCH_UP_DAYS + 1)
    return [day_of(number) for number in range(since, until + 1)]


def public_body(digest: Digest) -> dict[str, JsonValue]:
    """A public digest as canonical JSON has it, short enough for one message."""
    return {
        "day": digest.day.isoformat(),
        "open": digest.open,
        "waiting": len(digest.waiting),
        "regulator_only": digest.regulator_only,
        "happened": {
            str(kind): [one.warning_id for one in found[:MOST]] for kind, found in digest.happened.items()
        },
        "counts": {str(kind): len(found) for kind, found in digest.happened.items()},
    }


def _of(
    kind: Happening, lines: Iterable[tuple[Happening, WarningRow]], standing: Mapping[str, Warned]
) -> tuple[Warned, ...]:
    """Each warning once, and only those people were told of."""
    ids = dict.fromkeys(row.warning_id for each, row in lines if each is kind and row.warning_id in standing)
    return tuple(standing[named] for named in ids if standing[named].told_ms is not None)
