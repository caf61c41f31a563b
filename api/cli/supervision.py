"""`daodi supervision`: coverage, usage, oversell, late steps, codes, scans; and the register of the trade."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment, files
from api.cli.supervision_columns import COLUMNS

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.supervising import Table
    from trace.integrity.periods import Period

Quarter = Annotated[str, typer.Option("--period", help="option.quarter")]
Area = Annotated[str, typer.Option("--area", help="option.area")]
Out = Annotated[Path | None, typer.Option("--csv", help="option.supervision_csv")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.supervision", no_args_is_help=True)
    group.command("coverage", help="help.supervision.coverage")(coverage)
    group.command("usage", help="help.supervision.usage")(usage)
    group.command("oversell", help="help.supervision.oversell")(oversell)
    group.command("late", help="help.supervision.late")(late)
    group.command("codes", help="help.supervision.codes")(codes)
    group.command("scans", help="help.supervision.scans")(scans)
    group.command("register", help="help.supervision.register")(register_file)
    app.add_typer(group, name="supervision")


def coverage(
    context: typer.Context,
    quarter: Quarter = "",
    area: Area = "",
    digits: Annotated[int, typer.Option("--digits", min=2, max=6, help="option.digits")] = 4,
    out: Out = None,
) -> None:
    """Show how many units of the register record, by area and node type."""
    from api.supervising import coverage_table
    from trace.supervision.coverage import coverage as covered

    with deployment.reading(deployment.settings()) as session:
        found = covered(session, _period(quarter), digits=digits - digits % 2, area=area)
    _show(context.obj, "supervision.coverage", coverage_table(found), out)
    if any(each.registered == 0 for each in found):
        context.obj.remark("supervision.unregistered")


def usage(context: typer.Context, quarter: Quarter = "", area: Area = "", out: Out = None) -> None:
    """Show which stages are recorded by how many of how many units."""
    from api.supervising import usage_table
    from trace.supervision.usage import usage as used

    with deployment.reading(deployment.settings()) as session:
        found = used(session, _period(quarter), area=area)
    _show(context.obj, "supervision.usage", usage_table(found), out)


def oversell(
    context: typer.Context,
    quarter: Quarter = "",
    party: Annotated[str | None, typer.Option("--party", help="option.supervision_party")] = None,
    herb: Annotated[str | None, typer.Option("--herb", help="option.supervision_herb")] = None,
    out: Out = None,
) -> None:
    """List firms that gave away more than came in."""
    from api.supervising import oversell_table
    from trace.supervision.overselling import oversold

    chosen = _period(quarter)
    with deployment.reading(deployment.settings()) as session:
        found = oversold(session, chosen.since_ms, chosen.until_ms, party=party, herb=herb)
    _show(context.obj, "supervision.oversell", oversell_table(found), out)


def late(context: typer.Context, quarter: Quarter = "", area: Area = "", out: Out = None) -> None:
    """List steps recorded late and goods whose way lacks stages."""
    from api.supervising import late_table
    from trace.supervision.late_steps import late_or_missing

    with deployment.reading(deployment.settings()) as session:
        found = late_or_missing(session, _period(quarter), area=area, limit=1000)
    _show(context.obj, "supervision.late", late_table(found), out)


def codes(context: typer.Context, quarter: Quarter = "", area: Area = "", out: Out = None) -> None:
    """Show the codes of each firm by what has become of them."""
    from api.supervising import code_table
    from trace.supervision.code_use import code_use, scan_counts

    chosen = _period(quarter)
    with deployment.reading(deployment.settings()) as session:
        found = code_table(
            code_use(session, area=area), scan_counts(session, chosen.since_ms, chosen.until_ms)
        )
    _show(context.obj, "supervision.codes", found, out)


def scans(
    context: typer.Context,
    quarter: Quarter = "",
    party: Annotated[str | None, typer.Option("--party", help="option.supervision_party")] = None,
    out: Out = None,
) -> None:
    """List codes that look copied, or were scanned though no goods should carry them."""
    from api.key_files import load_code_keys
    from api.supervising import scans_table
    from trace.supervision.suspicious_scans import suspicious_scans

    chosen, settings = _period(quarter), deployment.settings()
    with deployment.reading(settings) as session:
        keys = load_code_keys(settings.keys_folder)
        found = suspicious_scans(session, keys, chosen.since_ms, chosen.until_ms, party=party, limit=1000)
    _show(context.obj, "supervision.scans", scans_table(found), out)


def register_file(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="option.register_file")]
) -> None:
    """Enter every unit of a CSV file into the register of the trade, or none."""
    from trace.supervision.trade_register import enter_all
    from trace.supervision.trade_sheet import read_register

    screen, chosen = context.obj, deployment.settings()
    body = files.read(file)
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        done = hand_over(chosen, address, "/v1/supervision/register", screen.language, file=(file.name, body))
        screen.show("supervision.registered", units=done["units"], entered=done["entered"])
        return
    units = read_register(body, file.name)
    with deployment.writing(chosen) as station:
        entered = station.writer.submit(
            lambda session: enter_all(session, station.recorder.declarer, units, None, station.clock())
        )
    screen.show("supervision.registered", units=len(units), entered=entered)


def _period(named: str) -> "Period":
    from api.clock import system_clock
    from trace.integrity.periods import period, quarter_of

    return period(named) if named else quarter_of(system_clock())


def _show(screen: "Screen", title: str, table: "Table", out: Path | None) -> None:
    """Draw a table on the screen, or write it as CSV."""
    if out is not None:
        from api.web.csv_body import csv_body

        files.write(out, csv_body(table.heads, table.rows))
        screen.show("supervision.written", file=out, count=len(table.rows))
        return
    unknown = screen.words("supervision.unknown")
    rows = [[unknown if cell is None else str(cell) for cell in row] for row in table.rows]
    screen.table([COLUMNS[head] for head in table.heads], rows, title=screen.words(title))
