"""What a source did, in counts that decay: each a number of trials, and how many of them went well.

Read from the book as it was known at a moment, so the same moment always gives the same counts. A trial
weighs half as much for every `HALF_LIFE_DAYS` days it lies back (an exponentially weighted average).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from sqlmodel import Session

from ledger.writing.bulk import ask
from priceindex.calendar import CHINA_OFFSET_MINUTES
from priceindex.intake.rules.registry import Floats, Marks, Places
from priceindex.intake.rules.segments import group_medians, spans
from priceindex.intake.tape import keys
from priceindex.quotes import USABLE, Tier

WINDOW_DAYS: Final = 90
"""Days before the newest quote that are looked at."""
HALF_LIFE_DAYS: Final = 30.0
PROMPT_DAYS: Final = 2
"""A quote recorded within so many days after its own is timely."""
NEAR: Final = 0.05
"""Least log distance to the consensus that still agrees."""
NEAR_TRADES: Final = 0.15
"""Log distance to the traded price that still agrees: a quote is asked, a trade is paid."""
_WEEK: Final = 7
_MADS: Final = 3 * 1.4826
_TWO: Final = 2

_LINES: Final = """
SELECT cell_id, day, source, revision, fen_per_kg, tier, status, recorded_ms, decided_by IS NULL
FROM price_quote WHERE day BETWEEN ? AND ? AND recorded_ms <= ?
"""
_NEWEST: Final = "SELECT MAX(day) FROM price_quote WHERE recorded_ms <= ?"
_REJECTED: Final = """
SELECT source, recorded_ms FROM price_rejected WHERE recorded_ms BETWEEN ? AND ?
"""
_MS_PER_DAY: Final = 86_400_000


class Measure(StrEnum):
    """One thing a source is measured by."""

    TIMELY = "timely"
    COMPLETE = "complete"
    AGREEING = "agreeing"
    UNREVISED = "unrevised"
    SOUND = "sound"
    TRADED = "traded"

    def words(self, language: str) -> str:
        """Name the measure for people.

        >>> Measure.TIMELY.words("zh")
        '及时'
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    Measure.TIMELY: ("及时", "timely"),
    Measure.COMPLETE: ("完整", "complete"),
    Measure.AGREEING: ("与其他来源一致", "agrees with the others"),
    Measure.UNREVISED: ("不自行改价", "not revised by itself"),
    Measure.SOUND: ("未被隔离或拒收", "neither set aside nor refused"),
    Measure.TRADED: ("与成交价一致", "agrees with traded prices"),
}


@dataclass(frozen=True, slots=True)
class Trials:
    """Trials and successes, each decayed."""

    well: float
    of: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Newest revisions of the window, sorted by cell and day."""

    cell: Places
    day: Places
    source: Places
    fen: Floats
    trade: Marks
    usable: Marks
    first_ms: Places
    """When the first revision was recorded."""
    revised: Marks
    """Whether the source itself changed it."""
    sources: tuple[str, ...]
    weight: Floats


def measures(session: Session, as_of_ms: int) -> dict[str, dict[Measure, Trials]]:
    """Return what every source of the last 90 days did, as known at a moment."""
    [(newest,)] = ask(session, _NEWEST, as_of_ms)
    if newest is None:
        return {}
    lines = _lines(ask(session, _LINES, newest - WINDOW_DAYS + 1, newest, as_of_ms), newest)
    refused = _refused(session, lines, newest, as_of_ms)
    agreeing, compared = _agreement(lines)
    traded, tradable = _trades(lines)
    told = np.ones(len(lines.cell), dtype=bool)
    prompt = (lines.first_ms // _MS_PER_DAY - lines.day) <= PROMPT_DAYS
    found = {
        Measure.TIMELY: _counted(lines, prompt, told),
        Measure.COMPLETE: _completeness(lines, newest),
        Measure.AGREEING: _counted(lines, agreeing, compared),
        Measure.UNREVISED: _counted(lines, ~lines.revised, told),
        Measure.SOUND: _counted(lines, lines.usable, told, refused),
        Measure.TRADED: _counted(lines, traded, tradable),
    }
    return {
        source: {measure: trials[place] for measure, trials in found.items()}
        for place, source in enumerate(lines.sources)
    }


def _lines(rows: list[tuple[int, int, str, int, int, str, str, int, bool]], newest: int) -> _Lines:
    latest: dict[tuple[int, int, str], tuple[int, int, str, str]] = {}
    first_ms: dict[tuple[int, int, str], int] = {}
    revised: defaultdict[tuple[int, int, str], int] = defaultdict(int)
    for cell, day, source, revision, fen, tier, status, recorded_ms, undecided in rows:
        key = (cell, day, source)
        if key not in latest or revision > latest[key][0]:
            latest[key] = (revision, fen, tier, status)
        first_ms[key] = min(recorded_ms, first_ms.get(key, recorded_ms))
        revised[key] += bool(undecided)
    ordered = sorted(latest)
    sources = tuple(sorted({source for _, _, source in ordered}))
    number = {name: place for place, name in enumerate(sources)}
    days = np.array([key[1] for key in ordered], dtype=np.int64)
    return _Lines(
        cell=np.array([key[0] for key in ordered], dtype=np.int64),
        day=days,
        source=np.array([number[key[2]] for key in ordered], dtype=np.int64),
        fen=np.array([latest[key][1] for key in ordered], dtype=np.float64),
        trade=np.array([latest[key][2] == Tier.TRADE for key in ordered], dtype=bool),
        usable=np.array([latest[key][3] in USABLE for key in ordered], dtype=bool),
        first_ms=np.array([first_ms[key] for key in ordered], dtype=np.int64) + CHINA_OFFSET_MINUTES * 60_000,
        revised=np.array([revised[key] > 1 for key in ordered], dtype=bool),
        sources=sources,
        weight=0.5 ** ((newest - days) / HALF_LIFE_DAYS),
    )


def _counted(
    lines: _Lines, well: Marks, counts: Marks, failures: Mapping[int, float] | None = None
) -> list[Trials]:
    """Trials of each source: the lines that `counts`, those that went `well`, and further failures."""
    size = len(lines.sources)
    of = np.bincount(lines.source[counts], lines.weight[counts], minlength=size)
    good = np.bincount(lines.source[counts & well], lines.weight[counts & well], minlength=size)
    further = failures or {}
    return [Trials(float(good[place]), float(of[place]) + further.get(place, 0.0)) for place in range(size)]


def _refused(session: Session, lines: _Lines, newest: int, as_of_ms: int) -> dict[int, float]:
    """Decayed count of the rows of each source that no quote could be made of."""
    since_ms = (newest - WINDOW_DAYS) * _MS_PER_DAY
    found: dict[int, float] = {}
    for source, recorded_ms in ask(session, _REJECTED, since_ms, as_of_ms):
        if source in lines.sources:
            place = lines.sources.index(source)
            age = max(0.0, newest - recorded_ms / _MS_PER_DAY)
            found[place] = found.get(place, 0.0) + 0.5 ** (age / HALF_LIFE_DAYS)
    return found


def _completeness(lines: _Lines, newest: int) -> list[Trials]:
    """Of the cells a source prices, how many it priced in each week since its first."""
    found = []
    week = (newest - lines.day) // _WEEK
    for place in range(len(lines.sources)):
        own = lines.source == place
        cells = len(np.unique(lines.cell[own]))
        weeks = np.arange(int(week[own].max()) + 1)
        priced = np.unique(np.stack([week[own], lines.cell[own]]), axis=1)[0]
        weight = 0.5 ** (weeks * _WEEK / HALF_LIFE_DAYS)
        well = np.bincount(priced, minlength=len(weeks)) * weight
        found.append(Trials(float(well.sum()), float(cells * weight.sum())))
    return found


def _agreement(lines: _Lines) -> tuple[Marks, Marks]:
    """Whether each usable quote lies near the median of at least two others of its cell and week."""
    owner, other = _neighbours(lines, ~lines.trade, lines.usable & ~lines.trade)
    size = len(lines.cell)
    logs = np.log(lines.fen)
    centre = group_medians(logs[other], owner, size)
    spread = group_medians(np.abs(logs[other] - centre[owner]), owner, size)
    pairs = np.unique(np.stack([owner, lines.source[other]]), axis=1)[0] if len(owner) else owner
    compared = np.bincount(pairs, minlength=size) >= _TWO
    return np.abs(logs - centre) <= np.maximum(_MADS * spread, NEAR), compared


def _trades(lines: _Lines) -> tuple[Marks, Marks]:
    """Whether each quote lies near the median traded price of its cell and week."""
    owner, other = _neighbours(lines, ~lines.trade, lines.usable & lines.trade)
    logs = np.log(lines.fen)
    centre = group_medians(logs[other], owner, len(lines.cell))
    return np.abs(logs - centre) <= NEAR_TRADES, np.isfinite(centre)


def _neighbours(lines: _Lines, judged: Marks, among: Marks) -> tuple[Places, Places]:
    """Pairs of a judged line and each line `among` of another source, same cell, within six days before."""
    place = keys(lines.cell, lines.day)
    rows, kept = np.flatnonzero(judged), np.flatnonzero(among)
    start = np.searchsorted(place[kept], keys(lines.cell[rows], lines.day[rows] - _WEEK + 1))
    stop = np.searchsorted(place[kept], keys(lines.cell[rows], lines.day[rows] + 1))
    owner, within = spans(start, stop)
    owner, other = rows[owner], kept[within]
    foreign = lines.source[owner] != lines.source[other]
    return owner[foreign], other[foreign]
