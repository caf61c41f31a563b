"""`daodi index comparison`: a release's quotes beside the trades recorded here."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from api.cli.index import FAMILY, Family, index

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.comparing import Beside
    from priceindex.comparison.coverage import Coverage
    from priceindex.comparison.two_indices import Comparison
    from priceindex.releases.series import Frequency


@index.command("comparison", help="help.index.comparison")
def comparison(
    context: typer.Context,
    family: Family = FAMILY,
    release: Annotated[str | None, typer.Option("--release", help="option.comparison.release")] = None,
) -> None:
    """Show quote index and transaction index of a release, and what share of recorded trade is quoted."""
    from api.clock import system_clock, system_randomness
    from api.comparing import compare_release
    from api.index_analysis import newest
    from api.publication.overview import family_of
    from api.vault_keys import open_vault
    from priceindex import service

    screen = context.obj
    chosen = deployment.settings()
    vault = open_vault(chosen.keys_folder, system_randomness)
    now_ms = system_clock()
    with deployment.reading(chosen) as session, screen.progress("comparison.computing"):
        named = service.release(session, release) if release else newest(session, family, now_ms)
        found = compare_release(session, vault, named, now_ms)
    _show_indices(screen, found, family_of(named).values.frequencies[-1])
    _show_coverage(screen, found)


def _show_indices(screen: "Screen", found: "Beside", frequency: "Frequency") -> None:
    if found.indices is None:
        screen.remark("comparison.no_lines")
        return
    _show_lines(screen, found.indices, found.release.release_id, frequency)
    prices = found.indices.prices
    if prices:
        low, high = prices.quartiles_bp
        screen.show(
            "comparison.prices",
            median=_signed(prices.median_bp),
            low=_signed(low),
            high=_signed(high),
            pairs=prices.pairs,
        )


def _show_lines(screen: "Screen", indices: "Comparison", release: str, frequency: "Frequency") -> None:
    from priceindex.calendar import day_of
    from priceindex.classification import COMPOSITE, Level

    unit = 10**indices.kept
    screen.table(
        ("head.day", "head.asked", "head.paid", "head.spread"),
        (
            (
                str(day_of(point.day)),
                f"{point.asked / unit:.2f}",
                f"{point.paid / unit:.2f}",
                _signed(point.spread_bp),
            )
            for point in indices.spread(Level.COMPOSITE, COMPOSITE, frequency)
        ),
        title=screen.words(
            "comparison.title", release=release, cells=indices.cells, base=f"{indices.base:%Y-%m}"
        ),
    )


def _show_coverage(screen: "Screen", found: "Beside") -> None:
    told = found.coverage
    if told is None:
        screen.remark("comparison.no_coverage", first=found.first, last=found.last)
        return
    screen.table(
        ("head.market", "head.by_herb", "head.by_grade", "head.by_cell", "head.herbs_quoted"),
        (
            (
                line.market or screen.words("comparison.whole"),
                *(f"{share / 100:.2f} %" for share in (line.herb_bp, line.grade_bp, line.cell_bp)),
                f"{line.herbs_quoted}/{line.herbs_traded}",
            )
            for line in (told.whole, *told.markets)
        ),
        title=screen.words("comparison.coverage", first=found.first, last=found.last),
    )
    _show_uncovered(screen, told)


def _show_uncovered(screen: "Screen", told: "Coverage") -> None:
    if told.uncovered:
        herbs = ("、" if screen.language == "zh" else ", ").join(
            f"{each.herb} {each.share_bp / 100:.2f} %" for each in told.uncovered
        )
        screen.show("comparison.uncovered", herbs=herbs)
    if told.uncovered_unnamed or told.markets_unnamed:
        screen.remark("comparison.unnamed", herbs=told.uncovered_unnamed, markets=told.markets_unnamed)


def _signed(basis_points: int) -> str:
    """Write basis points as a change in per cent.

    >>> _signed(-125)
    '-1.25 %'
    """
    return f"{basis_points / 100:+.2f} %"
