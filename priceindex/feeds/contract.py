"""The contract every feed keeps: fetch a body, then parse it; the body is archived in between."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from priceindex.quotes import ReadResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBody:
    """What a source sent, byte for byte."""

    name: str
    """File name or address, for messages and the archive."""
    content: bytes
    media_type: str
    received_ms: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Answer headers, names in lower case; empty for a file."""

    @property
    def sha256(self) -> str:
        """Digest of the content, hex.

        >>> RawBody(name="a", content=b"", media_type="text/csv", received_ms=0).sha256[:8]
        'e3b0c442'
        """
        return hashlib.sha256(self.content).hexdigest()


class Feed(Protocol):
    """One source of quotes."""

    @property
    def source(self) -> str:
        """Short ASCII name of the source, kept with every quote."""
        ...

    def fetch(self) -> RawBody | None:
        """Get the newest body; None when the source says that nothing changed."""
        ...

    def parse(self, raw: RawBody) -> ReadResult:
        """Read the quotes out of a body; a bad row becomes a fault, a bad body is raised."""
        ...
