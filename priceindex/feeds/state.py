"""What the last good fetch of an address told us: the validators of a conditional request (RFC 9110, 13)."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from priceindex.feeds.contract import RawBody
from priceindex.tables import FeedStateRow


@dataclass(frozen=True, slots=True)
class FeedState:
    """The validators a source gave with its last body."""

    etag: str | None = None
    last_modified: str | None = None

    def conditions(self) -> dict[str, str]:
        """The request headers that ask for the body only if it changed.

        >>> FeedState('"a1"').conditions()
        {'if-none-match': '"a1"'}
        """
        found = {}
        if self.etag:
            found["if-none-match"] = self.etag
        if self.last_modified:
            found["if-modified-since"] = self.last_modified
        return found


_LONGEST_ETAG: Final = 500
_LONGEST_DATE: Final = 100
FRESH: Final = FeedState()
"""Nothing fetched yet."""


def state_of(session: Session, url: str) -> FeedState:
    """The state kept for an address; `FRESH` for one never fetched."""
    row = session.get(FeedStateRow, url)
    return FRESH if row is None else FeedState(row.etag, row.last_modified)


def remember(session: Session, url: str, raw: RawBody | None, seen_ms: int) -> None:
    """Keep what a fetch told, in the transaction that took its quotes in.

    `raw` is None for an answer of "unchanged": then only the heartbeat moves.
    """
    row = session.get(FeedStateRow, url) or FeedStateRow(url=url, seen_ms=seen_ms)
    row.seen_ms = seen_ms
    if raw is not None:
        row.etag = _validator(raw, "etag", _LONGEST_ETAG)
        row.last_modified = _validator(raw, "last-modified", _LONGEST_DATE)
        row.body_sha256 = raw.sha256
    session.add(row)
    session.flush()


def _validator(raw: RawBody, name: str, longest: int) -> str | None:
    """A validator as the source gave it, unless it is one that no header could send back or no table keep."""
    value = raw.headers.get(name, "")
    return value if 0 < len(value) <= longest and value.isascii() and value.isprintable() else None
