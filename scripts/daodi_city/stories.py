"""The stories planted in the city's prices, all of them invented: what a warning should notice, and by when.

A rise fed by goods kept back, a market whose board was copied wrongly, a class that rises as one, a herb that
nobody quotes any more, a harvest that presses a price down, a board that all sources hang on. Each names the
rule that must see it and the last day on which that is in time; a city without the herb has no such story.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from daodi_city.almanac import days

Floats = NDArray[np.float64]

HOARDED = "党参"
"""Rises by four fifths within a quarter, while what lies in store is no longer sold."""
RISEN = ("枸杞子", "薏苡仁", "酸枣仁", "连翘")
"""All fruits and seeds of the city rise together."""
MISCOPIED, MISCOPIED_AT = "当归", "荷花池"
"""A herb whose price on one market's board is that of a better grade, for two months."""
UNQUOTED = "黄芪"
"""Nobody quotes it any more."""
UNQUOTED_FROM = date(2026, 3, 20)
HARVESTED = "当归"
"""Falls by a third in winter, when the new harvest is sold (`prices.SURGE`)."""
FALLEN = "白术"
"""Falls for a year (`prices.COLLAPSE`): the first thing that the office's own index warns of."""

_RISE, _RISE_FROM, _RISE_DAYS = math.log(1.9), date(2026, 1, 8), 95
_WAVE, _WAVE_FROM, _WAVE_DAYS = math.log(1.7), date(2026, 1, 5), 80
_WRONG, _WRONG_FROM, _RIGHT_FROM = math.log(1.6), date(2026, 2, 2), date(2026, 4, 6)
_COPYING_DAYS = 10
_OWN_LIFE = 0.7
"""How much of its own walk a herb of a story keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One planted story: where a warning must open, and within which days."""

    name: str
    """Its phrase is `story.` and this."""
    family: str
    rule: str
    level: str
    node: str
    """A node; of a cell, some of the parts of its name."""
    begins: date
    promised: date
    """The last day on which its warning is in time."""
    herbs: tuple[str, ...] = ()
    """The herbs it is about."""

    def is_of(self, node: str) -> bool:
        """Whether a warning's subject is the story's.

        >>> EVERY[2].is_of("当归|统|甘肃|荷花池"), EVERY[2].is_of("当归|统|甘肃|亳州")
        (True, False)
        """
        return set(self.node.split("|")) <= set(node.split("|"))


WEEKLY = "origin-gansu"
"""The family that is published, forecast and watched every week."""
OFFICE = "bozhou"
"""The family of the office (`index_life.OFFICIAL`)."""

EVERY = (
    Story(
        name="hoarded", family=WEEKLY, rule="growth-up", level="herb", node=HOARDED,
        begins=_RISE_FROM, promised=date(2026, 3, 13), herbs=(HOARDED,),
    ),
    Story(
        name="kept_back", family=WEEKLY, rule="hoarding", level="herb", node=HOARDED,
        begins=_RISE_FROM, promised=date(2026, 4, 10), herbs=(HOARDED,),
    ),
    Story(
        name="miscopied", family=WEEKLY, rule="market-spread", level="cell",
        node=f"{MISCOPIED}|{MISCOPIED_AT}",
        begins=_WRONG_FROM, promised=date(2026, 3, 13), herbs=(MISCOPIED,),
    ),
    Story(
        name="unquoted", family=WEEKLY, rule="stale-price", level="herb", node=UNQUOTED,
        begins=UNQUOTED_FROM, promised=date(2026, 4, 17), herbs=(UNQUOTED,),
    ),
    Story(
        name="new_crop", family=WEEKLY, rule="growth-down", level="herb", node=HARVESTED,
        begins=date(2025, 10, 3), promised=date(2026, 1, 30), herbs=(HARVESTED,),
    ),
    Story(
        name="one_board", family=WEEKLY, rule="source-dominance", level="source", node="demo-city",
        begins=date(2025, 9, 4), promised=date(2025, 11, 7),
    ),
    Story(
        name="fallen", family=OFFICE, rule="growth-down", level="herb", node=FALLEN,
        begins=date(2025, 4, 1), promised=date(2025, 9, 30), herbs=(FALLEN,),
    ),
    Story(
        name="wave", family=OFFICE, rule="growth-up", level="class", node="fruit_seed",
        begins=_WAVE_FROM, promised=date(2026, 4, 20), herbs=RISEN,
    ),
)  # fmt: skip


def told_of(herbs: Collection[str]) -> tuple[Story, ...]:
    """The stories of a city with these herbs.

    >>> [story.name for story in told_of(["白术"])]
    ['one_board', 'fallen']
    """
    return tuple(story for story in EVERY if set(story.herbs) <= set(herbs))


def level_of(herb: str, own: Floats) -> Floats:
    """A herb's hidden log price by day: its own walk, or what its story makes of it."""
    if herb == HOARDED:
        return _rising(_RISE, _RISE_FROM, _RISE_DAYS) + _OWN_LIFE * own
    if herb in RISEN:
        return _rising(_WAVE, _WAVE_FROM, _WAVE_DAYS) + _OWN_LIFE * own
    return own


def written_beside(herb: str, market: str) -> Floats:
    """By how much one market's board is beside the herb's price, log by day."""
    if (herb, market) != (MISCOPIED, MISCOPIED_AT):
        return np.zeros(len(days()))
    put_right = _rising(_WRONG, _RIGHT_FROM, _COPYING_DAYS)
    return _rising(_WRONG, _WRONG_FROM, _COPYING_DAYS) - put_right


def is_quoted(herb: str, day: date) -> bool:
    """Whether anybody still quotes a herb on a day.

    >>> is_quoted("黄芪", date(2026, 3, 19)), is_quoted("黄芪", date(2026, 3, 20))
    (True, False)
    """
    return herb != UNQUOTED or day < UNQUOTED_FROM


def smooth(count: int, start: int, length: int) -> Floats:
    """Return a ramp from 0 to 1 over `count` days that starts and ends gently."""
    share = np.clip((np.arange(count) - start) / length, 0.0, 1.0)
    ramp: Floats = share * share * (3 - 2 * share)
    return ramp


def _rising(height: float, begins: date, length: int) -> Floats:
    calendar = days()
    return height * smooth(len(calendar), (begins - calendar[0]).days, length)
