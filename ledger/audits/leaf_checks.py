"""The costly part of checking an entry: its form to the last byte, and its signature.

Depends on nothing but the leaf and the key, so that it can run in other processes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ledger.entry import ManifestPlace, parse_leaf
from ledger.errors import BadSignature, DaodiError, Said
from ledger.keys import PublicKey

Job: TypeAlias = tuple[int, bytes, bytes | None]
"""Index, leaf, and the raw public key to verify with; None where the form alone is to be checked."""


@dataclass(frozen=True, slots=True)
class Blemish:
    """What is wrong with the entry at `index`."""

    index: int
    forged_key: str | None
    """Id of the key whose signature it lacks; None where its form is wrong, as `reason` says."""
    reason: Said


def check_leaves(jobs: Iterable[Job]) -> list[Blemish]:
    """Return what is wrong with these entries, in order."""
    return [blemish for job in jobs if (blemish := _blemish(*job)) is not None]


def _blemish(index: int, leaf: bytes, raw_key: bytes | None) -> Blemish | None:
    try:
        signed = parse_leaf(leaf).signed
        if raw_key is not None and not isinstance(signed.signature, ManifestPlace):
            signed.verify(PublicKey(raw_key))
    except BadSignature as error:
        return Blemish(index, signed.actor, _said(error))
    except DaodiError as error:
        return Blemish(index, None, _said(error))
    return None


def _said(error: DaodiError) -> Said:
    return Said(error.message("zh"), error.message("en"))
