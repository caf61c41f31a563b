"""Checks that rest on what the operator declared: independence, conflicts, reviews, audits, submitters."""

from sqlmodel import Session

from priceindex.governance.checks.judged import Found, Judged, broken, kept
from priceindex.governance.declarations import DeclarationKind, in_force


def independence_declared(session: Session, judged: Judged) -> Found:
    """A statement of independence is in force."""
    return _one(session, judged, DeclarationKind.INDEPENDENCE)


def review_declared(session: Session, judged: Judged) -> Found:
    """A compliance review no older than a year is in force (Decree 22, article 18)."""
    return _one(session, judged, DeclarationKind.REVIEW)


def audit_declared(session: Session, judged: Judged) -> Found:
    """An external audit is declared (IOSCO principle 17)."""
    return _one(session, judged, DeclarationKind.AUDIT)


def no_open_conflict(session: Session, judged: Judged) -> Found:
    """No conflict of interest is open (Decree 22, article 19)."""
    found = in_force(session, DeclarationKind.CONFLICT, judged.today, judged.family.id)
    if found:
        named = ", ".join(one.declaration_id for one in found)
        return broken(
            f"有 {len(found)} 项利益冲突未终止：{named}",
            f"{len(found)} conflicts of interest are open: {named}",
        )
    return kept("没有未终止的利益冲突", "no conflict of interest is open")


def submitters_registered(session: Session, judged: Judged) -> Found:
    """Every source whose quotes enter is registered with its rules of submission (Decree 22, article 14)."""
    registered = {one.subject for one in in_force(session, DeclarationKind.SUBMITTER, judged.today)}
    used = set() if judged.run is None else {source.name for source in judged.run.inputs.sources}
    missing = sorted(used - registered)
    if missing:
        named = "、".join(missing)
        return broken(
            f"来源未登记报送规则：{named}",
            f"sources without registered rules of submission: {', '.join(missing)}",
        )
    return kept(f"已登记来源 {len(registered)} 个", f"{len(registered)} sources registered, none missing")


def _one(session: Session, judged: Judged, kind: DeclarationKind) -> Found:
    found = in_force(session, kind, judged.today, judged.family.id)
    if not found:
        return broken(
            f"没有有效的{kind.words('zh')}",
            f"no {kind.words('en')} is in force",
        )
    until = max(one.valid_until for one in found)
    return kept(f"{kind.words('zh')}有效至 {until}", f"{kind.words('en')} in force until {until}")
