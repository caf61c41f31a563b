"""Checks of what is kept: bodies behind quotes, corrections with notices, verifiers apart from submitters."""

from typing import Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from priceindex.governance.checks.judged import Found, Judged, broken, kept
from priceindex.intake.desk import same_person
from priceindex.releases.release_tables import NoticeRow, ReleaseRow, StandingRow
from priceindex.releases.standing import Standing
from priceindex.tables import ArchiveRow, QuoteRow

KEPT_YEARS: Final = 5
"""Our promise; Decree 22 asks for three from publication, IOSCO for five."""


def archive_complete(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """Every raw body that a quote was read from is still in the archive."""
    lost = session.exec(
        select(func.count(func.distinct(QuoteRow.archive_sha256)))
        .join(ArchiveRow, col(ArchiveRow.sha256) == col(QuoteRow.archive_sha256), isouter=True)
        .where(col(QuoteRow.archive_sha256).is_not(None), col(ArchiveRow.sha256).is_(None))
    ).one()
    bodies = session.exec(select(func.count()).select_from(ArchiveRow)).one()
    if lost:
        return broken(f"{lost} 份原始内容已不在存档中", f"{lost} raw bodies are no longer in the archive")
    return kept(
        f"存档 {bodies} 份，至少保存 {KEPT_YEARS} 年，程序从不删除",
        f"bodies archived: {bodies}, kept for {KEPT_YEARS} years at least: the program never deletes one",
    )


def corrections_noticed(session: Session, judged: Judged) -> Found:
    """Every release that changed values which may not change silently has its notice (article 16)."""
    revised = session.exec(
        select(col(ReleaseRow.release_id)).where(
            ReleaseRow.family == judged.family.id, col(ReleaseRow.notice_needed).is_(True)
        )
    ).all()
    noticed = set(session.exec(select(col(NoticeRow.release_id)).where(NoticeRow.family == judged.family.id)))
    silent = sorted(set(revised) - noticed)
    if silent:
        return broken(
            f"有更正而无公告：{'、'.join(silent)}", f"corrected without a notice: {', '.join(silent)}"
        )
    return kept(
        f"更正 {len(revised)} 次，公告 {len(noticed)} 份",
        f"corrections: {len(revised)}, notices: {len(noticed)}",
    )


def verifier_is_not_submitter(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """No decision about a quote was taken by who had submitted it (Decree 22, article 15)."""
    told = aliased(QuoteRow)
    both = select(col(told.submitter), col(told.collector), col(QuoteRow.decided_by)).join(
        QuoteRow,
        (col(told.cell_id) == col(QuoteRow.cell_id))
        & (col(told.day) == col(QuoteRow.day))
        & (col(told.source) == col(QuoteRow.source))
        & (col(told.revision) <= col(QuoteRow.revision)),
    )
    decided = session.exec(
        select(func.count()).select_from(QuoteRow).where(col(QuoteRow.decided_by).is_not(None))
    ).one()
    pairs = session.exec(both.where(col(QuoteRow.decided_by).is_not(None)).distinct())
    wrong = sum(
        any(who is not None and same_person(who, by) for who in (submitter, collector))
        for submitter, collector, by in pairs
        if by is not None
    )
    if wrong:
        return broken(
            f"有 {wrong} 人核定了自己报送的报价", f"{wrong} persons decided about quotes they had submitted"
        )
    return kept(
        f"人工核定 {decided} 条，均非报送人本人", f"decisions: {decided}, none by who had submitted the quote"
    )


def standing_stated(session: Session, judged: Judged) -> Found:
    """The family's standing is stated with its reason."""
    newest = session.exec(
        select(StandingRow)
        .where(StandingRow.family == judged.family.id)
        .order_by(col(StandingRow.number).desc())
    ).first()
    if newest is None:
        return broken("尚未声明系列状态", "the family's standing was never stated")
    named = Standing(newest.standing)
    return kept(f"{named.words('zh')}：{newest.reason}", f"{named.words('en')}: {newest.reason}")
