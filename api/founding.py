"""`init`: the folder, keys, tables and log of a new service; and bringing an older one up to date."""

from api import migrations
from api.clock import system_clock, system_randomness
from api.database import Database
from api.key_files import make_code_keys, make_private_folder
from api.passphrases import passphrase_of
from api.settings import Settings
from api.vault_keys import make_vault_keys, open_vault
from api.webhooks.webhook_keys import make_webhook_keys
from ledger.clock import Clock, Randomness
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.passphrases import Passphrase
from ledger.registry import found as found_log

LOG_KEY = "log"
"""Name of the key the log is founded with: it signs checkpoints and the operator's own statements until
another log key takes its place."""


def found(
    settings: Settings,
    clock: Clock = system_clock,
    randomness: Randomness = system_randomness,
    passphrase: Passphrase | None = None,
) -> None:
    """Make everything a station needs, or what of it is missing; nothing that exists is changed.

    The tables are brought to this version's form. With a passphrase, given or named by the settings, the
    log's key is kept encrypted. Raises `DatabaseHeld` while a service runs on them.
    """
    make_private_folder(settings.folder)
    make_private_folder(settings.keys_folder)
    make_private_folder(settings.party_keys_folder)
    settings.archive_folder.mkdir(exist_ok=True)
    make_code_keys(settings.keys_folder, randomness)
    make_vault_keys(settings.keys_folder, randomness)
    keys = KeyFolder(settings.keys_folder, passphrase_of(settings, passphrase))
    if LOG_KEY not in keys.names():
        keys.create(LOG_KEY, randomness)
    make_webhook_keys(settings.keys_folder, keys, randomness)
    database = Database(settings.database_address, busy_timeout_ms=settings.busy_timeout_ms)
    try:
        migrations.upgrade(database, vault=open_vault(settings.keys_folder, randomness))
        with database.write() as session:
            found_log(session, settings.origin, keys.load(LOG_KEY), clock())
    finally:
        database.dispose()
