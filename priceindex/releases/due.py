"""What is due: sealed releases whose moment has come, and official families that are late."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from ledger.errors import DaodiError
from priceindex.calendar import china_day
from priceindex.families import Family
from priceindex.governance.stating import Operator
from priceindex.releases import release_store
from priceindex.releases.drafts import Stage, drafts, publish_sealed
from priceindex.releases.drafts import draft as release_draft
from priceindex.releases.publication_calendar import closed_days, due_of
from priceindex.releases.release import Release
from priceindex.releases.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class DueOutcome:
    """What became of one sealed release: published, or refused for a reason."""

    release_id: str
    released: Release | None
    fault: DaodiError | None


@dataclass(frozen=True, slots=True)
class Late:
    """A period of an official family whose moment passed without a release."""

    family: str
    last: datetime.date
    due_ms: int


def publish_due(session: Session, operator: Operator, now_ms: int) -> list[DueOutcome]:
    """Publish every sealed release whose moment has come, the first due first.

    Each in a savepoint of its own: one that is refused holds up no other.
    """
    found: list[DueOutcome] = []
    for draft in drafts(session, Stage.SEALED):
        if draft.due_ms > now_ms:
            break
        try:
            with session.begin_nested():
                released = publish_sealed(session, operator, draft.release_id, now_ms)
        except DaodiError as fault:
            if release_draft(session, draft.release_id).stage is Stage.PUBLISHED:
                continue  # another process of this service was quicker
            found.append(DueOutcome(draft.release_id, None, fault))
        else:
            found.append(DueOutcome(draft.release_id, released, None))
    return found


def anything_due(session: Session, now_ms: int) -> bool:
    """Whether a sealed release waits whose moment has come."""
    waiting = drafts(session, Stage.SEALED)
    return bool(waiting) and waiting[0].due_ms <= now_ms


def late(session: Session, families: Iterable[Family], now_ms: int) -> list[Late]:
    """The official families whose last due moment passed without a release of that period."""
    closed, today = closed_days(session), china_day(now_ms)
    found: list[Late] = []
    for family in families:
        if standing_of(session, family.id, now_ms).standing is not Standing.OFFICIAL:
            continue
        moment = due_of(family.publication, today, closed)
        while moment.due_ms > now_ms:
            moment = due_of(family.publication, moment.first - datetime.timedelta(days=1), closed)
        newest = release_store.latest(session, family.id)
        if newest is None or newest.last_day < moment.first:
            found.append(Late(family.id, moment.last, moment.due_ms))
    return found
