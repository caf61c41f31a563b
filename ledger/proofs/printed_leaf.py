"""A leaf in few bytes, for print: hashes and signatures as they are, texts shortened, names left out.

What the rest of the printed proof says is not said again: the log's name, the signing key's id, and all
of a registration but its time, holder, key and signature.
"""

import base64
from typing import Final

from ledger.canonical import canonical, parse
from ledger.entry import GENESIS, Entry, ManifestPlace, SignedStatement, Statement
from ledger.errors import BadPublicKey, Said
from ledger.keyring.registration import holder_of, registered_key, registration
from ledger.keys import KEY_SIZE, SIGNATURE_SIZE, PublicKey
from ledger.merkle import HASH_SIZE
from ledger.proofs.byte_form import Reader, number, sized
from ledger.proofs.printed_errors import MalformedPrintedProof, NotPrintable
from ledger.proofs.printed_phrases import restore, shorten

_SIGNED, _IN_MANIFEST = b"\x00", b"\x01"
_FOREIGN: Final = Said("公开内容不是规范写法", "its public part is not canonical")


def write_leaf(entry: Entry) -> bytes:
    """Return the bytes of an entry without its log and actor; raises `NotPrintable`."""
    said, origin = entry.statement, entry.signed.origin
    parts = [
        number(said.at_ms),
        number(entry.seq),
        b"" if entry.seq == 0 else bytes.fromhex(entry.prev),
        *(sized(shorten(text, origin)) for text in (said.id, said.kind, said.subject)),
        sized(shorten(canonical(dict(said.public)).decode(), origin)),
        number(len(said.digests)),
        *map(_raw_digest, sorted(said.digests)),
        number(len(said.refs)),
        *(sized(shorten(ref, origin)) for ref in said.refs),
    ]
    vouched = entry.signed.signature
    if isinstance(vouched, ManifestPlace):
        parts += [_IN_MANIFEST, sized(shorten(vouched.manifest, origin)), number(vouched.place)]
    else:
        parts += [_SIGNED, vouched]
    return b"".join(parts)


def read_leaf(reader: Reader, origin: str, actor: str) -> Entry:
    """Take the next entry; raises `MalformedPrintedProof`, `MalformedStatement` or `NotCanonical`.

    Nothing is verified, nor whether it is the one form of these bytes.
    """
    at_ms, seq = reader.number(), reader.number()
    prev = reader.take(HASH_SIZE).hex() if seq else GENESIS
    statement_id, kind, subject = (restore(reader.sized(), origin) for _ in range(3))
    public = parse(restore(reader.sized(), origin).encode())
    if not isinstance(public, dict):
        raise MalformedPrintedProof(reason=_FOREIGN)
    digests = tuple(_digest(reader.take(HASH_SIZE)) for _ in range(reader.number()))
    refs = tuple(restore(reader.sized(), origin) for _ in range(reader.number()))
    statement = Statement(
        id=statement_id, kind=kind, subject=subject, at_ms=at_ms, public=public, digests=digests, refs=refs
    )
    signed = SignedStatement(
        statement=statement, origin=origin, actor=actor, signature=_vouched(reader, origin)
    )
    return Entry(signed=signed, seq=seq, prev=prev)


def write_registration(entry: Entry) -> bytes:
    """Return the bytes of the entry that registers a key; raises `NotPrintable` or `BadRegistration`."""
    key, said, signature = registered_key(entry.signed), entry.statement, entry.signed.signature
    if isinstance(signature, ManifestPlace) or entry.seq:
        raise NotPrintable(reason=Said("密钥登记的形式不同", "its key registration has another form"))
    return number(said.at_ms) + sized(holder_of(said).encode()) + key.raw + signature


def read_registration(reader: Reader, origin: str) -> Entry:
    """Take the next registration; raises `MalformedPrintedProof`. Nothing is verified."""
    at_ms, holder = reader.number(), reader.text()
    try:
        key = PublicKey(reader.take(KEY_SIZE))
    except BadPublicKey as error:
        raise MalformedPrintedProof(reason=error) from error
    signed = SignedStatement(
        statement=registration(key, holder, at_ms),
        origin=origin,
        actor=key.key_id,
        signature=reader.take(SIGNATURE_SIZE),
    )
    return Entry(signed=signed, seq=0, prev=GENESIS)


def _vouched(reader: Reader, origin: str) -> bytes | ManifestPlace:
    kind = reader.take(1)
    if kind == _SIGNED:
        return reader.take(SIGNATURE_SIZE)
    if kind != _IN_MANIFEST:
        raise MalformedPrintedProof(reason=Said("签名种类未知", "an unknown kind of signature"))
    return ManifestPlace(restore(reader.sized(), origin), reader.number())


def _raw_digest(digest: str) -> bytes:
    return base64.urlsafe_b64decode(digest + "=")


def _digest(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
