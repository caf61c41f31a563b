"""Replacing the wrapping key: living data keys are wrapped anew, and erased ones in old copies die.

A backup, a replica's journal or a dead page may still hold an erased value and its wrapped data key. All
of them were wrapped under a key that is in the key folder only; once that is gone, nothing opens them.
"""

from pathlib import Path

from sqlmodel import Session

from api.station import Station
from api.vault_keys import add_key, drop_old_keys


def rotate_vault(station: Station, keys_folder: Path) -> int:
    """Put a new wrapping key in force, wrap every data key under it, drop the old; return how many keys.

    May be interrupted anywhere and run again. The new key is in the file before anything is wrapped under
    it, and the old one leaves it only after a transaction, alone among the writers, in which no data key
    depended on it any more. Whoever seals asks the file first, so none comes to depend on it later.
    """
    add_key(keys_folder, station.randomness)
    rewrapped = station.writer.submit(lambda session: _all_rewrapped(station, session))
    drop_old_keys(keys_folder)
    return rewrapped


def _all_rewrapped(station: Station, session: Session) -> int:
    total = 0
    while count := station.vault.rewrap(session):
        total += count
    return total
