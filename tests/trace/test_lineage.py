"""The way back to seed and forward to every product, over several levels, on both databases."""

from trace.completeness import completeness
from trace.lineage import ancestors, descendants, lots_of, stages_seen
from trace.lots import Quality
from trace.projections import lots_named
from trace.vocabulary import Form, Stage

from .season import MAKER, PHARMACY, founded, recorder, white_peony

WAY_BACK = {"BS-M", "BS-A", "BS-B", "BS-HERB", "BS-FRESH", "BS-PLANT", "BS-SEED"}


def test_slices_lead_back_to_their_seed_and_seed_forward_to_the_slices(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        for new, recorded_ms in white_peony():
            by.record_step(session, new, recorded_ms)
        back = ancestors(session, ["YP-1"])
        assert set(lots_of(back, ["YP-1"])) == WAY_BACK | {"YP-1"}
        assert [edge.event_ms for edge in back] == sorted(edge.event_ms for edge in back)
        merged = [edge for edge in back if edge.target == "BS-M"]
        assert {(edge.source, edge.grams_in, edge.grams_out) for edge in merged} == {
            ("BS-A", 500_000, 600_000),
            ("BS-B", 100_000, 600_000),
        }
        assert set(lots_of(descendants(session, ["BS-SEED"]), ["BS-SEED"])) == WAY_BACK | {"YP-1"}
        both = descendants(session, ["BS-A", "BS-B"])
        assert {(edge.source, edge.target) for edge in both} == {
            ("BS-A", "BS-M"),
            ("BS-B", "BS-M"),
            ("BS-M", "YP-1"),
        }
        assert descendants(session, ["YP-1"]) == ancestors(session, ["BS-SEED"]) == ()
        assert stages_seen(session, ["BS-HERB"]) == {
            "BS-HERB": frozenset({Stage.PRIMARY_PROCESSING, Stage.TEST})
        }
        lots = lots_named(session, ["YP-1", "BS-B", "BS-M"])
        assert (lots["YP-1"].holder, lots["BS-M"].holder) == (PHARMACY, MAKER)
        assert (lots["YP-1"].origin, lots["YP-1"].origin_kind) == ("341602", Stage.PLANTING)
        assert (lots["BS-B"].grams, lots["BS-B"].grade) == (300_000, "统")
        assert lots["YP-1"].quality is Quality.PASSED


SOWN = frozenset({Stage.SEED, Stage.PLANTING, Stage.FIELD_WORK, Stage.HARVEST, Stage.PRIMARY_PROCESSING})


def test_a_merge_of_a_whole_and_a_broken_way_is_broken() -> None:
    stages = {"A": SOWN | {Stage.TEST}, "B": (SOWN - {Stage.FIELD_WORK}) | {Stage.TEST}}
    found = completeness("M", Form.HERB, stages, {"M": ("A", "B")})
    assert found.missing == (Stage.FIELD_WORK,)
    assert found.per_mille == 833


def test_a_gathered_lot_is_never_asked_for_a_sowing() -> None:
    stages = {"W": frozenset({Stage.GATHERING}), "H": frozenset({Stage.PRIMARY_PROCESSING, Stage.TEST})}
    found = completeness("H", Form.HERB, stages, {"H": ("W",)})
    assert found.missing == ()
    assert Stage.PLANTING not in found.expected


def test_a_way_without_any_origin_lacks_all_of_it() -> None:
    found = completeness("H", Form.HERB, {"H": frozenset({Stage.TEST})}, {})
    assert Stage.SEED in found.missing
    assert Stage.PRIMARY_PROCESSING in found.missing


def test_a_thousand_levels_are_judged_without_running_out_of_stack() -> None:
    parents = {f"L{number}": (f"L{number - 1}",) for number in range(1, 5000)}
    found = completeness("L4999", Form.HERB, {"L0": SOWN | {Stage.TEST}}, parents)
    assert found.missing == ()
