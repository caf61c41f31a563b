"""A witness's folder: its key, the list of logs it watches, and its memory of them.

    keys/witness.key   its signing key
    logs.policy        the logs it watches, as `log` lines of c2sp.org/tlog-policy
    witness.sqlite     what it cosigned last, of each

The memory is the one thing that must never be lost or restored from an old copy: a witness that
forgot may vouch for a fork of what it vouched for before. So a key without its memory, and a log
without an enrolment in it, do not start.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from api.key_files import make_private_folder
from api.policy_file import read_policy_file
from ledger.clock import Randomness
from ledger.errors import Said
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.passphrases import Passphrase
from ledger.note import NoteKey, check_name
from ledger.witnessing.cosignature import CosignerKey
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_errors import WitnessNotSetUp
from ledger.witnessing.witness_store import WitnessStore, file_gone, never_enrolled

KEY: Final = "witness"
LOGS_FILE: Final = "logs.policy"
MEMORY_FILE: Final = "witness.sqlite"


def set_up(
    folder: Path,
    name: str,
    vkeys: Sequence[str],
    randomness: Randomness,
    passphrase: Passphrase | None = None,
) -> CosignerKey:
    """Make what of a witness is missing in `folder`, and enrol the logs of `vkeys`; nothing is replaced.

    Raises `WitnessForgot` when its key is there and its memory is gone, `WitnessNotSetUp` when the
    folder is another witness's, `MalformedNote`, `BadPublicKey` or `BadKeyName` for a bad vkey or name.
    """
    check_name(name)
    added = [Log(NoteKey.from_vkey(vkey)) for vkey in vkeys]
    make_private_folder(folder)
    make_private_folder(folder / "keys")
    keys = KeyFolder(folder / "keys", passphrase)
    fresh = KEY not in keys.names()
    if not fresh and not (folder / MEMORY_FILE).is_file():
        raise file_gone(folder / MEMORY_FILE)
    cosigner = CosignerKey(name, (keys.create(KEY, randomness).public if fresh else keys.public(KEY)))
    store = (
        WitnessStore.create(folder / MEMORY_FILE, cosigner.to_vkey())
        if fresh
        else _own_store(folder, cosigner)
    )
    try:
        for log in _list_logs(folder, added):
            store.enrol(log.key.name)
    finally:
        store.close()
    return cosigner


def open_witness(folder: Path, clock_s: Callable[[], int], passphrase: Passphrase | None = None) -> Witness:
    """Return the witness of `folder`, ready to answer; whoever opens it closes its store.

    Raises `WitnessNotSetUp`, `WitnessForgot`, and what a damaged or exposed key file raises.
    """
    if not (folder / LOGS_FILE).is_file():
        raise WitnessNotSetUp(folder=folder, reason=Said("没有账本清单", "it has no list of logs"))
    key = KeyFolder(folder / "keys", passphrase).load(KEY)
    store = WitnessStore(folder / MEMORY_FILE)
    try:
        name = store.vkey.partition("+")[0]
        if CosignerKey(name, key.public).to_vkey() != store.vkey:
            raise WitnessNotSetUp(folder=folder, reason=_ANOTHER)
        logs = by_origin(read_policy_file(folder / LOGS_FILE))
        enrolled = set(store.origins())
        for origin in logs:
            if origin not in enrolled:
                raise never_enrolled(origin)
    except BaseException:
        store.close()
        raise
    return Witness(name, key, logs, store, clock_s)


def open_memory(folder: Path) -> tuple[WitnessStore, tuple[str, ...]]:
    """Return a witness's memory, which the caller closes, and the logs in it; needs no private key.

    Raises `WitnessNotSetUp` or `WitnessForgot`.
    """
    if not (folder / LOGS_FILE).is_file():
        raise WitnessNotSetUp(folder=folder, reason=Said("没有账本清单", "it has no list of logs"))
    store = WitnessStore(folder / MEMORY_FILE)
    return store, store.origins()


def by_origin(policy: Policy) -> dict[str, Policy]:
    """Return, for each log named, the policy that trusts the keys listed for it."""
    return {log.key.name: Policy(tuple(map(Log, policy.log_keys(log.key.name)))) for log in policy.logs}


_ANOTHER: Final = Said("密钥与记忆不属于同一见证方", "its key and its memory are not of one witness")


def _own_store(folder: Path, cosigner: CosignerKey) -> WitnessStore:
    store = WitnessStore(folder / MEMORY_FILE)
    if store.vkey != cosigner.to_vkey():
        store.close()
        raise WitnessNotSetUp(folder=folder, reason=_ANOTHER)
    return store


def _list_logs(folder: Path, added: Sequence[Log]) -> Sequence[Log]:
    """Write `added` to the list of logs, and return them; those listed already are left as they are."""
    path = folder / LOGS_FILE
    listed = read_policy_file(path).logs if path.is_file() else ()
    known = {log.key for log in listed}
    together = Policy((*listed, *(log for log in added if log.key not in known)))
    Policy.from_text(together.to_text(), LOGS_FILE)  # one key for two logs is refused before it is written
    draft = path.with_name(f".{LOGS_FILE}.draft")
    draft.write_text(together.to_text(), encoding="utf-8")
    draft.replace(path)
    return added
