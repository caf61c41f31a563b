"""`daodi keys protect` and `change-passphrase`: key files under a passphrase.

Each file is rewritten in one step, so an interrupted run leaves every key whole; run it again and it goes on.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment

if TYPE_CHECKING:
    from ledger.keyring.passphrases import Passphrase

OneFile = Annotated[Path | None, typer.Argument(help="option.key_file", metavar="[FILE]")]


def register(keys: typer.Typer) -> None:
    """Add the commands to `daodi keys`."""
    keys.command("protect", help="help.keys.protect")(protect)
    keys.command("change-passphrase", help="help.keys.change-passphrase")(change)


def protect(context: typer.Context, file: OneFile = None) -> None:
    """Encrypt key files that are not; those that are must open with the same passphrase."""
    from api.clock import system_randomness
    from ledger.keyring.key_files import is_encrypted, read_key, rewrite_key

    files = list(_files(file, "daodi keys protect"))
    encrypted = [path for path in files if is_encrypted(path)]
    passphrase = _given(files, new=not encrypted)
    for path in encrypted:
        read_key(path, passphrase)
    for path in files:
        if path not in encrypted:
            rewrite_key(path, read_key(path, None), passphrase, system_randomness)
    context.obj.show("keys.protected", count=len(files) - len(encrypted), kept=len(encrypted))
    context.obj.remark("keys.protected_next")


def change(
    context: typer.Context,
    file: OneFile = None,
    new_file: Annotated[
        Path | None, typer.Option("--new-passphrase-file", help="option.new_passphrase", metavar="FILE")
    ] = None,
) -> None:
    """Put key files under a new passphrase; plain ones too."""
    from api.clock import system_randomness
    from ledger.keyring.key_errors import PassphraseNeeded, PassphraseWrong
    from ledger.keyring.key_files import is_encrypted, read_key, rewrite_key
    from ledger.keyring.passphrases import read_passphrase

    files = list(_files(file, "daodi keys change-passphrase"))
    old = _given(files, new=False) if any(map(is_encrypted, files)) else None
    new = deployment.ask_passphrase(new=True) if new_file is None else read_passphrase(new_file)
    if new is None:
        raise PassphraseNeeded(name=files[0].stem)
    opened = {}
    for path in files:  # all of them before the first is rewritten
        try:
            opened[path] = read_key(path, old)
        except PassphraseWrong:
            opened[path] = read_key(path, new)  # an interrupted run came as far as this
    for path, key in opened.items():
        rewrite_key(path, key, new, system_randomness)
    context.obj.show("keys.repassed", count=len(opened))


def _files(file: Path | None, command: str) -> Iterator[Path]:
    """Give the key file named, or every key file of the service here; refuses while that runs."""
    from ledger.errors import KeyFileMissing
    from ledger.keyring.key_files import KeyFolder

    if file is not None:
        yield file
        return
    chosen = deployment.settings()
    deployment.must_not_run(chosen, command)
    found = False
    for folder in (KeyFolder(chosen.keys_folder), KeyFolder(chosen.party_keys_folder)):
        for name in folder.names():
            found = True
            yield folder.path / f"{name}.key"
    if not found:
        raise KeyFileMissing(name="log")


def _given(files: list[Path], *, new: bool) -> "Passphrase":
    from api.passphrases import passphrase_of
    from ledger.keyring.key_errors import PassphraseNeeded

    found = passphrase_of(deployment.settings()) or deployment.ask_passphrase(new=new)
    if found is None:
        raise PassphraseNeeded(name=files[0].stem)
    return found
