"""The standing 状态 of a family: draft, trial, official, suspended, terminated; each step with its reason.

A family nobody has declared anything about is on trial from its first release on. Official takes the
trial its text asks for: six months at the least (guide to the price index measures, 2021-10).
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, func, select

from ledger.canonical import JsonValue
from priceindex.calendar import china_day
from priceindex.errors import TrialTooShort
from priceindex.families import Family
from priceindex.governance.stating import Operator
from priceindex.releases.persons import Person
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.release_errors import NotPublishing, StandingRefused
from priceindex.releases.release_tables import ReleaseRow, StandingRow

STATEMENT_KIND: Final = "index.standing"


class Standing(StrEnum):
    """How far a family has come."""

    DRAFT = "draft"
    TRIAL = "trial"
    OFFICIAL = "official"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"

    def words(self, language: str) -> str:
        """Name the standing for people.

        >>> Standing.SUSPENDED.words("zh"), Standing.OFFICIAL.words("en")
        ('暂停', 'official')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    Standing.DRAFT: ("草稿", "draft"),
    Standing.TRIAL: ("试运行", "on trial"),
    Standing.OFFICIAL: ("正式", "official"),
    Standing.SUSPENDED: ("暂停", "suspended"),
    Standing.TERMINATED: ("终止", "terminated"),
}
_NEXT: Final = {
    Standing.DRAFT: (Standing.TRIAL, Standing.TERMINATED),
    Standing.TRIAL: (Standing.OFFICIAL, Standing.SUSPENDED, Standing.TERMINATED),
    Standing.OFFICIAL: (Standing.SUSPENDED, Standing.TERMINATED),
    Standing.SUSPENDED: (Standing.TRIAL, Standing.OFFICIAL, Standing.TERMINATED),
    Standing.TERMINATED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """What a family is from a moment on."""

    family: str
    standing: Standing
    reason: str
    """As the operator wrote it; empty where nothing was declared."""
    since_ms: int | None
    """None for a family that neither published nor was declared anything."""
    statement_id: str | None


def standing_of(session: Session, family: str, at_ms: int) -> StandingLine:
    """What a family is at a moment."""
    lines = standings(session, family, at_ms)
    if lines:
        return lines[-1]
    first = _first_release_ms(session, family)
    begun = first is not None and first <= at_ms
    return StandingLine(
        family=family,
        standing=Standing.TRIAL if begun else Standing.DRAFT,
        reason="",
        since_ms=first if begun else None,
        statement_id=None,
    )


def standings(session: Session, family: str, at_ms: int) -> list[StandingLine]:
    """Everything declared of a family up to a moment, oldest first."""
    rows = session.exec(
        select(StandingRow)
        .where(StandingRow.family == family, StandingRow.at_ms <= at_ms)
        .order_by(col(StandingRow.number))
    )
    return [
        StandingLine(
            family=row.family,
            standing=Standing(row.standing),
            reason=row.reason,
            since_ms=row.at_ms,
            statement_id=row.statement_id,
        )
        for row in rows
    ]


def official_families(session: Session, at_ms: int) -> frozenset[str]:
    """The families that had become official by a moment; one suspended or ended since is among them."""
    asked = select(StandingRow.family).where(
        StandingRow.standing == str(Standing.OFFICIAL), StandingRow.at_ms <= at_ms
    )
    return frozenset(session.exec(asked))


def publishable_status(session: Session, family: str, at_ms: int) -> ReleaseStatus:
    """The status a release of the family has at a moment: official, or on trial.

    Raises `NotPublishing` for a suspended or terminated family.
    """
    standing = standing_of(session, family, at_ms).standing
    if standing in (Standing.SUSPENDED, Standing.TERMINATED):
        raise NotPublishing(family=family, standing_zh=standing.words("zh"), standing_en=standing.words("en"))
    return ReleaseStatus.OFFICIAL if standing is Standing.OFFICIAL else ReleaseStatus.TRIAL


def declare(
    session: Session,
    operator: Operator,
    family: Family,
    standing: Standing,
    reason: str,
    person: Person,
    at_ms: int,
) -> StandingLine:
    """Declare a family's next standing, stated in the log with its reason.

    Raises `StandingRefused` for a step that does not exist, back on trial from official among them, and
    `TrialTooShort` before the trial is over.
    """
    before = standing_of(session, family.id, at_ms).standing
    told = {line.standing for line in standings(session, family.id, at_ms)}
    # Back on trial, final values would be provisional again: what was official once never goes back.
    demoted = standing is Standing.TRIAL and Standing.OFFICIAL in told
    if demoted or standing not in _NEXT[before]:
        raise StandingRefused(
            family=family.id,
            before_zh=before.words("zh"),
            after_zh=standing.words("zh"),
            before_en=before.words("en"),
            after_en=standing.words("en"),
        )
    if standing is Standing.OFFICIAL:
        require_trial(session, family, at_ms)
    number = session.exec(
        select(func.count()).select_from(StandingRow).where(StandingRow.family == family.id)
    ).one()
    statement = f"{STATEMENT_KIND}:{family.id}:{number + 1}"
    public: dict[str, JsonValue] = {
        "family": family.id,
        "standing": str(standing),
        "before": str(before),
        "reason": reason,
    }
    operator.state(session, STATEMENT_KIND, f"index/{family.id}", statement, public, at_ms)
    session.add(
        StandingRow(
            statement_id=statement,
            family=family.id,
            number=number + 1,
            standing=str(standing),
            reason=reason,
            at_ms=at_ms,
            by_name=person.name,
        )
    )
    session.flush()
    return standing_of(session, family.id, at_ms)


def require_trial(session: Session, family: Family, at_ms: int) -> None:
    """Raise `TrialTooShort` unless releases on trial began as long ago as the family's text asks."""
    since_ms = _first_release_ms(session, family.id)
    days = family.publication.trial_days
    begun = None if since_ms is None else china_day(since_ms)
    if begun is None or china_day(at_ms) - begun < datetime.timedelta(days=days):
        raise TrialTooShort(family=family.id, since="—" if begun is None else begun)


def _first_release_ms(session: Session, family: str) -> int | None:
    asked = select(func.min(ReleaseRow.published_ms)).where(
        ReleaseRow.family == family, ReleaseRow.status == str(ReleaseStatus.TRIAL)
    )
    return session.exec(asked).one()
