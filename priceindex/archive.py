"""Raw bodies kept as received, by digest, so that every parse can be repeated.

Decree 22 of 2024 asks for three years (article 17), IOSCO for five: nothing here ever deletes.
"""

import zlib
from dataclasses import dataclass

from sqlmodel import Session

from ledger.errors import Location
from priceindex.errors import UnknownArchive
from priceindex.feeds.contract import RawBody
from priceindex.tables import ArchiveRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A kept body, and how it was first read."""

    raw: RawBody
    shape: str
    settings: str
    """Canonical JSON of `priceindex.feeds.feed_settings.FeedSettings`."""


def keep(session: Session, raw: RawBody, shape: str = "table", settings: str = "{}") -> str:
    """Keep a body and return its SHA-256, hex; a body that is kept already is left as it is.

    `shape` and `settings` say how it is to be read. Called before it is read: a body that no reading
    gets through is kept all the same.
    """
    if session.get(ArchiveRow, raw.sha256) is None:
        session.add(
            ArchiveRow(
                sha256=raw.sha256,
                name=raw.name[:200],
                media_type=raw.media_type[:100],
                received_ms=raw.received_ms,
                size_bytes=len(raw.content),
                body=zlib.compress(raw.content, 6),
                shape=shape,
                settings=settings,
            )
        )
        session.flush()
    return raw.sha256


def body(session: Session, sha256: str) -> bytes:
    """Return the content of a kept body; raises `UnknownArchive`."""
    return archived(session, sha256).raw.content


def archived(session: Session, sha256: str) -> Archived:
    """Return a kept body with how it was first read; raises `UnknownArchive`."""
    row = session.get(ArchiveRow, sha256)
    if row is None:
        raise UnknownArchive(at=Location(field="sha256", value=sha256[:64]), sha256=sha256[:64])
    raw = RawBody(
        name=row.name,
        content=zlib.decompress(row.body),
        media_type=row.media_type,
        received_ms=row.received_ms,
    )
    return Archived(raw=raw, shape=row.shape, settings=row.settings)
