"""`daodi standing LOT`: how a lot stands, stated in the log and written with its evidence into one file."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment, files

if TYPE_CHECKING:
    from api.settings import Settings
    from ledger.errors import Language

_WAIT_SECONDS: Final = 20
"""How long a running service may take to bring the statement into the log."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("standing", help="help.standing")(standing)


def standing(
    context: typer.Context,
    lot: Annotated[str, typer.Argument(help="option.lineage_lot")],
    out: Annotated[Path, typer.Option("--out", "-o", help="option.standing_out")],
) -> None:
    """State holder, balance, tests and holds of a lot as the operator, and write the file a lender checks."""
    from ledger.proofs.evidence import evidence
    from trace.lineages.standing import statements_of

    chosen = deployment.settings()
    files.prove_writable(out)
    stated = _state(chosen, context.obj.language, lot)
    covered = _await_checkpoint(chosen, stated)
    with deployment.reading(chosen) as session:
        body = evidence(session, statements_of(session, lot), [f"lot/{lot}"])
    files.write(out, body)
    context.obj.show("standing.written", file=out, lot=lot, statement=stated)
    if not covered:
        context.obj.remark("standing.waits", seconds=_WAIT_SECONDS)


def _await_checkpoint(chosen: "Settings", statement: str) -> bool:
    """Wait until the published checkpoint covers `statement`; say whether it does."""
    from ledger import log

    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        with deployment.reading(chosen) as session:
            index = log.indices(session, [statement]).get(statement)
            if index is not None and index < log.checkpoint(session).size:
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def _state(chosen: "Settings", language: "Language", lot: str) -> str:
    from urllib.parse import quote

    from api.cli.remote import hand_over
    from trace.lineages.standing import state_standing

    address = deployment.running(chosen)
    if address is not None:
        answer = hand_over(chosen, address, f"/v1/lots/{quote(lot)}/standings", language, body={})
        return str(answer["statement_id"])
    with deployment.writing(chosen) as station:
        said = station.writer.submit(
            lambda session: state_standing(session, station.recorder.declarer, lot, station.clock())
        )
        station.settle()
        return said.statement_id
