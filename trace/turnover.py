"""Turnover 成交: what was sold and for how much, summed for the price index.

Prices stay private: they are sealed with the other private values of a sale, opened here only to be summed,
and only sums over herb, grade, origin and market leave here; who publishes them decides how many sales a
sum must rest on. A sale of more than was at hand (超售) is on record and counts
for nothing here: the goods it speaks of are not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import bindparam, exists, select, tuple_
from sqlmodel import Session, col

from ledger.private.private_cipher import open_value
from ledger.private.private_vault import Vault
from trace.tables import DisclosureRow, FindingRow, LotRow, SaleRow, StepRow
from trace.vocabulary import NAMED_FREELY, Form

_PRICE: Final = "price_fen_per_kg"
"""Name of the private field of a sale that is its price."""
_NO_HERBS: Final = tuple(NAMED_FREELY | {Form.GRANULE})
"""Products and excipients: their firms name them as they like, and no herb has their price."""
_FOREVER_MS: Final = 2**53
_PAGE: Final = 5_000
"""Sales read at a time."""
_OVERSOLD: Final = exists().where(
    col(FindingRow.step_id) == col(SaleRow.step_id),
    col(FindingRow.lot_id) == col(SaleRow.lot_id),
    col(FindingRow.rule) == "balance.oversold",
)
_AT: Final = tuple_(col(SaleRow.step_id), col(SaleRow.lot_id))
_SALES: Final = (
    select(
        *(col(each) for each in (SaleRow.step_id, SaleRow.lot_id, SaleRow.grams, SaleRow.seller)),
        *(col(each) for each in (SaleRow.herb, SaleRow.grade, SaleRow.origin, SaleRow.market)),
        *(col(each) for each in (DisclosureRow.statement_id, DisclosureRow.subject, DisclosureRow.sealed)),
    )
    .join(StepRow, col(StepRow.step_id) == col(SaleRow.step_id))
    .join(LotRow, col(LotRow.lot_id) == col(SaleRow.lot_id))
    .join(
        DisclosureRow,
        (col(DisclosureRow.statement_id) == col(StepRow.statement_id)) & (col(DisclosureRow.name) == _PRICE),
    )
    .where(
        col(SaleRow.event_ms) >= bindparam("since"),
        col(SaleRow.event_ms) < bindparam("until"),
        col(StepRow.recorded_ms) <= bindparam("as_of"),
        tuple_(bindparam("after_step"), bindparam("after_lot")) < _AT,
        col(DisclosureRow.sealed).is_not(None),
        col(LotRow.form).not_in(_NO_HERBS),
        col(SaleRow.seller).not_in(bindparam("without", expanding=True)),
        ~_OVERSOLD,
    )
    .order_by(col(SaleRow.step_id), col(SaleRow.lot_id))
    .limit(_PAGE)
)

_LotKey: TypeAlias = tuple[str, str | None, str | None, str | None]
"""Herb, grade, origin and market of a lot sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """All priced sales of one grade from one origin in one market."""

    herb: str
    grade: str | None
    origin: str | None
    """GB/T 2260 code, as fine as the lot knows it."""
    market: str | None
    """Slug of the market; None for sales outside the seventeen."""
    grams: int
    fen: int
    sales: int
    """How many sales the sums rest on."""
    sellers: int
    """How many parties made them."""

    @property
    def fen_per_kg(self) -> int:
        """The mean price, weighted by mass, to the nearest fen."""
        return (2000 * self.fen + self.grams) // (2 * self.grams)


def turnover(
    session: Session,
    vault: Vault,
    since_ms: int,
    until_ms: int,
    without: Collection[str] = (),
    *,
    as_of_ms: int = _FOREVER_MS,
) -> list[Turnover]:
    """Sum the priced sales that happened from `since_ms` up to, not including, `until_ms`.

    The amount of a sale is its price per kilogram times its mass, half up to the fen. Prices are opened one
    by one and leave here in sums only; a sale whose price was erased counts no longer, nor does one by a
    seller in `without` (`trace.integrity.source_trust` says who is trusted as a source). Sales recorded after
    `as_of_ms` do not count.
    """
    sums: dict[_LotKey, list[int]] = {}
    sold_by: dict[_LotKey, set[str]] = {}
    for lot_key, grams, price, seller in _priced(session, vault, since_ms, until_ms, without, as_of_ms):
        so_far = sums.setdefault(lot_key, [0, 0, 0])
        sold_by.setdefault(lot_key, set()).add(seller)
        so_far[0] += grams
        so_far[1] += (grams * price + 500) // 1000
        so_far[2] += 1
    return [
        Turnover(
            herb=lot_key[0],
            grade=lot_key[1],
            origin=lot_key[2],
            market=lot_key[3],
            grams=grams,
            fen=fen,
            sales=sales,
            sellers=len(sold_by[lot_key]),
        )
        for lot_key, (grams, fen, sales) in sorted(
            sums.items(), key=lambda summed: [part or "" for part in summed[0]]
        )
    ]


def sellers(session: Session, since_ms: int, until_ms: int) -> set[str]:
    """Return the USCCs of who sold something in that time."""
    sold = select(col(SaleRow.seller)).where(
        col(SaleRow.event_ms) >= since_ms, col(SaleRow.event_ms) < until_ms
    )
    return set(session.execute(sold.distinct()).scalars())


def _priced(
    session: Session, vault: Vault, since_ms: int, until_ms: int, without: Collection[str], as_of_ms: int
) -> Iterator[tuple[_LotKey, int, int, str]]:
    """Give key, grams, price and seller of each sale that counts, a page at a time."""
    asked: dict[str, object] = {
        "since": since_ms,
        "until": until_ms,
        "after_step": "",
        "after_lot": "",
        "without": sorted(without),
        "as_of": as_of_ms,
    }
    while page := session.execute(_SALES, asked).all():
        keys = vault.keys(session, {row.subject for row in page})
        for row in page:
            disclosed = open_value(keys[row.subject], row.sealed, row.statement_id, _PRICE)
            if isinstance(disclosed.value, int):
                yield (row.herb, row.grade, row.origin, row.market), row.grams, disclosed.value, row.seller
        asked |= {"after_step": page[-1].step_id, "after_lot": page[-1].lot_id}
