"""The methodology of forecasts says what the code does: every parameter, model, rule and column is in it."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from api.routes.track_answers import COLUMNS
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.track_steps import StepState
from priceindex.method_pages.forecast_tables import model_names
from priceindex.method_pages.meanings import meanings
from priceindex.warning.alerts.happenings import Happening, Reason
from priceindex.warning.alerts.next_steps import STEPS
from priceindex.warning.indicators.indication import Reason as Withheld
from priceindex.warning.rule_text import LifeRule, rule_book

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "methodology-forecast.md").read_text("utf-8")
RULE_ROW = re.compile(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)*) .*\|$", re.MULTILINE)


def test_every_parameter_of_the_method_says_what_it_is() -> None:
    sections = [section for _, section in forecast_method().text if isinstance(section, BaseModel)]
    silent = [
        f"{type(section).__name__}.{name}"
        for section in [*sections, rule_book().life]
        for name in type(section).model_fields
        if name not in meanings(type(section))
    ]
    assert silent == []


def test_every_model_of_the_method_is_told() -> None:
    rule = forecast_method().text.models
    assert {*rule.tried, *rule.weighted, *rule.fitted} <= set(model_names())
    told = set(re.findall(r"`(\w+)`", PAGE))
    fast = [name for name in model_names() if not name.startswith("fitted_")]
    assert [name for name in fast if name not in told] == []


def test_every_rule_has_its_indicator_told() -> None:
    section = PAGE.split("\n## 10. ")[1].split("\n## ")[0]
    told = [name for cell in RULE_ROW.findall(section) for name in re.findall(r"`([a-z-]+)`", cell)]
    assert sorted(told) == sorted(rule.id for rule in rule_book().rules)


def test_the_page_tells_the_columns_of_the_track_record() -> None:
    told = re.search(r"`(forecast,\s+family,[\w,\s]+)`", PAGE)
    assert told is not None
    assert tuple(re.split(r",\s+", told[1])) == COLUMNS


@pytest.mark.parametrize("words", [StepState, Happening, Reason], ids=lambda each: each.__name__)
def test_every_state_and_reason_is_told_somewhere(words: type[StepState | Happening | Reason]) -> None:
    settings = (DOCS / "methodology-forecast-settings.md").read_text("utf-8")
    assert [each for each in words if f"`{each}`" not in PAGE + settings] == []


def test_every_reason_to_withhold_a_score_is_told() -> None:
    assert [each for each in get_args(Withheld) if f"`{each}`" not in PAGE] == []


def test_a_rule_names_no_step_without_words() -> None:
    assert {step for rule in rule_book().rules for step in rule.steps} <= set(STEPS)
    assert set(meanings(LifeRule)) == set(LifeRule.model_fields)
