"""The statement by which a key enters the log.

A key registers itself: the statement's signature proves possession, and the checkpoint over
it says the operator admitted the key under that holder. The log's own key is the root of
trust and registers first, at index 0. A key id stands for one key for ever, because its
registration's id is made from it and ids are unique.
"""

import binascii
from base64 import b64decode, b64encode
from typing import Final

from ledger.entry import SignedStatement, Statement
from ledger.errors import BadRegistration
from ledger.keys import PublicKey

KIND: Final = "key.registered"
ALGORITHM: Final = "Ed25519"


def registration_id(key_id: str) -> str:
    """Return the id of the statement that registers the key `key_id`.

    >>> registration_id("00ff")
    'key.registered/00ff'
    """
    return f"{KIND}/{key_id}"


def registration(key: PublicKey, holder: str, at_ms: int) -> Statement:
    """Return the statement that registers `key` for `holder`; that key itself has to sign it."""
    return Statement(
        id=registration_id(key.key_id),
        kind=KIND,
        subject=f"key/{key.key_id}",
        at_ms=at_ms,
        public={"algorithm": ALGORITHM, "holder": holder, "key": b64encode(key.raw).decode()},
    )


def registered_key(signed: SignedStatement) -> PublicKey:
    """Return the key a key.registered statement registers, once all its parts name that key.

    Raises `BadRegistration` or `BadPublicKey`. The signature is the caller's to verify.
    """
    said = signed.statement
    encoded = said.public.get("key")
    try:
        key = PublicKey(b64decode(str(encoded), validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadRegistration(key=signed.actor) from error
    holder = holder_of(said)
    if not holder or signed.actor != key.key_id or said != registration(key, holder, said.at_ms):
        raise BadRegistration(key=signed.actor)
    return key


def holder_of(said: Statement) -> str:
    """Return whom a registration names as the key's holder; empty when it names nobody."""
    holder = said.public.get("holder")
    return holder if isinstance(holder, str) else ""
