"""From the drying yard to the counter: split, shipped, sold, sliced, packed, dispensed."""

from datetime import date

from daodi_city.growing import dry_and_test, grow
from daodi_city.parties import Household
from daodi_city.pen import Deed
from daodi_city.way import Asking, Way, examine, role
from trace.standards.paozhi_methods import methods_in
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Stage

_PACK_SIZES = (5, 10, 20, 50, 100, 250, 500, 1000)
"""Usual pack sizes, grams."""


def to_the_maker(way: Way, asking: Asking) -> date:
    """Write a lot's way as far as the slice maker's store; returns the day it arrives there."""
    return trade(way, divide(way, dry_and_test(way, grow(way))), asking)


def finish(way: Way, day: date, source: str, packs: int) -> None:
    """Write the rest of the way: slices, packs, and the counter where some are sold."""
    deliver(way, pack(way, make_slices(way, day, source), packs))


def divide(way: Way, day: date) -> date:
    """Split the herb: a parcel that goes on to become slices, and the bulk that stays in trade."""
    total = way.grams["herb"]
    parcel = round(total * way.pen.rng.uniform(0.12, 0.25))
    day = way.pen.days_later(day, 1, 6)
    way.pen.write(
        Deed(
            stage=Stage.SPLIT,
            who=way.cast.grower,
            place=way.cast.grower.workshop,
            day=day,
            inputs=(way.all_of("herb"),),
            outputs=(way.lot("parcel", parcel, grade=True), way.lot("bulk", total - parcel, grade=True)),
            fields={"reason": "分批销售"},
        )
    )
    return day


def trade(way: Way, day: date, asking: Asking) -> date:
    """Bring both lots to the trader, who sells the parcel to the slice maker; returns its arrival there."""
    cast = way.cast
    day = hand_over(way, ("parcel", "bulk"), cast.grower, cast.trader, way.pen.days_later(day, 3, 20))
    day = way.pen.days_later(day, 2, 25)
    sell(way, "parcel", cast.trader, cast.maker, day, asking)
    sell(
        way,
        "bulk",
        cast.trader,
        None,
        way.pen.days_later(day, 0, 3),
        asking,
        share=way.pen.rng.uniform(0.3, 0.9),
    )
    return hand_over(way, ("parcel",), cast.trader, cast.maker, way.pen.days_later(day, 3, 6))


def hand_over(way: Way, what: tuple[str, ...], giver: Household, taker: Household, day: date) -> date:
    """Ship lots and receive them two to four days later; returns the day of receipt."""
    lots = tuple(LotAmount(lot=way.lots[each]) for each in what)
    way.pen.write(
        Deed(
            stage=Stage.SHIP,
            who=giver,
            place=giver.workshop,
            day=day,
            lots=lots,
            other=taker,
            fields={"storage": "防潮", "waybill": f"DEM-{way.pen.name}"},
        )
    )
    arrived = way.pen.days_later(day, 2, 4)
    way.pen.write(
        Deed(
            stage=Stage.RECEIVE,
            who=taker,
            day=arrived,
            lots=lots,
            other=giver,
            fields={"inspection": "accepted", "storage": "阴凉库"},
        )
    )
    return arrived


def sell(
    way: Way,
    what: str,
    seller: Household,
    buyer: Household | None,
    day: date,
    asking: Asking,
    *,
    share: float = 1.0,
) -> None:
    """Write a sale at the seller's market at what that market asks on the day, give or take two per cent."""
    price = round(asking(way.crop.herb, way.grade, way.cast.market, day) * way.pen.rng.uniform(0.98, 1.02))
    way.pen.write(
        Deed(
            stage=Stage.SALE,
            who=seller,
            day=day,
            other=buyer,
            lots=(LotAmount(lot=way.lots[what], grams=round(way.grams[what] * share)),),
            fields={"channel": "wholesale", "price_fen_per_kg": price},
        )
    )


def mix(way: Way, other: Way, day: date) -> None:
    """Merge the parcels of two ways at the slice maker into one lot of `way`."""
    way.pen.follow(other.pen)
    way.pen.write(
        Deed(
            stage=Stage.MERGE,
            who=way.cast.maker,
            day=day,
            inputs=(other.all_of("parcel"), way.all_of("parcel")),
            outputs=(way.lot("mix", other.grams["parcel"] + way.grams["parcel"], grade=True),),
            fields={"reason": "同级合批投料"},
        )
    )


def make_slices(way: Way, day: date, source: str) -> date:
    """Turn a herb lot into a slice lot and test it; returns the day of the test."""
    maker, pen = way.cast.maker, way.pen
    grams = round(way.grams[source] * pen.rng.uniform(0.86, 0.95))
    day = pen.days_later(day, 2, 10)
    fields: dict[str, FieldValue] = {
        "method": way.crop.slicing,
        "standard": "示例内控标准",
        "technician": f"工艺员{role(pen.rng)}",
        "qa": f"质量员{role(pen.rng)}",
    }
    pen.write(
        Deed(
            stage=Stage.PAOZHI,
            who=maker,
            place=maker.workshop,
            day=day,
            inputs=(way.all_of(source),),
            outputs=(way.lot("slice", grams, grade=True),),
            fields=fields | _excipient(way.crop.slicing, way.grams[source]),
        )
    )
    return examine(way, "slice", maker, pen.days_later(day, 1, 4))


def _excipient(method: str, herb_grams: int) -> dict[str, FieldValue]:
    """Return the excipient that a method takes, in the middle of what the pharmacopoeia says of it."""
    for known in methods_in(method):
        ratio = known.ratio
        if ratio is not None and ratio.low is not None and ratio.high is not None:
            share = (ratio.low + ratio.high) / 200
            return {"excipient": ratio.excipient, "excipient_grams": int(herb_grams * share)}
    return {}


def pack(way: Way, day: date, packs: int) -> date:
    """Pack the slice lot into `packs` packs of a usual size; returns the day."""
    maker = way.cast.maker
    size = max((each for each in _PACK_SIZES if each * packs <= way.grams["slice"]), default=_PACK_SIZES[0])
    day = way.pen.days_later(day, 1, 5)
    way.grams["packed"] = size * packs
    way.pen.write(
        Deed(
            stage=Stage.PACK,
            who=maker,
            place=maker.workshop,
            day=day,
            packs=packs,
            grams_per_pack=size,
            inputs=(LotAmount(lot=way.lots["slice"], grams=size * packs),),
            fields={
                "specification": f"{size} 克/包",
                "production_date": day.isoformat(),
                "expiry_date": date(day.year + 2, day.month, min(day.day, 28)).isoformat(),
                "standard": "示例内控标准",
            },
        )
    )
    return day


def deliver(way: Way, day: date) -> date:
    """Send the packed slices to hospital or pharmacy, which sells some of them; returns the day of sale."""
    cast, sender = way.cast, way.cast.maker
    if cast.wholesaler is not None:
        day = hand_over(way, ("slice",), sender, cast.wholesaler, way.pen.days_later(day, 2, 4))
        sender = cast.wholesaler
    arrived = hand_over(way, ("slice",), sender, cast.user, way.pen.days_later(day, 2, 6))
    sold = way.pen.days_later(arrived, 3, 14)
    way.pen.write(
        Deed(
            stage=Stage.SALE,
            who=way.cast.user,
            day=sold,
            lots=(LotAmount(lot=way.lots["slice"], grams=max(way.grams["packed"] // 4, 1)),),
            fields={"channel": "dispensing"},
        )
    )
    return sold
