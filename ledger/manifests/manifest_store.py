"""Reads the digests kept for manifests, and makes the paths to their statements."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from ledger.manifests.manifest import path
from ledger.manifests.manifest_tables import ManifestRow
from ledger.store import CHUNK


def digests_of(session: Session, manifest_id: str) -> bytes | None:
    """Return the joined digests of a manifest; None when none are kept under that id."""
    return session.exec(select(ManifestRow.digests).where(ManifestRow.manifest_id == manifest_id)).first()


def digests_by_id(session: Session, manifest_ids: Iterable[str]) -> dict[str, bytes]:
    """Return the joined digests of those of these manifests that are kept."""
    wanted, found = sorted(set(manifest_ids)), dict[str, bytes]()
    for begin in range(0, len(wanted), CHUNK):
        chunk = col(ManifestRow.manifest_id).in_(wanted[begin : begin + CHUNK])
        found.update(session.exec(select(ManifestRow.manifest_id, ManifestRow.digests).where(chunk)).all())
    return found


def path_to(session: Session, manifest_id: str, place: int) -> tuple[bytes, ...] | None:
    """Return the path from a statement to its manifest's root; None when the digests are not kept."""
    digests = digests_of(session, manifest_id)
    return path(digests, place) if digests else None
