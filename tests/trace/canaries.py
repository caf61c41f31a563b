"""A season through every stage, with a value of its own in every field the profiles keep from the public."""

from collections.abc import Iterator

from trace.profiles import Field, Kind, Visibility, profile
from trace.steps import FieldValue, StepNew
from trace.vocabulary import Stage

from .season import COOP, GROWER, MAKER, PHARMACY, PLACES, at, lot, step

MARK = "CANARYVOGEL"
"""Every hidden text holds it."""
_PRICE = 773_177_000
_LATITUDE, _LONGITUDE = "33.6180", "115.9917"


def hidden_fields() -> tuple[tuple[Stage, Field], ...]:
    """Every field of every stage that is not public, read from the profiles."""
    return tuple(
        (stage, field)
        for stage in Stage
        for field in profile(stage).fields
        if field.visibility is not Visibility.PUBLIC
    )


def canary(stage: Stage, field: Field) -> FieldValue:
    """A value for a hidden field that stands nowhere else; a closed word has only its own words."""
    nth = hidden_fields().index((stage, field))
    if field.kind is Kind.TEXT:
        return f"{MARK}{nth:03}"
    if field.kind in (Kind.PRICE, Kind.MONEY):
        return _PRICE + nth
    if field.kind is Kind.POSITION:
        return f"{_LATITUDE}{nth:03},{_LONGITUDE}{nth:03}"
    if field.kind is Kind.CHOICE:
        return field.choices[-1].key
    raise AssertionError(field)


def betrayals(stage: Stage, field: Field) -> tuple[str, ...]:
    """What no answer to the public may hold, in whatever way the canary is written."""
    value = canary(stage, field)
    if field.kind is Kind.POSITION:
        return tuple(str(value).split(","))
    if field.kind is Kind.CHOICE:
        # Its key and words are common ones: what gives it away is that the field is told at all.
        return (f'"{field.name}":"{value}"', f"{field.zh}：", f"{field.en}: ")
    if isinstance(value, int):
        yuan = f"{value // 100:,}.{value % 100:02}"
        return (str(value), f"{value:,}", yuan, yuan.replace(",", ""))
    return (str(value),)


def _fields(stage: Stage, public: dict[str, FieldValue]) -> dict[str, FieldValue]:
    return public | {field.name: canary(of, field) for of, field in hidden_fields() if of is stage}


def _made(stage: str, day: int, place: str = "PLOT", **rest: object) -> tuple[StepNew, int]:
    public = rest.pop("fields", {})
    assert isinstance(public, dict)
    return step(stage, day, place, fields=_fields(Stage(stage), public), **rest), at(day)


def grown() -> Iterator[tuple[StepNew, int]]:
    """Steps on the land and in the grower's store; (step, recorded_ms)."""
    yield _made("seed", 1, outputs=[lot("SD", 50_000, "白芍")], fields={"seed_source": "自购"})
    yield _made("planting", 2, inputs=[lot("SD")], outputs=[lot("PL")], fields={"area_mu": "12.5"})
    yield _made("rearing", 2, outputs=[lot("RE", herb="地龙")], fields={"head_count": 9})
    yield _made("gathering", 2, outputs=[lot("GA", 5_000, "五味子")], fields={"area_name": "后山"})
    yield _made("mining", 2, outputs=[lot("MI", 5_000, "石膏")], fields={"mine_name": "应城"})
    yield _made("opening", 2, outputs=[lot("OP", 5_000, "白芍")])
    yield _made("field_work", 3, lots=[lot("PL")], fields={"work": "除草"})
    yield _made("sensing", 4, lots=[lot("PL")], sensors=[SENSED])
    yield _made("harvest", 900, inputs=[lot("PL")], outputs=[lot("FR", 400_000)])
    yield _made(
        "primary_processing", 901, inputs=[lot("FR")], outputs=[lot("DR", 100_000)], fields={"method": "晒干"}
    )
    yield _made("storage", 902, lots=[lot("DR")], fields={"care": "通风"})
    yield _made("sampling", 903, lots=[lot("DR", 100)], fields={"plan": "自检", "sample_number": "Y-1"})
    yield _made("test", 904, lots=[lot("DR")], results=[RESULT], fields={"report_number": "BG-1"})
    halves = [lot("S1", 50_000), lot("S2", 40_000)]
    yield _made("split", 905, inputs=[lot("DR", 90_000)], outputs=halves)
    yield _made("merge", 906, inputs=halves, outputs=[lot("ME", 90_000)])
    yield _made(
        "stock_adjust", 907, lots=[lot("ME", 89_990)], fields={"old_grams": 90_000, "reason": "盘点差异"}
    )


def made() -> Iterator[tuple[StepNew, int]]:
    """From the grower to the maker, and what the maker makes of it, up to the packs."""
    yield _made("sale", 908, lots=[lot("ME", 89_990)], counterparty=MAKER)
    yield _made("ship", 909, lots=[lot("ME")], counterparty=MAKER)
    yield _made("purchase", 910, "WORKS", lots=[lot("OP", 5_000)], counterparty=GROWER)
    yield _made("receive", 911, "WORKS", lots=[lot("ME")], counterparty=GROWER)
    yield _made(
        "settlement", 912, "WORKS", lots=[lot("ME")], counterparty=GROWER, fields={"voucher_kind": "收据"}
    )
    paozhi: dict[str, FieldValue] = {"method": "切薄片", "standard": "中国药典2020年版"}
    yield _made(
        "paozhi", 913, "WORKS", inputs=[lot("ME", 80_000)], outputs=[lot("YP", 70_000)], fields=paozhi
    )
    yield _made(
        "granule",
        914,
        "WORKS",
        inputs=[lot("YP", 10_000)],
        outputs=[lot("GR", 5_000)],
        fields={"standard": "国家标准"},
    )
    yield _made(
        "medicine", 915, "WORKS", inputs=[lot("GR", 1_000)], outputs=[lot("ZY", 900, "六味地黄丸")],
        fields={"approval_number": "国药准字Z11020000", "standard": "药典"},
    )  # fmt: skip
    yield _made("pack", 916, "WORKS", inputs=[lot("YP")], packs=20, grams_per_pack=500)


def sold(codes: tuple[str, ...], box: str) -> Iterator[tuple[StepNew, int]]:
    """What becomes of the packs: boxed, unboxed, shipped, sold, dispensed, returned, destroyed."""
    yield _made("nest", 917, "WORKS", codes=codes[:4], container=box)
    yield _made("unnest", 918, "WORKS", container=box)
    yield _made("ship", 919, "WORKS", codes=codes[:10], counterparty=PHARMACY)
    yield _made("receive", 920, "COUNTER", codes=codes[:10])
    yield _made("sale", 921, "COUNTER", codes=codes[:1])
    yield _made("dispense", 922, "COUNTER", codes=codes[1:2], fields={"purpose": "汤剂调剂"})
    yield _made("return", 923, "COUNTER", codes=codes[2:3], counterparty=MAKER, fields={"reason": "质量问题"})
    yield _made("destroy", 924, "COUNTER", codes=codes[3:4], fields={"reason": "召回"})


SENSED = {
    "quantity": "Temperature",
    "start": "2024-03-01T00:00:00+08:00",
    "end": "2024-03-01T12:00:00+08:00",
    "least": "4",
    "most": "18.5",
    "mean": "12.25",
    "count": 720,
    "device": "TH-01",
    "document": "cd" * 32,
}
RESULT = {"measurand": "二氧化硫残留量", "value": "9.5", "unit": "mg/kg"}
PARTIES = (GROWER, COOP, MAKER, PHARMACY)
PLACE_IDS = tuple(PLACES)
