"""`daodi redact`, `disclose`, `keys rotate-vault`: private values erased, handed on, sealed anew."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from api.cli import deployment, files
from api.cli.keys import keys

if TYPE_CHECKING:
    from api.settings import Settings
    from ledger.errors import Language
    from ledger.private.disclosure import Disclosure
    from trace.private_values import PrivateValue

Statement = Annotated[str, typer.Argument(help="option.statement")]
Fields = Annotated[list[str] | None, typer.Option("--field", help="option.private_field")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program; `keys` adds itself."""
    app.command("redact", help="help.redact")(redact)
    app.command("disclose", help="help.disclose")(disclose)


def redact(
    context: typer.Context,
    statement: Statement,
    reason: Annotated[str, typer.Option("--reason", help="option.redact_reason")],
    field: Fields = None,
    yes: Annotated[bool, typer.Option("--yes", help="option.redact_yes")] = False,
) -> None:
    """Erase private values of a statement for good, under the log's key, and log that it was done."""
    from ledger.private.redaction import check_reason

    screen = context.obj
    chosen = deployment.settings()
    check_reason(reason)
    if not yes:
        named = "、".join(field or ()) or screen.words("redact.all")
        typer.confirm(screen.words("redact.sure", statement=statement, names=named), abort=True)
    address = deployment.running(chosen)
    if address is None:
        done = _redact_here(chosen, statement, field or (), reason)
    else:
        done = _hand_over(chosen, address, screen.language, statement, field or (), reason)
    screen.show("redact.done", statement=statement, names="、".join(done["names"]))
    screen.show("redact.statement", redaction=done["redaction"])
    screen.remark("redact.copies")
    if chosen.database_address.startswith("sqlite") and not done["journal_emptied"]:
        screen.remark("redact.journal")


def disclose(
    context: typer.Context,
    statement: Statement,
    out: Annotated[Path, typer.Option("--out", "-o", help="option.disclose_out")],
    field: Fields = None,
) -> None:
    """Write chosen private values of a statement with its receipt into a file anybody can check."""
    from api.clock import system_randomness
    from api.vault_keys import open_vault
    from ledger import log
    from ledger.private.disclosure_file import DisclosureFile
    from trace.private_values import private_values

    chosen = deployment.settings()
    vault = open_vault(chosen.keys_folder, system_randomness)
    with deployment.reading(chosen) as session:
        receipt = log.receipt(session, statement)
        picked = _picked(statement, private_values(session, vault, statement), field or ())
    text = DisclosureFile(statement, picked, receipt).to_text()
    files.write(out, text.encode(), private=True)
    names = "、".join(each.name for each in picked)
    context.obj.show("disclose.done", file=out, statement=statement, names=names)


@keys.command("rotate-vault", help="help.keys.rotate-vault")
def rotate(context: typer.Context) -> None:
    """Replace the wrapping key: what was erased before can be read from no old copy any more."""
    from api.erasing import scrub
    from api.vault_rotation import rotate_vault

    chosen = deployment.settings()
    deployment.must_not_run(chosen, "daodi keys rotate-vault")
    with deployment.writing(chosen) as station:
        count = rotate_vault(station, chosen.keys_folder)
        scrub(station.database)
    context.obj.show("vault.rotated", count=count)
    context.obj.remark("vault.copies")


def _redact_here(chosen: "Settings", statement: str, names: Sequence[str], reason: str) -> Mapping[str, Any]:
    from api.erasing import erase_values, scrub

    with deployment.writing(chosen) as station:
        erased = erase_values(station, statement, names, reason, None)
        station.settle()
        return {
            "names": erased.names,
            "redaction": erased.redaction_id,
            "journal_emptied": scrub(station.database),
        }


def _hand_over(
    chosen: "Settings", address: str, language: "Language", statement: str, names: Sequence[str], reason: str
) -> Mapping[str, Any]:
    from api.cli.remote import hand_over

    path = f"/v1/statements/{quote(statement)}/redactions"
    answer: Mapping[str, Any] = hand_over(
        chosen, address, path, language, body={"names": list(names), "reason": reason}
    )
    return answer


def _picked(statement: str, kept: Sequence["PrivateValue"], names: Sequence[str]) -> "tuple[Disclosure, ...]":
    """Return the disclosures of `names`, or of all that are kept; raises `NoPrivateValue`."""
    from ledger.private.private_errors import NoPrivateValue

    there = {each.name: each.disclosure for each in kept if each.disclosure is not None}
    wanted = list(dict.fromkeys(names)) or list(there)
    if not wanted or not set(wanted) <= there.keys():
        raise NoPrivateValue(id=statement, names="、".join(sorted(set(wanted) - there.keys())) or "—")
    return tuple(there[name] for name in wanted)
