"""`daodi keys new` and `sign-…`: a party's own key, made and used where no service runs.

Nothing here opens a database or a connection; what is signed goes to the service as a file.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment

if TYPE_CHECKING:
    from ledger.entry import Statement
    from ledger.keyring.passphrases import Passphrase
    from ledger.keys import SigningKey

KeyFile = Annotated[Path, typer.Argument(help="option.key_file", metavar="FILE")]
LogName = Annotated[str | None, typer.Option("--log", help="option.log_name", metavar="NAME")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="option.output", metavar="FILE")]


def register(keys: typer.Typer) -> None:
    """Add the commands to `daodi keys`."""
    keys.command("new", help="help.keys.new")(new)
    keys.command("sign-registration", help="help.keys.sign-registration")(sign_registration)
    keys.command("sign-rotation", help="help.keys.sign-rotation")(sign_rotation)
    keys.command("sign-revocation", help="help.keys.sign-revocation")(sign_revocation)


def new(
    context: typer.Context,
    file: KeyFile,
    plain: Annotated[bool, typer.Option("--plain", help="option.plain")] = False,
) -> None:
    """Make a key and keep it in a new file, encrypted unless told otherwise."""
    from api.clock import system_randomness
    from ledger.keyring.key_files import write_key
    from ledger.keys import SigningKey

    passphrase = None if plain else _passphrase(file, new=True)
    key = SigningKey.generate(system_randomness)
    write_key(file, key, passphrase, system_randomness)
    context.obj.show("keys.new", key=key.public.key_id, file=file)
    context.obj.remark("keys.new_next", file=file)


def sign_registration(
    context: typer.Context,
    file: KeyFile,
    holder: Annotated[str, typer.Option("--holder", help="option.holder", metavar="USCC")],
    log: LogName = None,
    output: Output = None,
) -> None:
    """Let a key sign its own registration: the signature proves possession."""
    from api.clock import system_clock
    from ledger.keyring.registration import registration
    from trace.identifiers import check_uscc

    key = load(file)
    _signed(context, registration(key.public, check_uscc(holder), system_clock()), key, log, output)


def sign_rotation(
    context: typer.Context,
    file: KeyFile,
    successor: Annotated[str, typer.Option("--successor", help="option.successor", metavar="KEY")],
    log: LogName = None,
    output: Output = None,
) -> None:
    """Let the old key sign that its registered successor follows."""
    from api.clock import system_clock
    from ledger.keyring.key_statements import rotation

    key = load(file)
    _signed(context, rotation(key.public.key_id, successor, system_clock()), key, log, output)


def sign_revocation(
    context: typer.Context,
    file: KeyFile,
    reason: Annotated[str, typer.Option("--reason", help="option.reason")] = "unspecified",
    log: LogName = None,
    output: Output = None,
) -> None:
    """Let a key sign its own revocation."""
    from api.clock import system_clock
    from ledger.keyring.key_statements import revocation

    key = load(file)
    _signed(context, revocation(key.public.key_id, reason, system_clock()), key, log, output)


def load(file: Path) -> "SigningKey":
    """Read a key file, asking for its passphrase where it has one."""
    from ledger.keyring.key_files import is_encrypted, read_key

    return read_key(file, _passphrase(file) if is_encrypted(file) else None)


def _passphrase(file: Path, *, new: bool = False) -> "Passphrase":
    """Return the passphrase of a key file: from the file the settings name, or from the terminal."""
    from api.passphrases import passphrase_of
    from ledger.keyring.key_errors import PassphraseNeeded

    found = passphrase_of(deployment.settings()) or deployment.ask_passphrase(new=new)
    if found is None:
        raise PassphraseNeeded(name=file.name)
    return found


def _signed(
    context: typer.Context, statement: "Statement", key: "SigningKey", log: str | None, output: Path | None
) -> None:
    """Sign `statement` for the log and hand the JSON over, canonical, in one line."""
    from api.cli.files import write
    from ledger.entry import sign_statement
    from ledger.keyring.key_statements import REGISTERED, key_change
    from ledger.writing.submission import write_submission

    origin = log or deployment.settings().origin
    signed = sign_statement(statement, origin, key)
    if statement.kind != REGISTERED:
        key_change(signed)  # refuses what the log would refuse
    line = write_submission(signed)
    if output is None:
        context.obj.plain(line.decode())
    else:
        write(output, line + b"\n")
    context.obj.remark("keys.signed", log=origin, statement=statement.id)
