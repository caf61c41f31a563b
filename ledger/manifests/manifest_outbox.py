"""Takes manifests in: whole or not at all, in the caller's transaction."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlmodel import Session, select

from ledger.errors import DaodiError, UnknownKey
from ledger.keys import PublicKey
from ledger.manifests.manifest import Manifest, check_manifest
from ledger.manifests.manifest_errors import PoisonInManifest
from ledger.manifests.manifest_tables import ManifestRow
from ledger.tables import KeyRow
from ledger.writing.outbox import PendingEntry, submit_many


def submit_manifest(session: Session, manifest: Manifest) -> list[PendingEntry]:
    """Submit a manifest and then its statements in the caller's transaction; all of it or nothing.

    Returns the waiting entries, the manifest's own first. Raises what `check_manifest` raises,
    `UnknownKey`, what the gate says of the manifest itself, or `PoisonInManifest` naming the place of the
    first statement the gate refuses.
    """
    digests = check_manifest(manifest, _key_of(session, manifest.signed.actor))
    with session.begin_nested():
        taken = _all_taken(
            manifest, submit_many(session, (manifest.signed, *manifest.statements), checked=True)
        )
        row = {"manifest_id": manifest.id, "digests": digests}
        session.connection().execute(insert(ManifestRow), row)
    return taken


def _all_taken(manifest: Manifest, outcomes: Sequence[PendingEntry | DaodiError]) -> list[PendingEntry]:
    taken: list[PendingEntry] = []
    for place, outcome in enumerate(outcomes, start=-1):
        if not isinstance(outcome, DaodiError):
            taken.append(outcome)
        elif place < 0:
            raise outcome
        else:
            said = manifest.statements[place].statement
            raise PoisonInManifest(manifest=manifest.id, place=place, id=said.id, reason=outcome) from outcome
    return taken


def _key_of(session: Session, actor: str) -> PublicKey:
    raw = session.exec(select(KeyRow.raw).where(KeyRow.key_id == actor)).first()
    if raw is None:
        raise UnknownKey(key=actor)
    return PublicKey(raw)
