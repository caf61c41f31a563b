"""`daodi quotes export`: the quote book as Parquet files by year, for computing and for any other program."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import deployment


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="option.quotes_folder", file_okay=False)],
) -> None:
    """Write every quote known now, one file a year; an export made again goes on from there."""
    from api.clock import system_clock
    from api.quote_history import limits
    from priceindex.history.writing import write_history

    screen = context.obj
    chosen = deployment.settings()
    with deployment.reading(chosen) as session, screen.progress("quotes.exporting") as bar:
        found = write_history(
            session,
            folder,
            system_clock(),
            limits(chosen),
            lambda year, rows: bar.update(
                bar.task_ids[0], description=screen.words("quotes.exported_year", year=year, rows=rows)
            ),
        )
    screen.show("quotes.exported", rows=found.rows, years=len(found.years), folder=folder)
