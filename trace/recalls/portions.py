"""What each holder has of the goods of a recall: `trace.goods_at`, summed up by lot, holder and road."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from trace.goods_at import END_USERS, GoodsAt, goods_at

__all__ = ["END_USERS", "Portion", "Share", "portions_of", "shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What one holder has of one lot."""

    lot: str
    herb: str
    form: str
    holder: str
    """USCC, or `END_USERS`."""
    to: str | None
    """USCC of whom it is on its way to."""
    grams: int
    """Loose and packed."""
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one holder has of all the goods asked about."""

    holder: str
    lots: int
    grams: int
    packs: int


def portions_of(session: Session, lots: Sequence[str]) -> list[Portion]:
    """Return where the goods of `lots` are, by lot; lots of which nothing is left are not in it."""
    found: dict[tuple[str, str, str], list[GoodsAt]] = {}
    for each in goods_at(session, lots):
        found.setdefault((each.lot, each.holder, each.to or ""), []).append(each)
    return [_portion(found[key]) for key in sorted(found)]


def shares(portions: Iterable[Portion]) -> dict[str, Share]:
    """Return what each holder has in all, by holder; end users stand last, under `END_USERS`."""
    found: dict[str, list[Portion]] = {}
    for portion in portions:
        found.setdefault(portion.holder, []).append(portion)
    return {
        holder: Share(
            holder=holder,
            lots=len({each.lot for each in found[holder]}),
            grams=sum(each.grams for each in found[holder]),
            packs=sum(each.packs for each in found[holder]),
        )
        for holder in sorted(found, key=lambda holder: (holder == END_USERS, holder))
    }


def _portion(goods: Sequence[GoodsAt]) -> Portion:
    first = goods[0]
    return Portion(
        lot=first.lot,
        herb=first.herb,
        form=first.form,
        holder=first.holder,
        to=first.to,
        grams=sum(each.grams for each in goods),
        packs=sum(each.packs for each in goods),
    )
