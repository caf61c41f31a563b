"""The manifests a replay has passed, and whether a statement that names one is really under it.

Pure: an audit, fsck and a placement feed it the entries in index order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.entry import Entry, ManifestPlace, SignedStatement
from ledger.errors import Said
from ledger.manifests.manifest import covered, digest_of, root_of_digests, same_party
from ledger.merkle import HASH_SIZE


def no_digests(manifest_id: str) -> bytes | None:  # noqa: ARG001  the form of every source of digests
    """A source that keeps no digests: then all of a manifest's statements are needed to judge it."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A manifest some of whose statements are not logged, and no digests are at hand to judge the others."""

    index: int
    manifest: str
    logged: int
    count: int


@dataclass(slots=True)
class _Passed:
    """A manifest that was passed, with what it has met since."""

    index: int
    signed: SignedStatement
    count: int
    root: bytes
    digests: bytes | None
    """What it is known to cover; None: gathered from its statements as they come."""
    met: dict[int, bytes] = field(default_factory=dict)


class ManifestBook:
    """Manifests by id. What `digests_of` keeps for one is believed only if it gives the manifest's root.

    Without such digests a whole log still judges a manifest, once it has met all its statements. Whoever
    sees a part of the log only, as a placement does, turns `gathering` off: nothing is then under a manifest
    whose digests are lacking.
    """

    def __init__(
        self, digests_of: Callable[[str], bytes | None] = no_digests, *, gathering: bool = True
    ) -> None:
        self._digests_of = digests_of
        self._gathering = gathering
        self._passed: dict[str, _Passed] = {}

    def take(self, index: int, signed: SignedStatement) -> Said | None:
        """Note a manifest whose signature counts; say what is wrong with the digests kept for it.

        Raises `BadManifest` when it does not have its form; it then covers nothing.
        """
        count, root = covered(signed)
        kept = self._digests_of(signed.statement.id)
        sound = kept is not None and len(kept) == count * HASH_SIZE and root_of_digests(kept) == root
        passed = _Passed(index, signed, count, root, kept if sound else None)
        self._passed[signed.statement.id] = passed
        if kept is None or sound:
            return None
        return Said("清单表中的摘要推不出清单的根", "the digests kept for the manifest do not give its root")

    def passed(self, manifest: str) -> bool:
        """Say whether a manifest of this id was taken in."""
        return manifest in self._passed

    def fault(self, entry: Entry) -> Said | None:
        """Say why an entry that names a manifest is not under it; None when nothing speaks against it."""
        named = entry.signed.signature
        if not isinstance(named, ManifestPlace):
            return None
        passed = self._passed.get(named.manifest)
        if passed is None:
            return Said(
                f"其清单 {named.manifest} 未在其之前入账", f"no lower entry is its manifest {named.manifest}"
            )
        if not same_party(entry.signed, passed.signed):
            return Said(
                "清单由另一把密钥签名，或该类陈述须自行签名", "another key's manifest, or not of a kind"
            )
        if named.place >= passed.count:
            return Said(f"清单没有第 {named.place} 位", f"the manifest has no place {named.place}")
        if passed.digests is None and not self._gathering:
            return Said("没有该清单的摘要，无法核对", "no digests of the manifest are kept to judge it by")
        return _met(passed, named.place, digest_of(entry.signed))

    def unfinished(self) -> list[Unfinished]:
        """Return the manifests that could not be judged, in the order of their indices."""
        return [
            Unfinished(index=passed.index, manifest=name, logged=len(passed.met), count=passed.count)
            for name, passed in self._passed.items()
            if passed.digests is None and 0 < len(passed.met) < passed.count
        ]


def _met(passed: _Passed, place: int, digest: bytes) -> Said | None:
    if passed.digests is not None:
        covered_there = passed.digests[place * HASH_SIZE : (place + 1) * HASH_SIZE]
        return None if covered_there == digest else _other_statement(place)
    if place in passed.met:
        return Said(f"清单的第 {place} 位已有陈述", f"place {place} of the manifest is taken")
    passed.met[place] = digest
    if len(passed.met) < passed.count:
        return None
    joined = b"".join(passed.met[each] for each in range(passed.count))
    if root_of_digests(joined) == passed.root:
        passed.digests, passed.met = joined, {}
        return None
    return Said("清单各位的陈述推不出清单的根", "the statements of the manifest do not give its root")


def _other_statement(place: int) -> Said:
    return Said(f"清单的第 {place} 位是另一条陈述", f"place {place} of the manifest is another statement")
