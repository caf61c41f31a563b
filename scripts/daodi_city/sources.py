"""Who tells prices in the demo city, and what each of them told: boards, dealers' lists, a web page, forms.

All of it is made up from the panel of `prices`; every source has a name that begins with demo-. What a body
has wrong is planted: prices per half kilogram written as per kilogram, a herb's name misspelt, two grades'
prices put in each other's place and put right three weeks later, a list that comes late.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from daodi_city import stories
from daodi_city.almanac import LAST_DAY, at_ms, days
from daodi_city.prices import MARKETS, Grade, PricePanel
from priceindex.quotes import Quote, Tier

BOARD, DEALERS, WEB, COLLECTORS = "demo-city", "demo-dealers", "demo-web", "demo-collectors"
MARKET = "亳州"
"""The market whose dealers send lists."""
READ_FROM = date(2025, 4, 1)
"""The first day the boards are read: what the panel has before it only trades were settled by."""
DEALERS_FROM = date(2025, 9, 4)
"""A Thursday, as the last day is: the first list."""
LATE = date(2026, 1, 15)
LATE_ARRIVED = date(2026, 2, 5)
"""The list that came after the release of its month."""
SWAPPED = date(2026, 4, 9)
PUT_RIGHT = date(2026, 4, 30)
"""The list with two grades' prices in each other's place, and when the dealers put it right."""
SLIPPED = date(2026, 4, 23)
"""The list with some prices per half kilogram, and one name nobody knows."""
SLIPS = 5
MISSPELT = "川弓"
"""川芎, miswritten."""
_AGREEING = 0.85
"""Share of a list's prices that are the board's."""
_WEB_DAYS = 10


@dataclass(frozen=True, slots=True)
class Board:
    """What the markets' boards said on some days, read together in the evening of the last."""

    days: tuple[date, ...]

    @property
    def at_ms(self) -> int:
        """When it was read."""
        return at_ms(self.days[-1], 16)

    def quotes(self, panel: PricePanel) -> list[Quote]:
        """Return its quotes."""
        first = panel.days.index(self.days[0])
        places = range(first, first + len(self.days))
        board = panel.fen_per_kg[:, first : first + len(self.days)].tolist()
        return [
            _quote(grade, market, panel.days[place], fen, BOARD, Tier.MARKET)
            for grade, market, series in zip(panel.grades, panel.markets, board, strict=True)
            for place, fen in zip(places, series, strict=True)
            if stories.is_quoted(grade.herb, panel.days[place])
        ]


@dataclass(frozen=True, slots=True)
class DealersList:
    """A CSV file of one Thursday's prices at one market."""

    day: date
    arrived: date
    lines: tuple[str, ...]

    @property
    def at_ms(self) -> int:
        """When it came."""
        return at_ms(self.arrived, 15)

    @property
    def body(self) -> bytes:
        """The file."""
        head = "herb,spec,origin,market,date,price_yuan_per_kg"
        return ("\n".join((head, *self.lines)) + "\n").encode()


@dataclass(frozen=True, slots=True)
class WebPage:
    """Prices read off a web page: the markets and grades that no board tells, and some that it does."""

    day: date
    quotes: tuple[Quote, ...] = field(repr=False)

    @property
    def at_ms(self) -> int:
        """When it was read."""
        return at_ms(self.day, 14)


def boards(ends: tuple[date, ...]) -> list[Board]:
    """Return the boards' readings: a month at a time, and up to each day of `ends` besides."""
    every = [day for day in days() if day >= READ_FROM]
    months = {day for day in every if (day + timedelta(1)).month != day.month}
    stops = sorted({*months, *ends, LAST_DAY})
    return [
        Board(tuple(day for day in every if before < day <= stop))
        for before, stop in zip((READ_FROM - timedelta(1), *stops), stops, strict=False)
    ]


def dealers_lists(rng: np.random.Generator, panel: PricePanel) -> Iterator[DealersList]:
    """Write the dealers' list of every Thursday, the planted faults among them."""
    rows = [row for row, market in enumerate(panel.markets) if market == MARKET]
    for week in range((LAST_DAY - DEALERS_FROM).days // 7 + 1):
        day = DEALERS_FROM + timedelta(7 * week)
        # Drawn for all of them, so that what is left out changes nothing of the others.
        drawn = {row: _told(rng, int(panel.fen_per_kg[row, panel.days.index(day)])) for row in rows}
        fen = {row: told for row, told in drawn.items() if stories.is_quoted(panel.grades[row].herb, day)}
        arrived = LATE_ARRIVED if day == LATE else day
        if day == SWAPPED:
            yield DealersList(day, PUT_RIGHT, _lines(panel, fen, day))
            fen = _swapped(panel, fen)
        if day == SLIPPED:
            fen |= {row: fen[row] // 2 for row in rows[:SLIPS]}
        lines = _lines(panel, fen, day)
        if day == SLIPPED:
            lines = (*lines, f"{MISSPELT},统,四川,{MARKET},{day},14.0")
        yield DealersList(day, arrived, lines)


def web_pages(panel: PricePanel) -> Iterator[WebPage]:
    """Give every tenth day's page: the dealers' market, and what the last market's board leaves out."""
    last = MARKETS[-1]
    boarded = {(grade, market) for grade, market in zip(panel.grades, panel.markets, strict=True)}
    shown = [(row, MARKET) for row, market in enumerate(panel.markets) if market == MARKET]
    shown += [(row, last) for row, _ in shown if (panel.grades[row], last) not in boarded]
    for number in range((LAST_DAY - DEALERS_FROM).days // _WEB_DAYS + 1):
        day = DEALERS_FROM + timedelta(_WEB_DAYS * number)
        place = panel.days.index(day)
        yield WebPage(
            day,
            tuple(
                _quote(panel.grades[row], market, day, int(panel.fen_per_kg[row, place]), WEB, Tier.WEB)
                for row, market in shown
                if stories.is_quoted(panel.grades[row].herb, day)
            ),
        )


def _quote(grade: Grade, market: str, day: date, fen: int, source: str, tier: Tier) -> Quote:
    return Quote(
        herb=grade.herb,
        grade=grade.name,
        origin=grade.origin,
        market=market,
        day=day,
        fen_per_kg=fen,
        source=source,
        tier=tier,
    )


def _told(rng: np.random.Generator, fen: int) -> int:
    """What the dealers say where the board says `fen`: mostly the same, else a little beside it."""
    return fen if rng.random() < _AGREEING else max(round(fen * rng.uniform(0.97, 1.03) / 10) * 10, 10)


def _swapped(panel: PricePanel, fen: dict[int, int]) -> dict[int, int]:
    """Put the prices of the first herb's two grades in each other's place."""
    first, second = [row for row in fen if panel.grades[row].herb == panel.grades[next(iter(fen))].herb]
    return fen | {first: fen[second], second: fen[first]}


def _lines(panel: PricePanel, fen: dict[int, int], day: date) -> tuple[str, ...]:
    return tuple(
        f"{grade.herb},{grade.name},{grade.origin},{MARKET},{day},{price / 100:.2f}"
        for grade, price in ((panel.grades[row], price) for row, price in fen.items())
    )
