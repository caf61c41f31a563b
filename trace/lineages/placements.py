"""Where the goods of a lineage are now, and what of them stems from the lot asked about."""

from dataclasses import dataclass

from sqlmodel import Session

from trace.coding.code_words import CodeStatus
from trace.goods_at import GoodsAt, goods_at
from trace.lineages.attribution import grams_of
from trace.lineages.lineage_graph import LineageGraph, LineageLot


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Goods of one lot with one holder in one state."""

    lot: str
    holder: str
    """USCC, or `goods_at.END_USERS`."""
    status: CodeStatus | None
    """What became of the packs, and `sold` for loose goods sold by mass; None for loose goods at hand."""
    in_transit_to: str | None
    """USCC of the receiver, while they are on the road."""
    packs: int
    """0 for loose goods."""
    grams: int
    attributed_grams: int
    """What of it stems from the lot asked about."""


def placements(session: Session, graph: LineageGraph) -> tuple[Placement, ...]:
    """Return where everything made from the lot of a forward `graph` is, and what is left of it, by lot."""
    own = {each.lot: each for each in graph.lots}
    found = [_placed(each, own[each.lot]) for each in goods_at(session, list(own))]
    return tuple(sorted(found, key=lambda each: (own[each.lot].level, each.lot, each.packs, each.holder)))


def _placed(goods: GoodsAt, of: LineageLot) -> Placement:
    return Placement(
        lot=goods.lot,
        holder=goods.holder,
        status=goods.status,
        in_transit_to=goods.to,
        packs=goods.packs,
        grams=goods.grams,
        attributed_grams=grams_of(goods.grams, of.share) or 0,
    )
