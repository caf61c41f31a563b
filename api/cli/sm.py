"""`daodi sm`: the tree in commercial cryptography: found it, see how it stands, make and check receipts."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import deployment, files
from api.cli.errors import ReceiptFails


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.sm", no_args_is_help=True)
    group.command("init", help="help.sm.init")(init)
    group.command("show", help="help.sm.show")(show)
    group.command("receipt", help="help.sm.receipt")(receipt)
    group.command("verify", help="help.sm.verify")(verify)
    app.add_typer(group, name="sm")


def init(context: typer.Context) -> None:
    """Make the SM2 key and begin the tree; it fills when the setting is on."""
    from api.clock import system_randomness
    from api.sm_tree import found

    screen = context.obj
    chosen = deployment.settings()
    deployment.must_not_run(chosen, "sm init")
    vkey = found(chosen, system_randomness, deployment.passphrase(chosen))
    screen.show("sm.ready")
    screen.plain(vkey)
    if not chosen.sm3_tree:
        screen.remark("sm.off")


def show(context: typer.Context) -> None:
    """Show the tree's key and how far it follows."""
    from ledger import log
    from ledger.sm import store
    from ledger.sm.errors import SmTreeNotFounded
    from ledger.sm.keys import implementation

    screen = context.obj
    chosen = deployment.settings()
    with deployment.reading(chosen) as session:
        vkey = store.vkey_of(session)
        if vkey is None:
            raise SmTreeNotFounded
        newest = store.newest_note(session)
        screen.show("sm.key", vkey=vkey)
        screen.show("sm.size", size=store.extent_of(session).size, log=log.size(session))
        if newest is not None:
            head = store.published(session)
            screen.show("sm.signed", size=head.size, root=head.root.hex())
    screen.show("sm.by", name=implementation().name)
    if not chosen.sm3_tree:
        screen.remark("sm.off")


def receipt(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="option.sm_statement", metavar="STATEMENT")],
    file: Annotated[Path, typer.Argument(help="option.sm_receipt_file", metavar="FILE")],
) -> None:
    """Write a statement's receipt under the SM3 tree into a new file."""
    from ledger.sm import receipts

    with deployment.reading(deployment.settings()) as session:
        made = receipts.receipt(session, statement)
    files.write(file, made.to_text().encode())
    context.obj.show("sm.receipt_written", file=file, index=made.index)


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.sm_receipt_file", metavar="FILE")],
    trust: Annotated[str | None, typer.Option("--trust", help="option.sm_trust", metavar="VKEY")] = None,
) -> None:
    """Check a receipt under the SM3 tree against its SM2 key."""
    from api.cli.receipts import receipt_text
    from api.cli.sm_fsck import own_key
    from ledger.errors import LedgerError
    from ledger.proofs.bundle import Receipt
    from ledger.sm.checkpoint import Sm2NoteKey
    from ledger.sm.receipts import verify_receipt

    screen = context.obj
    trusted = own_key() if trust is None else Sm2NoteKey.from_vkey(trust)
    found = Receipt.from_text(receipt_text(files.read(file), file) or "")
    try:
        entry = verify_receipt(found, trusted)
    except LedgerError as error:
        raise ReceiptFails(why=error) from error
    head = entry.checkpoint
    screen.show("verify.receipt", index=entry.index, size=head.size, root=head.root.hex())
    screen.show("verify.statement", statement=entry.entry.statement.id, actor=entry.holder)
    screen.show("verify.signature", origin=head.origin)
