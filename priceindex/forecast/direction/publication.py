"""Chances as they may be published: each kind only at the steps where its own past shows skill.

Which way a price goes, if it goes, can be known where it cannot be known whether it will: so up given a
change is judged, and published, apart from up, flat and down.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from priceindex.classification import Level
from priceindex.forecast.direction.brier import rise_if_changed
from priceindex.forecast.direction.direction_panel import DirectionPanel
from priceindex.forecast.direction.jumps import jump_sizes
from priceindex.forecast.direction.rolling import rolled_direction
from priceindex.forecast.direction.skill import DirectionSkill, direction_skill
from priceindex.forecast.forecasts import DIRECTION_KINDS, DirectionKind, DirectionLine
from priceindex.forecast.method import DirectionRule
from priceindex.forecast.panel import Floats


@dataclass(frozen=True, slots=True, eq=False)
class DirectionForecast:
    """Chances from a panel's last column, and the evidence for them."""

    chances: Floats
    """(n, h, 3): P(up), P(flat), P(down); NaN at steps without demonstrated skill."""
    rise_if_changed: Floats
    """(n, h): P(up | change), likewise."""
    usual_change: Floats
    """(n,): median size of a step of each series' siblings, a share of the price; NaN where none is known."""
    skill: tuple[DirectionSkill, ...]
    """One a step; none at all before the pool has made enough steps."""
    lines: tuple[DirectionLine, ...]
    """(2 h,): what a run tells of each step, one line a kind."""


def direction_forecast(
    panel: DirectionPanel, rule: DirectionRule, generator: Generator, level: Level
) -> DirectionForecast:
    """Chances of every series for 1..`rule.horizon` periods ahead, left out where the past shows no skill.

    A series that never stepped, or has no siblings, has the chances that the pool gives to such a series.
    """
    chances = np.full((len(panel.group), rule.horizon, 3), np.nan)
    rises = np.full((len(panel.group), rule.horizon), np.nan)
    skills: list[DirectionSkill] = []
    for step in range(1, rule.horizon + 1):
        rolled = rolled_direction(
            panel,
            step,
            origins=rule.origins,
            least_steps=rule.least_steps,
            strengths=[float(each) for each in rule.strengths],
        )
        skill = direction_skill(rolled, generator)
        if skill.shown("up_flat_down", rule.least_origins):
            chances[:, step - 1] = rolled.chances[-1]
        if skill.shown("up_if_changed", rule.least_origins):
            rises[:, step - 1] = rise_if_changed(rolled.chances[-1])
        skills.append(skill)
    return DirectionForecast(
        chances=chances,
        rise_if_changed=rises,
        usual_change=jump_sizes(panel, (0.5,))[panel.group, 0],
        skill=tuple(skills),
        lines=tuple(
            _line(skill, kind, rule.least_origins, level) for skill in skills for kind in DIRECTION_KINDS
        ),
    )


def _line(skill: DirectionSkill, kind: DirectionKind, least_origins: int, level: Level) -> DirectionLine:
    found = skill.interval(kind)
    figure, low, high = (None if np.isnan(each) else each for each in (found.figure, found.low, found.high))
    return DirectionLine(
        level=level,
        step=skill.horizon,
        kind=kind,
        brier_skill=figure,
        low=low,
        high=high,
        forecasts=skill.scored(kind),
        origins=found.origins,
        published=skill.shown(kind, least_origins),
    )
