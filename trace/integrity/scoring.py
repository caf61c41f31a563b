"""Scoring everybody for a period: gathered, computed, stated in the log in pages, kept for ever.

Each page is one `integrity.scored` statement with the evidence of up to 150 parties beside their scores, so
that anyone computes each score again from the log alone, and every score ever given stays readable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, delete, select

from ledger.canonical import JsonValue, parse
from trace.declaring import Declarer
from trace.integrity.evidence import Evidence, logged_of, members, summed
from trace.integrity.formula import METHOD, Score, score
from trace.integrity.gathering import gather
from trace.integrity.integrity_errors import NoScores, PeriodNotOver
from trace.integrity.integrity_tables import ScoreRow
from trace.integrity.periods import Period
from trace.integrity.statement_ids import canonical_text, listed, new_id, number, text
from trace.said import Said
from trace.tables import insert_rows

KIND: Final = "integrity.scored"
PAGE: Final = 150
"""Parties in one statement: at most 350 bytes each, far below the largest leaf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What a party was scored for a period."""

    uscc: str
    period: str
    unit: str
    score: Score
    method: str
    statement_id: str
    scored_ms: int


def score_period(session: Session, declarer: Declarer, period: Period, at_ms: int) -> list[str]:
    """Score every party for `period` and state it; returns the ids of the statements.

    Scoring a period again (a complaint decided late) states new pages; the newest counts and the older
    ones stay in the log. Raises `PeriodNotOver`.
    """
    if at_ms < period.until_ms:
        raise PeriodNotOver(period=period.name)
    run = new_id("integrity", declarer.randomness)
    stated = []
    for number_of_page, page in enumerate(_pages(gather(session, period))):
        statement_id = f"{run}/{number_of_page}"
        declarer.declare(
            session,
            apply_scored,
            kind=KIND,
            statement_id=statement_id,
            subject=f"integrity/{period.name}",
            public={"period": period.name, "method": METHOD, "page": number_of_page, "scores": page},
            at_ms=at_ms,
            by=None,
        )
        stated.append(statement_id)
    return stated


def apply_scored(session: Session, said: Said) -> None:
    """Write the scores of one page; of two for one party and period the later counts."""
    period, method = text(said.public, "period"), text(said.public, "method")
    found = [each for each in listed(said.public, "scores") if isinstance(each, dict)]
    named = [text(each, "uscc") for each in found]
    session.execute(delete(ScoreRow).where(col(ScoreRow.period) == period, col(ScoreRow.uscc).in_(named)))
    insert_rows(
        session,
        ScoreRow,
        (
            {
                "period": period,
                "uscc": text(each, "uscc"),
                "unit": text(each, "unit"),
                "score": number(each, "score"),
                "stars": number(each, "stars"),
                "evidence": canonical_text(each["evidence"]),
                "method": method,
                "statement_id": said.statement_id,
                "scored_ms": said.at_ms,
            }
            for each in found
        ),
    )


def scores_of(session: Session, uscc: str) -> list[Scored]:
    """Return every score of a party, the newest period first; empty while it has none."""
    rows = session.exec(
        select(ScoreRow).where(ScoreRow.uscc == uscc).order_by(col(ScoreRow.period).desc())
    ).all()
    return [scored_of(row) for row in rows]


def scores_for(session: Session, period: str) -> Sequence[ScoreRow]:
    """Return the rows of everybody's score for a period in the order of their USCCs; raises `NoScores`."""
    rows = session.exec(select(ScoreRow).where(ScoreRow.period == period).order_by(col(ScoreRow.uscc))).all()
    if not rows:
        raise NoScores(period=period)
    return rows


def scores_page(session: Session, period: str, after: str, limit: int) -> list[Scored]:
    """Return scores of a period by USCC, from the first after `after` on; raises `NoScores` for none."""
    rows = session.exec(
        select(ScoreRow)
        .where(ScoreRow.period == period, col(ScoreRow.uscc) > after)
        .order_by(col(ScoreRow.uscc))
        .limit(limit)
    ).all()
    if not rows and not after:
        raise NoScores(period=period)
    return [scored_of(row) for row in rows]


def latest_period(session: Session) -> str | None:
    """Return the period that was scored last; None before the first."""
    return session.exec(
        select(ScoreRow.period).order_by(col(ScoreRow.scored_ms).desc(), col(ScoreRow.period).desc()).limit(1)
    ).first()


def scored_of(row: ScoreRow) -> Scored:
    """Return the score a row holds, computed anew from the evidence in it."""
    found = parse(row.evidence.encode())
    if not isinstance(found, dict):
        raise TypeError(row.evidence)
    return Scored(
        uscc=row.uscc,
        period=row.period,
        unit=row.unit,
        score=score(logged_of(found)),
        method=row.method,
        statement_id=row.statement_id,
        scored_ms=row.scored_ms,
    )


def _pages(gathered: Iterator[tuple[str, str, Evidence]]) -> Iterator[list[JsonValue]]:
    page: list[JsonValue] = []
    for uscc, unit, evidence in gathered:
        page.append(_line(uscc, unit, evidence))
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _line(uscc: str, unit: str, evidence: Evidence) -> dict[str, JsonValue]:
    logged = summed(evidence)
    found = score(logged)
    return {
        "uscc": uscc,
        "unit": unit,
        "score": found.thousandths,
        "stars": found.stars,
        "evidence": members(logged),
    }
