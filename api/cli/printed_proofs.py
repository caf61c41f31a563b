"""`daodi print-proof`: a receipt on paper; and what `daodi verify` shows of one that was scanned."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment, files
from api.cli.errors import PrintedForm

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.cli.screen import Screen
    from api.printing import Printed
    from ledger.witnessing.policy import Policy


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("print-proof", help="help.print")(print_proof)


def print_proof(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="option.printed", metavar="STATEMENT|CODE")],
    output: Annotated[Path, typer.Option("--output", "-o", help="option.printed_file", metavar="FILE")],
) -> None:
    """Write the sheet (.svg), the bare QR code (.png) or its text (.txt) of one logged statement."""
    from api.printing import printed_proof

    screen = context.obj
    kind = output.suffix.lower()
    if kind not in (".svg", ".png", ".txt"):
        raise PrintedForm(file=output)
    chosen = deployment.settings()
    with deployment.reading(chosen) as session:
        statement = _statement(session, what)
        printed = printed_proof(session, statement, _policy(session))
    files.write(output, _drawn(printed, kind))
    screen.show("print.written", file=output, statement=statement, size=len(printed.text))


def is_printed(content: bytes) -> bool:
    """Tell whether a file holds the text of a printed proof."""
    from ledger.proofs.printed_proof import PREFIX

    return content.startswith(PREFIX.encode())


def show_printed(screen: "Screen", content: bytes, policy: "Policy") -> None:
    """Check the text of a printed proof and print what it proves, to be held against the paper.

    Raises `MalformedPrintedProof`, `KeyDiffers` or `ReceiptFails`.
    """
    from api.cli.receipts import verified
    from api.web.proof_facts import proven_facts
    from ledger.proofs.printed_proof import from_text

    found = verified(from_text(content.decode("utf-8", "replace")).to_text(), policy)
    language = screen.language
    for fact in proven_facts(found):
        label, value = (fact.label.zh, fact.value.zh) if language == "zh" else (fact.label.en, fact.value.en)
        screen.show("print.fact", label=label, value=value)
    screen.show("print.verified", origin=found.checkpoint.origin)


def _statement(session: "Session", what: str) -> str:
    """Return the id of the statement meant: it, or the packing that put a trace code to use."""
    from api.key_files import load_code_keys
    from api.printing import packing_of
    from ledger import log
    from trace.coding.trace_code import normalise
    from trace.errors import MalformedCode

    if log.find(session, what) is not None:
        return what
    try:
        code = normalise(what)
    except MalformedCode:
        return what  # neither: the log says that it knows no such statement
    return packing_of(session, code, load_code_keys(deployment.settings().keys_folder))


def _policy(session: "Session") -> "Policy":
    from ledger import log
    from ledger.witnessing.policy import Policy
    from ledger.witnessing.publication import policy_in_force

    return policy_in_force(session) or Policy.of_log(log.vkey(session))


def _drawn(printed: "Printed", kind: str) -> bytes:
    from api.web.proof_sheet import code_png, sheet_svg

    if kind == ".svg":
        return sheet_svg(printed)
    return code_png(printed.text) if kind == ".png" else f"{printed.text}\n".encode()
