"""`daodi feeds sign-form`: a collector signs a form where no service runs."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.cli import files

_LIMIT_BYTES = 4 * 1024 * 1024


def sign_form(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.form.file")],
    key: Annotated[Path, typer.Option("--key", help="option.form.key", metavar="FILE")],
    output: Annotated[Path, typer.Option("--output", "-o", help="option.form.out", metavar="FILE")],
    source: Annotated[str, typer.Option("--source", help="option.feed.source")] = "",
) -> None:
    """Read a form, sign it, and write it as it is sent; `source` stands where the form names none."""
    from api.cli.key_signing import load
    from priceindex.feeds.collectors_form import read_form
    from priceindex.feeds.contract import RawBody

    body = files.read(file, limit=_LIMIT_BYTES)
    form = read_form(RawBody(name=file.name, content=body, media_type="", received_ms=0))
    signed = replace(form, source=form.source or source).signed_by(load(key))
    files.write(output, signed.to_json())
    context.obj.show("feeds.signed", key=signed.key, file=output)
