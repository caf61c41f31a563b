"""How much of the recorded market the sample covers: all of it together, and market by market.

What a name may promise rests on this (Decree 22: collection points' share of trade). The trade known
here is what the ledger records; what was never recorded is unknown, and the figures say of what they
are a share. They are shares in basis points: what was paid leaves here in no other form, and a herb or
market whose trade rests on too few sales or sellers counts and is not named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from priceindex.family_text import Trades
from priceindex.quotes import Cell

FULL_BP: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Traded:
    """What was traded of one grade at one market in the period."""

    herb: str
    grade: str
    market: str
    """Empty for sales outside the listed markets."""
    fen: int
    sales: int
    sellers: int
    """Parties that sold, or the least there can have been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """How much of one market's, or of all, trade the sample speaks for."""

    market: str
    """Empty: all of it together."""
    herb_bp: int
    """Share of the value in herbs that are quoted at all."""
    grade_bp: int
    """Share of the value in grades that are quoted at all."""
    cell_bp: int
    """Share of the value in grades that are quoted at the very market they were traded at."""
    herbs_traded: int
    herbs_quoted: int
    """Herbs traded, and how many of those are quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A herb that is traded and not quoted."""

    herb: str
    share_bp: int
    """Its share of the value of all trade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The sample against the recorded trade."""

    whole: CoverageLine
    markets: tuple[CoverageLine, ...]
    """The largest first."""
    markets_unnamed: int
    """Markets with too few sales or sellers to be named."""
    uncovered: tuple[Uncovered, ...]
    """The largest first."""
    uncovered_unnamed: int
    """Herbs traded and not quoted, with too few sales or sellers to be named."""


def coverage(sample: Iterable[Cell], traded: Sequence[Traded], least: Trades) -> Coverage | None:
    """Compare a sample's cells with what was traded; shares are of value, rounded down to the basis point.

    `least` says of how many sales by how many sellers a line must be to be named. None where nothing was
    traded, or all of it together is too little to be told.

    >>> sample = [Cell("白芍", "统", "安徽", "亳州")]
    >>> lines = [Traded(herb="白芍", grade="统", market="亳州", fen=300, sales=3, sellers=2),
    ...          Traded(herb="当归", grade="统", market="亳州", fen=100, sales=1, sellers=1)]
    >>> found = coverage(sample, lines, Trades())
    >>> found.whole.cell_bp, found.uncovered, found.uncovered_unnamed
    (7500, (), 1)
    """
    if not _enough(traded, least) or not sum(line.fen for line in traded):
        return None
    cells = _Sample.of(sample)
    markets = _apart(traded, [line.market for line in traded if line.market], by_market=True)
    named = {market: lines for market, lines in markets.items() if _enough(lines, least)}
    missing = _apart(traded, [line.herb for line in traded if line.herb not in cells.herbs], by_market=False)
    told = {herb: lines for herb, lines in missing.items() if _enough(lines, least)}
    whole = sum(line.fen for line in traded)
    return Coverage(
        whole=_line("", traded, cells),
        markets=tuple(_line(market, lines, cells) for market, lines in _largest_first(named)),
        markets_unnamed=len(markets) - len(named),
        uncovered=tuple(
            Uncovered(herb=herb, share_bp=FULL_BP * _value(lines) // whole)
            for herb, lines in _largest_first(told)
        ),
        uncovered_unnamed=len(missing) - len(told),
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    herbs: frozenset[str]
    grades: frozenset[tuple[str, str]]
    cells: frozenset[tuple[str, str, str]]

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Self:
        told = list(cells)
        return cls(
            frozenset(cell.herb for cell in told),
            frozenset((cell.herb, cell.grade) for cell in told),
            frozenset((cell.herb, cell.grade, cell.market) for cell in told),
        )


def _apart(traded: Sequence[Traded], names: Iterable[str], *, by_market: bool) -> dict[str, list[Traded]]:
    """The lines of each of these markets, or herbs."""
    found: dict[str, list[Traded]] = {name: [] for name in names}
    for line in traded:
        name = line.market if by_market else line.herb
        if name in found:
            found[name].append(line)
    return found


def _enough(lines: Sequence[Traded], least: Trades) -> bool:
    """Whether lines may be told; who sold in several cannot be known, so the largest number stands."""
    sellers = max((line.sellers for line in lines), default=0)
    return sum(line.sales for line in lines) >= least.trades and sellers >= least.sellers


def _value(lines: Sequence[Traded]) -> int:
    return sum(line.fen for line in lines)


def _largest_first(found: dict[str, list[Traded]]) -> list[tuple[str, list[Traded]]]:
    return sorted(found.items(), key=lambda named: (-_value(named[1]), named[0]))


def _line(market: str, traded: Sequence[Traded], sample: _Sample) -> CoverageLine:
    herbs = {line.herb for line in traded}
    return CoverageLine(
        market=market,
        herb_bp=_share_bp(traded, [line.herb in sample.herbs for line in traded]),
        grade_bp=_share_bp(traded, [(line.herb, line.grade) in sample.grades for line in traded]),
        cell_bp=_share_bp(traded, [(line.herb, line.grade, line.market) in sample.cells for line in traded]),
        herbs_traded=len(herbs),
        herbs_quoted=len(herbs & sample.herbs),
    )


def _share_bp(traded: Sequence[Traded], covered: Sequence[bool]) -> int:
    part = _value([line for line, inside in zip(traded, covered, strict=True) if inside])
    return FULL_BP * part // (_value(traded) or 1)
