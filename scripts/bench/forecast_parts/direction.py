"""Direction of real herbs from week to week: Brier skill against climatology, with its interval.

Every series of 亳州 on the weekly grid; siblings are the grades and origins of one herb. At each origin the
model and the climatology know only what had ended, and origins are drawn anew in blocks for the interval.
"""

from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.real_herbs import ABSENT, herb_of_series, real_herbs
from priceindex.classification import Level
from priceindex.forecast.direction.direction_panel import DirectionPanel
from priceindex.forecast.direction.jumps import jump_sizes
from priceindex.forecast.direction.publication import direction_forecast
from priceindex.forecast.direction.rolling import rolled_direction
from priceindex.forecast.direction.skill import DirectionSkill, direction_skill
from priceindex.forecast.method import forecast_method
from priceindex.forecast.scoring.block_bootstrap import LEVEL, SkillInterval

SEED: Final = 6
FEWER: Final = (1.0, 10.0, 100.0)
"""Strengths of ridge that are also tried each alone, so that a reader sees what the weighing costs."""


def rows(*, quick: bool) -> list[Row]:
    """Three classes and up given a change at every step; `quick` leaves table and variants out."""
    prices = real_herbs()
    if prices is None:
        return [Row(what="real herbs weekly, direction", ours="not measured", note=ABSENT)]
    rule = forecast_method().text.direction
    panel = DirectionPanel(panel=prices, group=herb_of_series(), flat_within=float(rule.flat_within))
    told = direction_forecast(panel, rule, np.random.default_rng(SEED), Level.GRADE)
    found = []
    for step, skill in enumerate(told.skill):
        found.append(_three_class(skill, shown=not bool(np.isnan(told.chances[:, step]).any())))
        found.append(_sign(skill, shown=not bool(np.isnan(told.rise_if_changed[:, step]).any())))
    return found if quick else [*found, _reliability(told.skill[0]), _jumps(panel), *_variants(panel)]


def _three_class(skill: DirectionSkill, *, shown: bool) -> Row:
    return Row(
        what=f"real herbs, {skill.horizon} w ahead: Brier skill of up/flat/down",
        ours=_told(skill.three_class),
        target="published only where the interval lies above 0",
        met=shown == (skill.three_class.low > 0.0),
        note=f"{'published' if shown else 'no demonstrated skill, not published'}; "
        f"{skill.forecasts:,} forecasts, {skill.three_class.origins} origins; "
        f"log score {skill.log_skill:+.3f} nats, ROC area of a change {skill.change_area:.2f}",
    )


def _sign(skill: DirectionSkill, *, shown: bool) -> Row:
    return Row(
        what=f"  {skill.horizon} w ahead: of up given a change",
        ours=_told(skill.sign),
        target="published only where the interval lies above 0",
        met=shown == (skill.sign.low > 0.0),
        note=f"{'published' if shown else 'no demonstrated skill, not published'}; "
        f"{skill.changes:,} changes, {skill.sign.origins} origins; ROC area {skill.sign_area:.2f}",
    )


def _told(found: SkillInterval) -> str:
    return f"{found.figure:+.3f} [{found.low:+.3f}, {found.high:+.3f}], {LEVEL:.0%}"


def _reliability(skill: DirectionSkill) -> Row:
    """The table of P(down), which fell most often, in one line."""
    bins = "; ".join(
        f"{row.mean_chance:.2f} told, {row.share_came:.2f} came ({row.forecasts})"
        for row in skill.reliable_down
    )
    return Row(
        what=f"  reliability of P(down), {skill.horizon} w ahead",
        ours=f"{skill.forecasts:,} forecasts",
        note=bins,
    )


def _jumps(panel: DirectionPanel) -> Row:
    """How far a step goes; the herbs stand in the order of their names."""
    sizes = jump_sizes(panel, (0.5,))[:, 0]
    return Row(
        what="  median step of each herb",
        ours=f"{sizes.min():.1%} to {sizes.max():.1%}",
        note=", ".join(f"{size:.1%}" for size in sizes),
    )


def _variants(panel: DirectionPanel) -> list[Row]:
    rule = forecast_method().text.direction
    found = []
    for strength in FEWER:
        parts = []
        for step in (1, 4):
            rolled = rolled_direction(
                panel, step, origins=rule.origins, least_steps=rule.least_steps, strengths=[strength]
            )
            skill = direction_skill(rolled, np.random.default_rng(SEED))
            parts.append(f"{step} w {skill.three_class.figure:+.3f} / {skill.sign.figure:+.3f}")
        found.append(
            Row(
                what=f"  the same with one ridge, {strength:g}",
                ours=", ".join(parts),
                note="up/flat/down / up given a change; chosen with hindsight, so no claim",
            )
        )
    return found
