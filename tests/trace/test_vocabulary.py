"""The words of the trade: complete in both languages, unmistakable, found by any of their names."""

import pytest

from trace.epcis.cbv import BIZ_STEPS
from trace.epcis.forms import is_uri
from trace.vocabulary import ORIGIN_STAGES, Form, NodeType, Stage, TcmStep, Word, tcm_curie, tcm_uri


@pytest.mark.parametrize("words", [Stage, Form, NodeType])
def test_every_word_has_its_own_chinese_and_english_name(words: type[Word]) -> None:
    assert len({word.zh for word in words}) == len({word.en for word in words}) == len(words)
    assert all(word.zh and word.en and word.value.isascii() for word in words)


@pytest.mark.parametrize("words", [Stage, Form, NodeType])
def test_a_word_is_found_by_key_and_by_both_names(words: type[Word]) -> None:
    for word in words:
        assert [words.named(f" {text} ") for text in (word.value, word.zh, word.en.upper())] == [word] * 3
    assert words.named("炼丹") is None


def test_the_national_system_has_eight_node_types() -> None:
    # The 8-bit node type of the national circulation system 国家中药材流通追溯体系.
    assert [node.zh for node in NodeType] == [
        "药材种植", "药材经销", "饮片生产", "饮片经销", "药材市场", "医院药店", "管理机构", "其他",
    ]  # fmt: skip


def test_a_lot_begins_in_one_of_four_ways() -> None:
    assert {stage.zh for stage in ORIGIN_STAGES} == {"种植", "养殖", "野生采集", "矿物开采"}


@pytest.mark.parametrize("step", TcmStep)
def test_our_steps_are_words_the_standard_lacks_and_stand_as_curies(step: TcmStep) -> None:
    assert step.value not in BIZ_STEPS
    assert is_uri(tcm_curie(step))
    assert tcm_uri(step).endswith(f"/tcm/{step.value}")
