"""One call gives the whole way of a lot, back and forward, with grams; on both databases."""

import pytest

from trace.errors import UnknownLot
from trace.lineages.lineage_graph import Direction, lineage_graph
from trace.lineages.lineage_table import HEADINGS, lineage_table
from trace.vocabulary import Stage

from .season import MAKER, NAMES, PHARMACY, at, founded, lot, recorder, step, white_peony


def test_slices_are_followed_back_to_seed_with_every_gram_accounted_for(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        for new, recorded_ms in white_peony():
            by.record_step(session, new, recorded_ms)
        graph = lineage_graph(session, "YP-1", Direction.BACK)
        found = {each.lot: each for each in graph.lots}
        assert (graph.lots[0].lot, graph.lots[-1].lot) == ("YP-1", "BS-SEED")
        # 500 kg of the one half and 100 kg of the other went into the merge: five sixths and one sixth.
        assert found["BS-A"].grams == 458_333
        assert found["BS-B"].grams == 91_667
        assert found["BS-HERB"].grams == 550_000
        assert [each.lot for each in graph.sources] == ["BS-SEED"]
        assert graph.sources[0].grams == 550_000
        assert {graph.steps[edge.step_id].stage for edge in graph.edges} == {
            Stage.PLANTING, Stage.HARVEST, Stage.PRIMARY_PROCESSING, Stage.SPLIT, Stage.MERGE, Stage.PAOZHI,
        }  # fmt: skip
        assert graph.names[PHARMACY] == NAMES[PHARMACY]


def test_a_half_is_followed_forward_with_its_part_of_the_merge(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        for new, recorded_ms in white_peony():
            by.record_step(session, new, recorded_ms)
        graph = lineage_graph(session, "BS-B", Direction.FORWARD)
        found = {each.lot: each for each in graph.lots}
        assert list(found) == ["BS-B", "BS-M", "YP-1"]
        assert [each.level for each in graph.lots] == [0, 1, 2]
        assert (found["BS-M"].grams, found["BS-M"].per_million) == (100_000, 166_667)
        assert (found["YP-1"].grams, found["YP-1"].state.holder) == (91_667, PHARMACY)
        assert found["BS-M"].state.holder == MAKER
        assert {edge.source for edge in graph.edges} == {"BS-B", "BS-M"}  # nothing of the other half


def test_a_lot_that_does_not_exist_has_no_way(sqlite_url: str) -> None:
    with founded(sqlite_url) as session, pytest.raises(UnknownLot):
        lineage_graph(session, "NONE", Direction.BACK)


def test_an_excipient_is_marked_and_is_no_source_of_the_herb(sqlite_url: str) -> None:
    with founded(sqlite_url) as session:
        by = recorder()
        slices, wine = lot("S", 100_000, "白芍") | {"form": "slice"}, lot("W", 9_000, "黄酒")
        for new in (
            step("opening", 6, "WORKS", outputs=[slices]),
            step("opening", 6, "WORKS", outputs=[wine | {"form": "excipient"}], minute=1),
            step("split", 7, "WORKS", inputs=[lot("W")], outputs=[lot("W1", 9_000)]),
            step("paozhi", 8, "WORKS", inputs=[lot("S", 10_000), lot("W1", 1_500)],
                 outputs=[lot("J", 10_500)],
                 fields={"method": "酒炙", "standard": "中国药典2020年版"}),
        ):  # fmt: skip
            by.record_step(session, new, at(20))
        back = lineage_graph(session, "J", Direction.BACK)
        assert {each.lot: each.excipient for each in back.lots} == {
            "J": False, "S": False, "W1": True, "W": True,
        }  # fmt: skip
        assert [each.lot for each in back.sources] == ["S"]
        assert sum(each.grams or 0 for each in back.lots if each.source) == 10_500
        forward = lineage_graph(session, "W", Direction.FORWARD)
        assert [(each.lot, each.excipient) for each in forward.lots] == [
            ("W", False), ("W1", False), ("J", True),
        ]  # fmt: skip
        head = HEADINGS["zh"].index("辅料")
        assert [line[head] for line in lineage_table(back, "zh")] == [None, None, "是", "是"]
