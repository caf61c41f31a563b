"""`daodi index bulletin`: the bulletin of a release written as HTML and PDF, by one command."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import deployment
from api.cli.index import FAMILY, index


@index.command("bulletin", help="help.index.bulletin")
def bulletin(
    context: typer.Context,
    family: Annotated[str, typer.Argument(help="option.family")] = FAMILY,
    release: Annotated[str | None, typer.Option("--release", help="option.bulletin.release")] = None,
    folder: Annotated[Path, typer.Option("--folder", help="option.bulletin.folder")] = Path(),
) -> None:
    """Write the bulletin of a family's newest release, or of the one named, as HTML and as PDF."""
    from api.cli import files
    from api.clock import system_clock
    from api.index_analysis import newest
    from api.publication.bulletins import bulletin_html, bulletin_sheet, read_bulletin
    from api.web.words import words_in
    from ledger.keyring.log_keys import published_vkey
    from priceindex import service
    from trace.labels.label_font import find_font

    screen = context.obj
    chosen = deployment.settings()
    now_ms = system_clock()
    with deployment.reading(chosen) as session:
        if release is None:
            named = newest(session, family, now_ms)
        else:
            named = service.release(session, release, public_at_ms=now_ms)
        told = read_bulletin(
            session,
            named,
            chosen.base_url,
            published_vkey(session),
            words_in(screen.language),
            as_of_ms=now_ms,
        )
    sheet = bulletin_sheet(told, find_font(chosen.label_font))
    for suffix, body in (("html", bulletin_html(told, chosen.base_url)), ("pdf", sheet)):
        file = folder / f"{told.release_id}-bulletin.{suffix}"
        files.write(file, body)
        screen.show("index.bulletin_written", file=file, size=f"{len(body):,}")
