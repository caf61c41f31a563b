"""The yearly self-assessment 自我评估: every requirement with what was found, and the year in figures.

Decree 22's guide asks for it in the first quarter of the next year. The report is canonical JSON, its digest
stands in the log, and a later report of the same year has the next number.
"""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from sqlmodel import Session, col, func, select

from ledger.canonical import JsonValue, canonical, parse
from priceindex.calendar import CHINA_OFFSET_MINUTES, china_day
from priceindex.families import Family
from priceindex.governance.compliance import Line, compliance
from priceindex.governance.governance_errors import UnknownAssessment, YearNotOver
from priceindex.governance.governance_tables import AssessmentRow, IndexComplaintRow
from priceindex.governance.stating import Operator
from priceindex.releases.release_tables import NoticeRow, ReleaseRow
from priceindex.tables import QuoteRow

ASSESSED: Final = "index.assessed"
FORMAT: Final = "daodi-index-assessment/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One report."""

    year: int
    number: int
    """0 for the year's first."""
    sha256: str
    assessed_ms: int
    body: bytes
    """Canonical JSON."""

    @property
    def members(self) -> dict[str, JsonValue]:
        """The report's members."""
        return cast("dict[str, JsonValue]", parse(self.body))


def assess(
    session: Session, operator: Operator, year: int, families: Sequence[Family], at_ms: int
) -> Assessment:
    """Make the report of a year that is over, keep it, and state its digest; raises `YearNotOver`."""
    if china_day(at_ms).year <= year:
        raise YearNotOver(year=year)
    number = session.exec(
        select(func.count()).select_from(AssessmentRow).where(AssessmentRow.year == year)
    ).one()
    report: dict[str, JsonValue] = {
        "format": FORMAT,
        "year": year,
        "number": number,
        "figures": figures(session, year),
        "families": [_family(session, family, at_ms) for family in families],
    }
    body = canonical(report)
    sha256 = hashlib.sha256(body).hexdigest()
    session.add(AssessmentRow(year=year, number=number, body=body.decode(), sha256=sha256, assessed_ms=at_ms))
    session.flush()
    named = f"{ASSESSED}:{year}-{number}"
    public: dict[str, JsonValue] = {"year": year, "number": number, "sha256": sha256}
    operator.state(session, ASSESSED, f"index.assessment/{year}", named, public, at_ms)
    return Assessment(year=year, number=number, sha256=sha256, assessed_ms=at_ms, body=body)


def assessments(session: Session) -> list[Assessment]:
    """Every report, the newest year and number first."""
    newest = select(AssessmentRow).order_by(col(AssessmentRow.year).desc(), col(AssessmentRow.number).desc())
    return [_assessment(row) for row in session.exec(newest)]


def assessment(session: Session, year: int) -> Assessment:
    """The newest report of a year; raises `UnknownAssessment`."""
    found = [one for one in assessments(session) if one.year == year]
    if not found:
        raise UnknownAssessment(year=year)
    return found[0]


def figures(session: Session, year: int) -> dict[str, JsonValue]:
    """The year in figures: releases, revisions, notices, quotes, complaints; by Chinese calendar year."""
    first, last = _start_ms(year), _start_ms(year + 1)
    released = col(ReleaseRow.published_ms).between(first, last - 1)
    quoted = col(QuoteRow.recorded_ms).between(first, last - 1)
    filed = col(IndexComplaintRow.filed_ms).between(first, last - 1)
    asked = {
        "releases": select(func.count()).select_from(ReleaseRow).where(released),
        "revisions": select(func.count()).select_from(ReleaseRow).where(released, ReleaseRow.revision > 0),
        "official_releases": select(func.count())
        .select_from(ReleaseRow)
        .where(released, ReleaseRow.status == "official"),
        "notices": select(func.count())
        .select_from(NoticeRow)
        .where(col(NoticeRow.at_ms).between(first, last - 1)),
        "quotes": select(func.count()).select_from(QuoteRow).where(quoted),
        "quotes_flagged": select(func.count())
        .select_from(QuoteRow)
        .where(quoted, QuoteRow.status == "flagged"),
        "quotes_quarantined": select(func.count())
        .select_from(QuoteRow)
        .where(quoted, QuoteRow.status == "quarantined"),
        "sources": select(func.count(func.distinct(QuoteRow.source))).where(quoted),
        "complaints": select(func.count()).select_from(IndexComplaintRow).where(filed),
        "complaints_upheld": select(func.count())
        .select_from(IndexComplaintRow)
        .where(filed, col(IndexComplaintRow.upheld).is_(True)),
        "complaints_open": select(func.count())
        .select_from(IndexComplaintRow)
        .where(filed, col(IndexComplaintRow.answered_ms).is_(None)),
    }
    return {name: session.exec(question).one() for name, question in asked.items()}


def _family(session: Session, family: Family, at_ms: int) -> JsonValue:
    return {
        "family": family.id,
        "method": family.method_id,
        "method_sha256": family.method_sha256,
        "requirements": [_line(line) for line in compliance(session, family, at_ms)],
    }


def _line(line: Line) -> JsonValue:
    outcome = line.outcome
    return {
        "requirement": line.requirement.id,
        "certainty": line.requirement.certainty,
        "check": line.requirement.check or None,
        "passed": None if outcome is None else outcome.passed,
        "found": None if outcome is None else {"zh": outcome.found_zh, "en": outcome.found_en},
    }


def _start_ms(year: int) -> int:
    """The first moment of a year in China."""
    utc = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
    return int(utc.timestamp() * 1000) - CHINA_OFFSET_MINUTES * 60_000


def _assessment(row: AssessmentRow) -> Assessment:
    return Assessment(
        year=row.year,
        number=row.number,
        sha256=row.sha256,
        assessed_ms=row.assessed_ms,
        body=row.body.encode(),
    )
