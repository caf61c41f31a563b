"""`daodi log`: the public log as files, and its subject index."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import deployment
from api.cli.timestamps import timestamps


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.log", no_args_is_help=True)
    group.command("export", help="help.log.export")(export)
    group.command("index-subjects", help="help.log.index")(index_subjects)
    group.command("timestamps", help="help.log.timestamps")(timestamps)
    app.add_typer(group, name="log")


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="option.export_folder", metavar="DIR")],
) -> None:
    """Write everything the published checkpoint covers; what an earlier run wrote is kept."""
    from ledger import log
    from ledger.tree.export import count_files
    from ledger.tree.export import export as export_tree

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        head = log.checkpoint(session)
        with screen.progress("export.running", count_files(head.size)) as bar:
            done = export_tree(session, folder, head, lambda: bar.advance(bar.task_ids[0]))
    screen.show("export.done", folder=folder, size=done.size, written=done.written, kept=done.kept)


def index_subjects(context: typer.Context) -> None:
    """Index the published state unless that is done."""
    screen = context.obj
    chosen = deployment.settings()
    deployment.must_not_run(chosen, "log index-subjects")
    with deployment.writing(chosen) as station:
        station.settle()
        index = station.subject_indexing.run()
    if index is None:
        screen.show("subjects.current")
    else:
        screen.show("subjects.indexed", size=index.size, count=index.count, root=index.root.hex())
