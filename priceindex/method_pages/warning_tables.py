"""The tables of the warning rules' text: rules, bounds, where they come from, what holds for all."""

import inspect
from collections.abc import Callable
from typing import Final

from priceindex.method_pages.markdown import code, table
from priceindex.method_pages.meanings import meanings
from priceindex.warning.alerts.happenings import Happening, Reason
from priceindex.warning.alerts.next_steps import STEPS
from priceindex.warning.indicators import (
    alps,
    breadth,
    cusum,
    grain_ratio,
    growth,
    identical_quotes,
    ifpa,
    market_spread,
    quote_volume,
    round_numbers,
    source_divergence,
    source_dominance,
    stale_then_jump,
    stock_cover,
    volatility,
)
from priceindex.warning.rule_text import LifeRule, Pair, Rule, rule_book

_INDICATORS: Final[tuple[Callable[..., object], ...]] = (
    growth.growth,
    ifpa.ifpa,
    alps.alps,
    cusum.cusum,
    volatility.volatility,
    breadth.breadth,
    market_spread.market_spread,
    source_divergence.source_divergence,
    source_dominance.source_dominance,
    stale_then_jump.stale_then_jump,
    identical_quotes.identical_quotes,
    round_numbers.round_numbers,
    stock_cover.stock_cover,
    quote_volume.quote_volume,
    grain_ratio.grain_ratio,
)


def warning_rule_table() -> str:
    """Every rule in the order of attention: what it looks at, and who sees its warnings."""
    rows = [
        [
            code(rule.id), f"{rule.zh}<br>{rule.en}", code(rule.indicator), rule.unit, rule.grid,
            ", ".join(rule.levels), rule.direction, rule.visible,
        ]
        for rule in rule_book().rules
    ]  # fmt: skip
    heading = ["rule", "name", "indicator", "score in", "grid", "looks at", "direction", "seen by"]
    return table(heading, rows)


def warning_bound_table() -> str:
    """The bounds of every rule: enter at or above the first, leave at or below the second."""
    rows = [
        [code(rule.id), *(_pair(each) for each in (rule.watch, rule.alert, rule.crisis)),
         str(rule.min_persist), "yes" if rule.health else "", rule.certainty]
        for rule in rule_book().rules
    ]  # fmt: skip
    return table(
        ["rule", "watch", "alert", "crisis", "scores in a row", "lower if listed", "certainty"], rows
    )


def warning_tuning_table() -> str:
    """Where the bounds of every rule come from."""
    rows = [[code(rule.id), f"{rule.tuned_zh}<br>{rule.tuned_en}"] for rule in rule_book().rules]
    return table(["rule", "where its bounds come from"], rows)


def warning_life_table() -> str:
    """What holds for the warnings of every rule."""
    said = meanings(LifeRule)
    rows = [[code(f"life.{name}"), str(value), said[name]] for name, value in rule_book().life]
    return table(["parameter", rule_book().name, "is"], rows)


def warning_step_table() -> str:
    """What to do next, and which rules say so."""
    rows = [[code(key), f"{zh}<br>{en}", _naming(key)] for key, (zh, en) in STEPS.items()]
    return table(["step", "words", "rules"], rows)


def warning_word_table() -> str:
    """What can happen to a warning, and why a person closes one."""
    happened = [["happens", code(str(each)), each.words("zh"), each.words("en")] for each in Happening]
    reasons = [["reason of a close", code(str(each)), each.words("zh"), each.words("en")] for each in Reason]
    return table(["kind", "word", "中文", "English"], [*happened, *reasons])


def indicator_setting_table() -> str:
    """What each indicator takes where its rule does not say otherwise."""
    rows = [[code(each.__name__), _settings(each)] for each in _INDICATORS]
    return table(["indicator", "settings"], rows)


def _naming(step: str) -> str:
    rules: tuple[Rule, ...] = rule_book().rules
    return ", ".join(code(rule.id) for rule in rules if step in rule.steps) or "none"


def _pair(pair: Pair | None) -> str:
    return "—" if pair is None else f"{pair[0]} / {pair[1]}"


def _settings(indicator: Callable[..., object]) -> str:
    found = inspect.signature(indicator).parameters.values()
    told = [f"`{each.name}` {each.default}" for each in found if each.default is not inspect.Parameter.empty]
    return ", ".join(told) or "none"
