"""Checks of what is due in time: trial, yearly assessment, answers to complaints."""

import datetime
from typing import Final, cast

from sqlmodel import Session, func, select

from priceindex.calendar import china_day
from priceindex.governance.checks.judged import Found, Judged, broken, kept
from priceindex.governance.governance_tables import AssessmentRow
from priceindex.governance.index_complaints import DUE_DAYS, index_complaints
from priceindex.releases.release_tables import ReleaseRow

_QUARTER_END: Final = (3, 31)
"""The self-assessment of a year is due by the end of the next one's first quarter."""


def trial_length(session: Session, judged: Judged) -> Found:
    """The family has been on trial for as long as its text asks, six months at the least."""
    since = _first(session, judged)
    wanted = judged.family.publication.trial_days
    if since is None:
        return broken("尚无试运行发布", "there is no trial release yet")
    days = (judged.today - since).days
    said_zh, said_en = (
        f"自 {since} 试运行 {days} 天，应满 {wanted} 天",
        (f"on trial since {since}, {days} of {wanted} days"),
    )
    return kept(said_zh, said_en) if days >= wanted else broken(said_zh, said_en)


def assessed_in_time(session: Session, judged: Judged) -> Found:
    """Every past year in which the family was published has its assessment once the quarter is over."""
    since = _first(session, judged)
    last_due = judged.today.year - (
        1 if judged.today > datetime.date(judged.today.year, *_QUARTER_END) else 2
    )
    done = set(session.exec(select(AssessmentRow.year)))
    years = [] if since is None else [year for year in range(since.year, last_due + 1) if year not in done]
    if years:
        named = ", ".join(map(str, years))
        return broken(f"未作自我评估的年度：{named}", f"years without a self-assessment: {named}")
    return kept("年度自我评估无拖欠", "no self-assessment is overdue")


def complaints_answered(session: Session, judged: Judged) -> Found:
    """No complaint waits longer than its days."""
    open_ones = [one for one in index_complaints(session) if one.answered_ms is None]
    late = [one for one in open_ones if one.late(judged.at_ms)]
    if late:
        return broken(
            f"{len(late)} 件投诉超过 {DUE_DAYS} 日未答复",
            f"{len(late)} complaints have waited longer than {DUE_DAYS} days",
        )
    return kept(f"待答复投诉 {len(open_ones)} 件，均未逾期", f"{len(open_ones)} complaints open, none late")


def _first(session: Session, judged: Judged) -> datetime.date | None:
    """The day of the family's first release."""
    first = select(func.min(ReleaseRow.published_ms)).where(ReleaseRow.family == judged.family.id)
    at_ms = cast("int | None", session.exec(first).one())
    return None if at_ms is None else china_day(at_ms)
