"""What is wrong with one field is said in the asked language only, without the words of a library."""

import re
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ValidationError

from api.field_words import FieldWords, field_words
from tests.trace.season import GROWER
from trace.steps import StepNew
from trace.vocabulary import Stage

GOOD = {"stage": "seed", "party": GROWER, "place": "PLOT", "time": "2026-03-05T08:00:00+08:00"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Shown(BaseModel):
    """A choice that is no word of the trade."""

    form: Literal["json", "text"]


def said(model: type[BaseModel], members: dict[str, Any]) -> FieldWords:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(members)
    (error,) = caught.value.errors()
    return field_words(dict(error))


def test_an_unknown_stage_is_answered_with_every_stage_in_the_asked_language() -> None:
    words = said(StepNew, GOOD | {"stage": "dreaming"})
    assert words.zh.startswith("可用的值：seed（种子种苗）、planting（种植）、")
    assert words.en.startswith("has to be one of: seed, planting, ")
    assert all(stage.zh in words.zh and stage.value in words.en for stage in Stage)
    assert not re.search(r"'| or ", words.zh + words.en)
    assert not CHINESE.search(words.en)


def test_a_choice_without_chinese_names_is_listed_by_its_words() -> None:
    assert said(Shown, {"form": "xml"}) == ("可用的值：json、text", "has to be one of: json, text")


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"time": "1024-03-05T08:00:00+08:00"}, "1900 至 2999", "1900 to 2999"),
        ({"time": "2026-03-05T08:00:00+15:00"}, "14 小时", "14 hours"),
        (
            {"outputs": [{"lot": "A", "grade": "一\u200b等"}]},
            "看不见的字符",
            "characters that cannot be seen",
        ),
    ],
)
def test_what_a_step_of_ours_forbids_is_said_in_both_languages(
    change: dict[str, Any], zh: str, en: str
) -> None:
    words = said(StepNew, GOOD | change)
    assert zh in words.zh
    assert en in words.en
    assert not re.search(r"[a-z]{4}", words.zh)
    assert not CHINESE.search(words.en)
