"""`daodi verify`: what a stranger does to find out whether we told the truth."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import files
from api.cli.errors import NothingToVerify, OptionUseless
from ledger.errors import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.cli.screen import Screen
    from ledger.proofs.bundle import VerifiedEntry
    from ledger.witnessing.policy import Policy

_RECEIPT_ALONE = Said("这个文件本身就是存证回执", "the file is a receipt itself")
_NO_SIGNATURE = Said(
    "发布包本身没有签名，只有存证回执有（--receipt）", "a bundle bears no signature; its --receipt does"
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("verify", help="help.verify")(verify)


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.file")],
    trust: Annotated[str | None, typer.Option("--trust", help="option.trust", metavar="VKEY")] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="option.policy", metavar="FILE")] = None,
    receipt: Annotated[Path | None, typer.Option("--receipt", help="option.receipt")] = None,
    tsa_certificates: Annotated[
        Path | None, typer.Option("--tsa-certificates", help="option.tsa_certificates", metavar="PEM")
    ] = None,
) -> None:
    """Check a proof that holds its own receipt; or a bundle with its receipt, or with the log here."""
    from api.cli.bundles import verify_here, verify_with_receipt
    from api.cli.printed_proofs import is_printed, show_printed
    from api.cli.receipts import receipt_text, verified
    from api.cli.trust import trusted

    screen = context.obj
    content = files.read(file)
    text = receipt_text(content, file)
    show = show_printed if is_printed(content) else _shower(content, tsa_certificates)
    if text is not None or show is not None:
        if receipt is not None:
            raise OptionUseless(option="--receipt", why=_RECEIPT_ALONE)
        believed = trusted(trust, policy)
        if show is not None:
            show(screen, content, believed)
        else:
            _show_receipt(screen, verified(text or "", believed))
    elif content.lstrip()[:1] == b"{":
        if receipt is not None:
            verify_with_receipt(screen, content, receipt, trusted(trust, policy))
        elif trust is not None or policy is not None:
            raise OptionUseless(option="--trust" if trust else "--policy", why=_NO_SIGNATURE)
        else:
            verify_here(screen, content)
    else:
        raise NothingToVerify(file=file)


def _shower(
    content: bytes, tsa_certificates: Path | None
) -> "Callable[[Screen, bytes, Policy], None] | None":
    """Return what checks a JSON file that names its own format, and prints the outcome."""
    from api.cli.evidences import show_disclosures, show_evidence, show_subject
    from api.cli.receipts import answer_in
    from api.cli.timestamps import show_timestamp

    known: dict[str, Callable[[Screen, bytes, Policy], None]] = {
        "daodi-evidence@v1": show_evidence,
        "daodi-disclosure@v1": show_disclosures,
        "daodi-subject@v1": show_subject,
        "daodi-timestamp@v1": partial(show_timestamp, certificates=tsa_certificates),
    }
    return known.get(str(answer_in(content).get("format")))


def _show_receipt(screen: "Screen", found: "VerifiedEntry") -> None:
    from api.cli.receipts import show_signers

    checkpoint = found.checkpoint
    screen.show("verify.receipt", index=found.index, size=checkpoint.size, root=checkpoint.root.hex())
    screen.show("verify.statement", statement=found.entry.statement.id, actor=found.holder)
    show_signers(screen, checkpoint)
