"""One step of every stage, as it would be sent, with everything its profile asks for."""

from dataclasses import replace

from trace.intake import read_step
from trace.steps import Amount, Step, StepNew
from trace.vocabulary import Stage

from .season import GROWER, MAKER, PHARMACY, Stream, lot, step

REPORT = "sha256:" + "ab" * 32
CODES = ("0AAAAAAAAAAAAAAAAAA1", "0AAAAAAAAAAAAAAAAAA2")
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
HIDDEN = "绝密"
"""Stands in every private text below: nothing that is logged may hold it."""

STEPS: dict[Stage, StepNew] = {
    each.stage: each
    for each in (
        step("seed", 1, outputs=[lot("SD", 5, "白芍")], fields={"seed_source": "自购", "grower": HIDDEN}),
        step("planting", 1, outputs=[lot("PL", herb="白芍")],
             fields={"area_mu": "1.5", "address": HIDDEN, "position": "33.8712,115.7789"}),
        step("rearing", 1, outputs=[lot("RE", herb="地龙")], fields={"head_count": 9, "address": HIDDEN}),
        step("gathering", 1, outputs=[lot("GA", 5, "五味子")], fields={"area_name": "山", "permit": HIDDEN}),
        step("mining", 1, outputs=[lot("MI", 5, "石膏")], fields={"mine_name": "应城", "licence": HIDDEN}),
        step("opening", 1, outputs=[lot("OP", 5, "白芍")], fields={"document": REPORT, "note": HIDDEN}),
        step("field_work", 1, lots=[lot("PL")],
             fields={"work": "农药", "interval_days": 14, "operator": HIDDEN}),
        step("sensing", 1, sensors=[SENSED], fields={"subject": "库房", "note": HIDDEN}),
        step("harvest", 1, inputs=[lot("PL")], outputs=[lot("HA", 5)], fields={"responsible": HIDDEN}),
        step("primary_processing", 1, inputs=[lot("HA", 5)], outputs=[lot("PR", 3)],
             fields={"method": "晒干", "temperature_c": "62.5", "responsible": HIDDEN}),
        step("purchase", 1, "WORKS", lots=[lot("PR", 3)], counterparty=GROWER,
             fields={"price_fen_per_kg": 773177, "contract": HIDDEN}),
        step("split", 1, inputs=[lot("PR", 3)], outputs=[lot("SP", 3)], fields={"reason": HIDDEN}),
        step("merge", 1, inputs=[lot("PR", 3), lot("SP", 3)], outputs=[lot("ME", 6)],
             fields={"reason": HIDDEN}),
        step("storage", 1, lots=[lot("ME")], sensors=[SENSED], fields={"care": "通风", "keeper": HIDDEN}),
        step("sampling", 1, lots=[lot("ME", 1)],
             fields={"plan": "自检", "sample_number": "Y-1", "sampler": HIDDEN}),
        step("test", 1, lots=[lot("ME")], results=[RESULT],
             fields={"report_number": "1", "report": REPORT, "inspector": HIDDEN}),
        step("paozhi", 1, "WORKS", inputs=[lot("ME", 5), lot("HONEY", 1)], outputs=[lot("PZ", 5)],
             fields={"method": "蜜炙", "standard": "药典", "minutes": "30", "qa": HIDDEN}),
        step("granule", 1, "WORKS", inputs=[lot("PZ", 3)], outputs=[lot("GR", 2)],
             fields={"standard": "国家标准", "expiry_date": "2027-03-01", "qa": HIDDEN}),
        step("medicine", 1, "WORKS", inputs=[lot("PZ", 1), lot("GR", 1)],
             outputs=[lot("ZY", 2, "六味地黄丸")],
             fields={"approval_number": "国药准字Z11020000", "standard": "药典", "qa": HIDDEN}),
        step("pack", 1, "WORKS", inputs=[lot("PZ")], packs=2, grams_per_pack=1, fields={"packer": HIDDEN}),
        step("nest", 1, "WORKS", codes=CODES, container="0BBB", fields={"level": "箱", "packer": HIDDEN}),
        step("unnest", 1, "WORKS", container="0BBB", fields={"reason": HIDDEN}),
        step("ship", 1, lots=[lot("ME")], counterparty=MAKER, fields={"vehicle": HIDDEN}),
        step("receive", 1, "WORKS", lots=[lot("ME")], counterparty=GROWER, fields={"inspector": HIDDEN}),
        step("sale", 1, lots=[lot("ME", 5)], fields={"customer": HIDDEN}),
        step("settlement", 1, lots=[lot("ME")], counterparty=MAKER,
             fields={"voucher_kind": "收据", "voucher_number": HIDDEN, "amount_fen": 99}),
        step("return", 1, "COUNTER", lots=[lot("PZ")], counterparty=MAKER,
             fields={"reason": "质量问题", "note": HIDDEN}),
        step("dispense", 1, "COUNTER", lots=[lot("PZ", 1)],
             fields={"purpose": "汤剂调剂", "dispenser": HIDDEN}),
        step("stock_adjust", 1, lots=[lot("ME", 4)],
             fields={"reason": "盘点差异", "old_grams": 5, "operator": HIDDEN}),
        step("destroy", 1, lots=[lot("ME", 4)], fields={"reason": "质量原因", "operator": HIDDEN}),
    )
}  # fmt: skip

BY_CODES: tuple[StepNew, ...] = tuple(
    step(stage, 1, place, codes=CODES, fields=fields, **rest)
    for stage, place, fields, rest in (
        ("ship", "WORKS", {}, {"counterparty": PHARMACY}),
        ("receive", "COUNTER", {}, {}),
        ("sale", "COUNTER", {}, {}),
        ("return", "COUNTER", {"reason": "召回"}, {"counterparty": MAKER}),
        ("dispense", "COUNTER", {"purpose": "汤剂调剂"}, {}),
        ("destroy", "COUNTER", {"reason": "召回"}, {}),
    )
)


def believed(new: StepNew) -> Step:
    """The step inside, its packs and box found as `resolve` would find them."""
    read = read_step(new, Stream(new.stage))
    if not read.by_code:
        return replace(read, packs_named=((7, 8),)) if new.stage is Stage.PACK else read
    box = 40 if read.container_code else None
    lots = (Amount(lot="PZ", grams=1000), Amount(lot="PZ-2", grams=500))
    return replace(read, lots=lots, packs_named=((7, 8), (11, 11)), container=box)
