"""Manifests 清单签名: one signature by which a party vouches for many statements at once.

A manifest is a statement whose public part holds the count and the RFC 6962 root of the statements it
covers, in order. Each of those enters the log without a signature of its own and names the manifest and
its place in it instead: vouching for 10,000 statements so costs one signature and 20,000 hashes.
Nothing here reads a database. docs/ledger-format.md fixes the bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.canonical import canonical
from ledger.entry import MAX_MANIFEST, ManifestPlace, SignedStatement, Statement, sign_statement
from ledger.errors import BadProof, Said
from ledger.keys import PublicKey, SigningKey
from ledger.manifests.manifest_errors import BadManifest, NotInManifest
from ledger.merkle import HASH_SIZE, leaf_hash, nodes_of, prove_inclusion, root_of, verify_inclusion

KIND: Final = "manifest"
PREFIX: Final = "manifest/"
"""What the id of a manifest begins with; it is its own subject."""

_ROOT: Final = re.compile(r"[0-9a-f]{64}")
# What decides which keys count is vouched for one by one: a registration proves possession of its own key.
_OWN_SIGNATURE: Final = re.compile(r"manifest|(key|log|subjects)\..*")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A signed manifest with the statements it covers, in order."""

    signed: SignedStatement
    statements: tuple[SignedStatement, ...]

    @property
    def id(self) -> str:
        """Statement id of the manifest."""
        return self.signed.statement.id

    def digests(self) -> bytes:
        """Return the leaf hashes of its tree, joined: what paths are made from."""
        return b"".join(map(digest_of, self.statements))


def digest_of(signed: SignedStatement) -> bytes:
    """Return a statement's leaf in its manifest's tree: SHA-256(0x00 || canonical statement).

    The canonical statement is what a signature of its own would have covered (format, section 2);
    the place is not in it, the tree says where it stands. Raises `NotCanonical`.
    """
    return leaf_hash(canonical(signed.members()))


def sign_manifest(
    statements: Sequence[Statement], origin: str, key: SigningKey, manifest_id: str, at_ms: int
) -> Manifest:
    """Sign all `statements` for the log `origin` at once, under the id `manifest_id` (`manifest/…`).

    Raises `BadManifest` unless there are 1 to 10,000 with ids of their own, `NotCanonical` and
    `MalformedStatement`.
    """
    _check_count(manifest_id, len(statements))
    placed = tuple(
        SignedStatement(
            statement=each,
            origin=origin,
            actor=key.public.key_id,
            signature=ManifestPlace(manifest_id, place),
        )
        for place, each in enumerate(statements)
    )
    root = root_of(map(digest_of, placed))
    said = Statement(
        id=manifest_id,
        kind=KIND,
        subject=manifest_id,
        at_ms=at_ms,
        public={"count": len(placed), "root": root.hex()},
    )
    manifest = Manifest(sign_statement(said, origin, key), placed)
    covered(manifest.signed)
    _check_members(manifest)
    return manifest


def covered(signed: SignedStatement) -> tuple[int, bytes]:
    """Return the count and the root a manifest statement states; raises `BadManifest` for another form.

    The signature is the caller's to verify.
    """
    said = signed.statement
    count, root = said.public.get("count"), said.public.get("root")
    formed = (
        said.kind == KIND
        and said.id.startswith(PREFIX)
        and said.subject == said.id
        and said.public.keys() == {"count", "root"}
        and not (said.digests or said.refs)
        and isinstance(signed.signature, bytes)
    )
    if not formed or type(count) is not int or not isinstance(root, str) or not _ROOT.fullmatch(root):
        raise BadManifest(manifest=said.id, reason=Said("形式不对", "it does not have its form"))
    _check_count(said.id, count)
    return count, bytes.fromhex(root)


def check_manifest(manifest: Manifest, key: PublicKey) -> bytes:
    """Return the joined digests once `key` signed the manifest and it covers just these statements.

    Raises `BadSignature`, `BadManifest`, `NotCanonical`, or `NotInManifest` naming the first statement
    that is of another key, log or place.
    """
    manifest.signed.verify(key)
    count, root = covered(manifest.signed)
    if count != len(manifest.statements):
        raise BadManifest(
            manifest=manifest.id,
            reason=Said(
                f"写明 {count} 条，给出 {len(manifest.statements)} 条",
                f"it states {count}, {len(manifest.statements)} are given",
            ),
        )
    _check_members(manifest)
    digests = manifest.digests()
    if root_of_digests(digests) != root:
        raise BadManifest(
            manifest=manifest.id, reason=Said("根与所附陈述不符", "its root is not that of its statements")
        )
    return digests


def path(digests: bytes, place: int) -> tuple[bytes, ...]:
    """Return the inclusion path (RFC 9162, section 2.1.3.1) of `place` among joined `digests`."""
    leaves = split_digests(digests)
    return tuple(prove_inclusion(place, len(leaves), nodes_of(leaves)))


def verify_membership(signed: SignedStatement, manifest: SignedStatement, steps: Sequence[bytes]) -> None:
    """Raise `NotInManifest` unless `steps` lead from `signed` at its place to the manifest's root.

    Raises `BadManifest` for a manifest of another form. That the manifest is logged at a lower index and
    signed by an active key is the caller's to check.
    """
    count, root = covered(manifest)
    place = signed.signature
    if not isinstance(place, ManifestPlace) or not same_party(signed, manifest):
        raise not_in(signed, manifest.statement.id)
    try:
        verify_inclusion(digest_of(signed), place.place, count, steps, root)
    except BadProof as error:
        raise not_in(signed, manifest.statement.id) from error


def same_party(signed: SignedStatement, manifest: SignedStatement) -> bool:
    """Say whether `signed` names this manifest, may be under one, and both are by one key for one log."""
    vouched = signed.signature
    return (
        isinstance(vouched, ManifestPlace)
        and vouched.manifest == manifest.statement.id
        and (signed.actor, signed.origin) == (manifest.actor, manifest.origin)
        and not _OWN_SIGNATURE.fullmatch(signed.statement.kind)
    )


def not_in(signed: SignedStatement, manifest_id: str) -> NotInManifest:
    """Return the fault of a statement that does not stand where it says."""
    vouched = signed.signature
    place: object = vouched.place if isinstance(vouched, ManifestPlace) else "—"
    return NotInManifest(manifest=manifest_id, place=place, id=signed.statement.id)


def root_of_digests(digests: bytes) -> bytes:
    """Return the root over joined digests."""
    return root_of(split_digests(digests))


def split_digests(digests: bytes) -> list[bytes]:
    """Return joined digests one by one."""
    return [digests[at : at + HASH_SIZE] for at in range(0, len(digests), HASH_SIZE)]


def _check_members(manifest: Manifest) -> None:
    """Raise unless every statement stands at its place, by the manifest's key, under an id of its own."""
    seen = {manifest.id}
    for place, each in enumerate(manifest.statements):
        if each.signature != ManifestPlace(manifest.id, place) or not same_party(each, manifest.signed):
            raise NotInManifest(manifest=manifest.id, place=place, id=each.statement.id)
        if each.statement.id in seen:
            raise BadManifest(
                manifest=manifest.id,
                reason=Said(f"编号 {each.statement.id} 出现两次", f"the id {each.statement.id} occurs twice"),
            )
        seen.add(each.statement.id)


def _check_count(manifest_id: str, count: int) -> None:
    if not 1 <= count <= MAX_MANIFEST:
        raise BadManifest(
            manifest=manifest_id, reason=Said(f"含 {count} 条陈述", f"it covers {count} statements")
        )
