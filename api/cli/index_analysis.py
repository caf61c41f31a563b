"""`daodi index analysis`: an index held against the trades recorded here."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from api.cli.index import FAMILY, Family, index

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from priceindex.analysis.analysis import Analysis


def _known_window(window: int) -> int:
    from priceindex.analysis.settings import Window

    if window not in list(Window):
        raise typer.BadParameter(str(window), param_hint="--window")
    return window


@index.command("analysis", help="help.index.analysis")
def analysis(
    context: typer.Context,
    family: Family = FAMILY,
    window: Annotated[int, typer.Option("--window", help="option.window", callback=_known_window)] = 25,
) -> None:
    """Show CCDI, GK and WTPD of recorded trades beside the published index, and the chain drift."""
    from api.clock import system_clock, system_randomness
    from api.index_analysis import analyse_release, newest
    from api.vault_keys import open_vault
    from priceindex.analysis.settings import Window

    screen = context.obj
    chosen = deployment.settings()
    vault = open_vault(chosen.keys_folder, system_randomness)
    with deployment.reading(chosen) as session, screen.progress("analysis.computing"):
        now_ms = system_clock()
        found = analyse_release(session, vault, newest(session, family, now_ms), Window(window), now_ms)
    _show(screen, found)


def _show(screen: "Screen", found: "Analysis") -> None:
    from priceindex.calendar import month_start

    none = screen.words("trace.none")
    screen.table(
        ("head.month", "head.headline", "head.ccdi", "head.gk", "head.wtpd", "head.gap", "head.cells"),
        (
            (
                f"{month_start(each.month):%Y-%m}",
                none if each.headline is None else f"{each.headline:.2f}",
                f"{each.ccdi:.2f}",
                f"{each.gk:.2f}",
                f"{each.wtpd:.2f}",
                none if each.gap_percent is None else f"{each.gap_percent:+.2f} %",
                str(each.cells),
            )
            for each in found.months
        ),
        title=screen.words("analysis.title", family=found.family, window=found.window),
    )
    if found.drifts:
        screen.table(
            ("head.month", "head.base_month", "head.chained", "head.direct", "head.geks", "head.drift"),
            (
                (
                    f"{month_start(each.month):%Y-%m}",
                    f"{month_start(each.base):%Y-%m}",
                    *(f"{value:.4f}" for value in (each.chained, each.direct, each.geks)),
                    f"{100 * each.drift:+.2f} %",
                )
                for each in found.drifts
            ),
            title=screen.words("analysis.drift", months=found.settings.drift_months),
        )
    if found.ungraded:
        screen.remark("analysis.ungraded", count=found.ungraded)
    if found.withheld:
        screen.remark(
            "analysis.withheld",
            count=found.withheld,
            trades=found.settings.least_trades,
            sellers=found.settings.least_sellers,
            percent=found.withheld_percent,
        )
    screen.show("analysis.digest", digest=found.input_sha256)
