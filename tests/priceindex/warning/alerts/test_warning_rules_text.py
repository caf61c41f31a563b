"""The rules' text: nothing in it is unknown to the code, and nothing of sources is public."""

import numpy as np
import pytest

from priceindex.warning.alerts.next_steps import STEPS
from priceindex.warning.rule_text import STALE_RULE, Rule, read_rules, rule_book
from priceindex.warning.watching import INDICATORS

RULES = rule_book().rules
ABOUT_SOURCES = {
    "source_dominance",
    "source_divergence",
    "identical_quotes",
    "round_numbers",
    "stale_then_jump",
}
FROM_THE_TRACE = {"stock_cover", "quote_volume"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_an_indicator_and_steps_that_exist(rule: Rule) -> None:
    assert rule.indicator in INDICATORS
    assert rule.steps
    assert set(rule.steps) <= set(STEPS)
    assert rule.tuned_zh != rule.tuned_en
    assert rule.zh != rule.en


def test_every_indicator_is_used_by_a_rule_and_ids_are_unique() -> None:
    assert {rule.indicator for rule in RULES} == set(INDICATORS)
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert STALE_RULE in {rule.id for rule in RULES}


def test_what_is_about_sources_or_from_the_trace_is_for_regulators_only() -> None:
    hidden = {rule.indicator for rule in RULES if rule.visible == "regulator"}
    assert hidden == ABOUT_SOURCES | FROM_THE_TRACE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_worse_states_have_higher_bounds_and_are_left_below_where_they_are_entered(rule: Rule) -> None:
    pairs = [pair for pair in (rule.watch, rule.alert, rule.crisis) if pair is not None]
    assert all(leave < enter for enter, leave in pairs)
    assert [enter for enter, _ in pairs] == sorted({enter for enter, _ in pairs})
    bounds = rule.hysteresis()
    assert np.isfinite(bounds.enter).sum() == len(pairs)


def test_a_changed_bound_changes_the_digest_that_warnings_name() -> None:
    text = b"[life]\ntold_per_week=5\ncool_down_weeks=4\nstale_periods=2\n"
    text += b"unjudged_periods=8\nescalate_hours=48\n"
    text += b'gather_share="0.3"\ngather_leave="0.15"\ngather_least=3\nhealth_share="0.5"\n'
    head = b'id="rules"\nversion=1\nrule=[]\n'
    assert read_rules(head + text).sha256 != read_rules(head + text.replace(b"=4", b"=5")).sha256
