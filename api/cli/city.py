"""`daodi demo`: a made-up city to look at, loaded by `api.cli.demo`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("demo", help="help.demo")(demo)


def demo(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="option.dry_run")] = False,
    check: Annotated[bool, typer.Option("--check", help="option.check")] = False,
    small: Annotated[bool, typer.Option("--small", help="option.small")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="option.fresh")] = False,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="option.serve")] = True,
    seed: Annotated[int, typer.Option("--seed", help="option.seed", min=0)] = 1,
    port: Annotated[int | None, typer.Option("--port", help="option.port", min=0, max=65535)] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="option.folder")] = None,
) -> None:
    """Make the demo city, load it and serve it."""
    from api.cli.demo import run_demo

    run_demo(
        dry_run=dry_run,
        check=check,
        small=small,
        fresh=fresh,
        serve=serve,
        seed=seed,
        port=port,
        folder=folder,
        language=context.obj.language,
    )
