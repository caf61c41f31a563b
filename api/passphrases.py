"""Where this process has the passphrase of its key files from: a private file, or whoever was asked."""

from api.settings import Settings
from ledger.keyring.passphrases import Passphrase, read_passphrase


def passphrase_of(settings: Settings, asked: Passphrase | None = None) -> Passphrase | None:
    """Return `asked`, or what stands in the file the settings name; None when there is neither.

    Raises `PassphraseFileUnsafe` or `PassphraseUnusable`.
    """
    if asked is not None or settings.key_passphrase_file is None:
        return asked
    return read_passphrase(settings.key_passphrase_file)
