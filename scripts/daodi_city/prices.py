"""Daily quotes of sixty grades in four markets, behaving as herb quotes do.

The behaviour to match was measured on 47 real Bozhou series (shared report, forecast finding 1, and
domain §3.5): 97 % of days flat, median step 5 %, p90 step 9.5 %, 81 % of consecutive steps of one sign,
nine quotes in ten on whole yuan, longest flat runs of 50 to 160 days, jumps on the day after a holiday,
and 17 % between the dearest and the cheapest market in the median.

How: each herb has a smooth hidden level (a drifting walk, plus one surge or collapse, plus the invented
stories of `stories`); a market's quote
follows it only when somebody asks, and only once the gap has grown past what the trade calls a move.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from daodi_city import stories
from daodi_city.almanac import days, is_shut, reopens
from daodi_city.crops import CROPS, Crop

MARKETS = ("亳州", "安国", "玉林", "荷花池")
SURGE = "当归"
"""Doubles within half a year, as 当归 did from 2022-12 to 2023-06 (经济参考报 2023-07-19)."""
COLLAPSE = "白术"
"""Falls from 85 to 20 yuan within 13 months, as 白术 did in 2025 (domain §3.5)."""

FALL = -0.0012
"""Mean daily drift of a herb before it is drawn back, log: a falling market, as the real snapshot was."""
SWING = 0.0030
"""How far a herb's daily drift strays from that, one standard deviation."""
MEMORY = 40
"""Days over which a herb forgets its direction."""

PULL = 1 / 150
"""Share of its distance from the long-run level that a herb is drawn back each day."""
BOUND = 0.054
"""How far the hidden level must have gone before the board follows, in the middle."""
FOLLOWED = (0.5, 1.0)
"""What share of the gap one step closes: dealers feel their way, so steps come in runs of one sign."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grade:
    """One traded grade of one herb from one origin: what a quote is about."""

    herb: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class PricePanel:
    """Every quote of the city: a row per (grade, market), a column per day, fen per kilogram."""

    grades: tuple[Grade, ...]
    """The grade of each row."""
    markets: tuple[str, ...]
    """The market of each row."""
    days: tuple[date, ...]
    fen_per_kg: NDArray[np.int64]

    @property
    def herbs(self) -> frozenset[str]:
        """The herbs quoted."""
        return frozenset(grade.herb for grade in self.grades)

    def rows(self) -> Iterator[tuple[Grade, str, date, int]]:
        """Yield every quote: grade, market, day, fen per kilogram; row by row, oldest day first."""
        for grade, market, series in zip(self.grades, self.markets, self.fen_per_kg.tolist(), strict=True):
            for day, fen in zip(self.days, series, strict=True):
                yield grade, market, day, fen

    def asking(self) -> dict[tuple[str, str, str], NDArray[np.int64]]:
        """Return each row's quotes by (herb, grade, market)."""
        keys = (
            (grade.herb, grade.name, market) for grade, market in zip(self.grades, self.markets, strict=True)
        )
        return dict(zip(keys, self.fen_per_kg, strict=True))


def quote_city(rng: np.random.Generator, crops: tuple[Crop, ...] = CROPS) -> PricePanel:
    """Draw the panel of `crops`; the same generator state gives the same panel."""
    rows = [
        (crop, ladder, market) for crop in crops for ladder in crop.grades for market in _quoting(crop, rng)
    ]
    herb_of_row = np.array([crops.index(crop) for crop, _, _ in rows])
    hidden = _hidden_levels(rng, crops)
    offsets = _offsets(rows, rng)
    logs = hidden[herb_of_row] + offsets[:, None] + _walk(rng, (len(rows), len(days())), sigma=0.0012)
    logs += np.stack([stories.written_beside(crop.herb, market) for crop, _, market in rows])
    return PricePanel(
        grades=tuple(Grade(crop.herb, ladder[0], crop.origin) for crop, ladder, _ in rows),
        markets=tuple(market for _, _, market in rows),
        days=days(),
        fen_per_kg=_quoted(logs, herb_of_row, rng),
    )


def _quoting(crop: Crop, rng: np.random.Generator) -> tuple[str, ...]:
    """Return the markets that quote one grade: all four, or sometimes without the last."""
    always = crop.herb in (SURGE, COLLAPSE)
    return MARKETS if always or rng.random() < 0.8 else MARKETS[:3]


def _walk(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:
    return np.cumsum(rng.normal(0.0, sigma, shape), axis=1)


def _hidden_levels(rng: np.random.Generator, crops: tuple[Crop, ...]) -> Floats:
    """Return each herb's smooth log price: a slow drift that keeps its direction for weeks."""
    calendar = days()
    shape = (len(crops), len(calendar))
    shocks = rng.normal(FALL / MEMORY, SWING * math.sqrt(2 / MEMORY), shape)
    shocks[:, 0] = rng.normal(FALL, SWING, len(crops))
    jumps = rng.normal(0.0, 0.04, shape) * np.array([reopens(day) for day in calendar])
    news = _remembering(shocks, 1 - 1 / MEMORY) + jumps + rng.normal(0.0, 0.0025, shape)
    news[:, 0] = 0.0
    levels = _remembering(news, 1 - PULL)
    for row, crop in enumerate(crops):
        if crop.herb == SURGE:
            levels[row] = _surge(len(calendar)) + 0.15 * levels[row]
        if crop.herb == COLLAPSE:
            levels[row] = _collapse(len(calendar)) + 0.10 * levels[row]
        levels[row] = stories.level_of(crop.herb, levels[row])
    return levels


def _remembering(news: Floats, kept: float) -> Floats:
    """Return what news adds up to when only the share `kept` of yesterday's sum is remembered."""
    sums = news.copy()
    for day in range(1, news.shape[1]):
        sums[:, day] += kept * sums[:, day - 1]
    return sums


def _surge(count: int) -> Floats:
    return math.log(2.3) * stories.smooth(count, 280, 165) - math.log(1.5) * stories.smooth(count, 520, 130)


def _collapse(count: int) -> Floats:
    return math.log(20 / 85) * stories.smooth(count, 210, 375)


def _offsets(rows: list[tuple[Crop, tuple[str, float], str]], rng: np.random.Generator) -> Floats:
    """Return each row's lasting log distance from its herb: ladder of the grade, and what the market asks."""
    # Spreads differ from herb to herb far more than a normal law allows: p90 is 2.5 times the median.
    width = {
        herb: 0.076 * math.exp(rng.normal(0.0, 0.42))
        for herb in dict.fromkeys(crop.herb for crop, _, _ in rows)
    }
    width |= {SURGE: 0.04, COLLAPSE: 0.03}
    start = np.array([math.log(crop.start_fen_per_kg * ladder[1]) for crop, ladder, _ in rows])
    asked = np.array([rng.normal(0.0, width[crop.herb]) for crop, _, _ in rows])
    anchored = np.array([ladder is crop.grades[0] and market == MARKETS[0] for crop, ladder, market in rows])
    return np.where(anchored, start, start + asked)


def _quoted(logs: Floats, herb_of_row: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Turn hidden levels into what is written on the board: steps, on the trade's grid."""
    calendar = days()
    board = np.empty(logs.shape, dtype=np.int64)
    board[:, 0] = _on_grid(logs[:, 0])
    bound = _next_bound(rng, len(logs))
    quiet = np.zeros(len(logs), dtype=np.int64)
    for day in range(1, logs.shape[1]):
        board[:, day] = board[:, day - 1]
        if is_shut(calendar[day]):
            continue
        asked = (rng.random(herb_of_row.max() + 1) < 0.30)[herb_of_row] & (rng.random(len(logs)) < 0.75)
        if reopens(calendar[day]):
            asked = rng.random(len(logs)) < 0.6
        gap = logs[:, day] - np.log(board[:, day])
        wanted = _on_grid(np.log(board[:, day]) + gap * rng.uniform(*FOLLOWED, len(logs)))
        quiet += 1
        moves = asked & (wanted != board[:, day]) & (np.abs(gap) > bound * np.where(quiet > 75, 0.35, 1.0))
        board[moves, day] = wanted[moves]
        bound[moves] = _next_bound(rng, int(moves.sum()))
        quiet[moves] = 0
    return board


def _next_bound(rng: np.random.Generator, count: int) -> Floats:
    """Return how large a gap must grow before the board changes, drawn anew after each change."""
    return BOUND * np.exp(rng.normal(0.0, 0.40, count))


def _on_grid(logs: Floats) -> NDArray[np.int64]:
    """Round to the trade's grid: half yuan below 12 yuan, whole yuan, then fives and tens."""
    fen = np.exp(logs)
    tick = np.select([fen < 1_200, fen < 20_000, fen < 60_000], [50, 100, 500], 1_000)
    rounded: NDArray[np.int64] = np.maximum(np.rint(fen / tick) * tick, 50).astype(np.int64)
    return rounded
