"""`daodi verify` and `daodi audit`: what a stranger does to find out whether we told the truth."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment, files
from api.cli.errors import NothingToVerify, OptionUseless, ProofFailed
from ledger.errors import Said

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.bundle import VerifiedEntry

_RECEIPT_ALONE = Said("这个文件本身就是存证回执", "the file is a receipt itself")
_NO_SIGNATURE = Said(
    "发布包本身没有签名，只有存证回执有（--receipt）", "a bundle bears no signature; its --receipt does"
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("verify", help="help.verify")(verify)
    app.command("audit", help="help.audit")(audit)


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.file")],
    trust: Annotated[str | None, typer.Option("--trust", help="option.trust", metavar="VKEY")] = None,
    receipt: Annotated[Path | None, typer.Option("--receipt", help="option.receipt")] = None,
) -> None:
    """Check a receipt with the log's key; or a bundle with its receipt, or with the log kept here."""
    from api.cli.bundles import verify_here, verify_with_receipt
    from api.cli.receipts import receipt_text, verified

    screen = context.obj
    content = files.read(file)
    text = receipt_text(content, file)
    if text is not None:
        if receipt is not None:
            raise OptionUseless(option="--receipt", why=_RECEIPT_ALONE)
        _show_receipt(screen, verified(text, trust))
    elif content.lstrip()[:1] == b"{":
        if trust is not None and receipt is None:
            raise OptionUseless(option="--trust", why=_NO_SIGNATURE)
        if receipt is None:
            verify_here(screen, content)
        else:
            verify_with_receipt(screen, content, receipt, trust)
    else:
        raise NothingToVerify(file=file)


def audit(context: typer.Context) -> None:
    """Replay the whole log: every leaf, link, signature, tile and checkpoint."""
    from ledger.audit import audit as replay

    screen = context.obj
    chosen = deployment.settings()
    with deployment.reading(chosen) as session, screen.progress("audit.running"):
        report = replay(session, deployment.trusted_key(chosen))
    if not report.ok:
        screen.faults(report.faults)
        raise ProofFailed(reason=screen.words("audit.faulty", count=len(report.faults)))
    screen.show("audit.clean", count=report.entries, root=report.root.hex())


def _show_receipt(screen: "Screen", found: "VerifiedEntry") -> None:
    checkpoint = found.checkpoint
    screen.show("verify.receipt", index=found.index, size=checkpoint.size, root=checkpoint.root.hex())
    screen.show("verify.statement", statement=found.entry.statement.id, actor=found.holder)
    screen.show("verify.signature", origin=checkpoint.origin)
