"""Reads a signed statement as its party hands it in: an entry's members without its place.

The members are those of docs/ledger-format.md, section 2, and `sig`. However the JSON is laid out, what
was signed is its canonical form; bytes that are canonical already are read in a third of the time.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

import orjson

from ledger.canonical import JsonValue, canonical, read
from ledger.entry import VERSION, SignedStatement, Statement
from ledger.errors import MalformedLeaf, NotCanonical
from ledger.keys import SIGNATURE_SIZE
from ledger.manifests.manifest_errors import SignedByManifest

_TYPES: Final[Mapping[str, type]] = {
    "v": int,
    "log": str,
    "id": str,
    "kind": str,
    "subject": str,
    "at_ms": int,
    "actor": str,
    "public": dict,
    "digests": list,
    "refs": list,
    "sig": str,
}


def read_submission(raw: bytes) -> SignedStatement:
    """Return the signed statement a JSON text says; its signature is parsed, not verified.

    Raises `NotCanonical` for content the canonical form does not have, `MalformedLeaf` naming the
    member at fault, or `MalformedStatement`.
    """
    return submission_of(_value(raw))


def write_submission(signed: SignedStatement) -> bytes:
    """Return the JSON text in which `signed` is handed in, in canonical form.

    Raises `NotCanonical`, or `SignedByManifest` for a statement without a signature of its own.
    """
    if not isinstance(signed.signature, bytes):
        raise SignedByManifest(id=signed.statement.id, manifest=signed.signature.manifest)
    return canonical(signed.members() | {"sig": base64.b64encode(signed.signature).decode()})


def submission_of(value: object) -> SignedStatement:
    """Return the signed statement of members already read by `ledger.canonical`; raises as above."""
    if not isinstance(value, dict) or value.keys() != _TYPES.keys():
        raise MalformedLeaf(member="members")
    for name, kind in _TYPES.items():
        if type(value[name]) is not kind:  # True would pass for an int
            raise MalformedLeaf(member=name)
    if value["v"] != VERSION:
        raise MalformedLeaf(member="v")
    said = Statement(
        id=value["id"],
        kind=value["kind"],
        subject=value["subject"],
        at_ms=value["at_ms"],
        public=value["public"],
        digests=_texts(value, "digests"),
        refs=_texts(value, "refs"),
    )
    return SignedStatement(
        statement=said, origin=value["log"], actor=value["actor"], signature=_signature(value["sig"])
    )


def _value(raw: bytes) -> JsonValue:
    try:
        value: JsonValue = orjson.loads(raw)
        # Equal bytes: no member was repeated, no number lost.
        if canonical(value) == raw:
            return value
    except (orjson.JSONDecodeError, NotCanonical):
        return read(raw)  # says precisely which rule the text breaks
    return read(raw)


def _texts(value: Mapping[str, object], name: str) -> tuple[str, ...]:
    texts = value[name]
    if not isinstance(texts, list) or not all(type(text) is str for text in texts):
        raise MalformedLeaf(member=name)
    return tuple(texts)


def _signature(encoded: str) -> bytes:
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedLeaf(member="sig") from error
    # One encoding only: b64decode ignores stray low bits in the last character (RFC 4648, section 3.5).
    if len(signature) != SIGNATURE_SIZE or base64.b64encode(signature).decode() != encoded:
        raise MalformedLeaf(member="sig")
    return signature
