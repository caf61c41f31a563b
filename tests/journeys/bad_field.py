"""One bad field and a thousand packs: who has what of it when its herb turns out to fail a test."""

from dataclasses import dataclass

from tests.journeys.town import Town, firm
from tests.journeys.trade import assayed, dried, packed, sliced

GROWER = firm(1, "十九里白芍合作社", "grower", "EAST-FIELD")
MAKER = firm(2, "亳州饮片厂", "slice_maker", "WORKS-1", "production", "distribution")
OTHER_MAKER = firm(3, "谯城饮片厂", "slice_maker", "WORKS-2", "production", "distribution")
HOSPITAL = firm(4, "朝阳医院", "user", "WARD", "medical", division="110105")
PHARMACY = firm(5, "海淀大药房", "user", "COUNTER", "distribution", division="110108")

PACKS, GRAMS = 500, 500
"""Of each maker: together the thousand packs, half a kilogram each."""
REASON = "东坡地块二氧化硫残留量超标"


@dataclass(frozen=True, slots=True)
class Stock:
    """The codes of the packs, by who has them."""

    hospital: tuple[str, ...]
    pharmacy: tuple[str, ...]
    makers: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return self.hospital + self.pharmacy + self.makers


def sold_on(town: Town) -> Stock:
    """FIELD is split to two makers, cut, packed; 300 packs reach a hospital and 200 a pharmacy.

    600 kg of herb: 1 kg stays with the grower, 599 kg become 510 kg of slices, 500 kg of them in packs.
    """
    town.join(GROWER, MAKER, OTHER_MAKER, HOSPITAL, PHARMACY)
    dried(town, GROWER, "FIELD", 600_000, "2022-08-20")
    halves = [{"lot": "HALF-1", "grams": 300_000}, {"lot": "HALF-2", "grams": 299_000}]
    drawn = [{"lot": "FIELD", "grams": 599_000}]
    town.step(GROWER, "split", "2022-08-22 08:00", inputs=drawn, outputs=halves)
    makers = (("1", MAKER), ("2", OTHER_MAKER))
    for number, maker in makers:
        town.handed_over(f"HALF-{number}", GROWER, maker, "2022-08-23 08:00")
    codes = []
    for number, maker in makers:
        sliced(town, maker, f"HALF-{number}", f"YP-{number}", 255_000, "2022-08-26 09:00")
        assayed(town, maker, f"YP-{number}", "2022-08-27 09:00")
        codes.append(packed(town, maker, f"YP-{number}", PACKS, GRAMS, "2022-08-28 09:00").codes)
    stock = Stock(codes[0][:300], codes[1][:200], codes[0][300:] + codes[1][200:])
    for maker, to, some in ((MAKER, HOSPITAL, stock.hospital), (OTHER_MAKER, PHARMACY, stock.pharmacy)):
        town.step(maker, "ship", "2022-09-01 08:00", codes=some, counterparty=to.uscc)
        town.step(to, "receive", "2022-09-02 08:00", codes=some, counterparty=maker.uscc)
    return stock
