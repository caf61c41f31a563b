"""Raw bodies kept as received, by digest, so that every parse can be repeated.

Decree 22 of 2024 asks for three years (article 17), IOSCO for five: nothing here ever deletes.
"""

import zlib

from sqlmodel import Session

from ledger.errors import Location
from priceindex.errors import UnknownArchive
from priceindex.feeds.contract import RawBody
from priceindex.tables import ArchiveRow


def keep(session: Session, raw: RawBody) -> str:
    """Keep a body and return its SHA-256, hex; a body that is kept already is left as it is."""
    if session.get(ArchiveRow, raw.sha256) is None:
        session.add(
            ArchiveRow(
                sha256=raw.sha256,
                name=raw.name[:200],
                media_type=raw.media_type[:100],
                received_ms=raw.received_ms,
                size_bytes=len(raw.content),
                body=zlib.compress(raw.content, 6),
            )
        )
        session.flush()
    return raw.sha256


def body(session: Session, sha256: str) -> bytes:
    """Return a kept body; raises `UnknownArchive`."""
    row = session.get(ArchiveRow, sha256)
    if row is None:
        raise UnknownArchive(at=Location(field="sha256", value=sha256[:64]), sha256=sha256[:64])
    return zlib.decompress(row.body)
