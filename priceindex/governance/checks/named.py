"""Checks of what a family calls itself and says it covers."""

from sqlmodel import Session

from priceindex.governance.checks.judged import Found, Judged, broken, kept
from priceindex.governance.declarations import DeclarationKind, in_force
from priceindex.governance.naming_rule import PROVINCES, claim_of


def scope_stated(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """The family says in both languages what it covers."""
    if judged.family.scope_zh.strip() and judged.family.scope_en.strip():
        return kept(judged.family.scope_zh, judged.family.scope_en)
    return broken("未写明范围", "the scope is not stated")


def name_within_coverage(session: Session, judged: Judged) -> Found:
    """The name claims no more than the declared coverage proves, and is not another index's."""
    claim = claim_of(judged.family, _places(judged))
    if claim.taken:
        return broken(
            f"名称与已发布的“{claim.taken}”相同",
            f"the name is that of the published index {claim.taken}",
        )
    claimed = [*(["全国"] if claim.national else []), *claim.regions]
    if not claim.needs_proof:
        return kept("名称不含全国或地区", "the name claims neither the country nor a region")
    proofs = in_force(session, DeclarationKind.COVERAGE, judged.today, judged.family.id)
    if not proofs:
        return broken(
            f"名称含“{'、'.join(claimed)}”而没有覆盖证明",
            f"the name claims {', '.join(claimed)} and no proof of coverage is declared",
        )
    share = max(one.share_bp or 0 for one in proofs) / 100
    return kept(
        f"名称含“{'、'.join(claimed)}”，声明覆盖交易的 {share:.1f} %",
        f"the name claims {', '.join(claimed)}; declared coverage is {share:.1f} % of the trade",
    )


def _places(judged: Judged) -> set[str]:
    """The provinces, and the markets and origins of the family's own cells."""
    cells = () if judged.run is None else judged.run.inputs.cells
    own = {place for cell in cells for place in (cell.market, cell.origin) if place}
    return {*PROVINCES, *judged.family.basket.markets, *own}
