"""What a request for a scan page says of itself, read in microseconds; None for what is not ours."""

from functools import lru_cache
from typing import Final, NamedTuple

from starlette.types import Scope

from api.encodings import takes_gzip
from api.errors import HostUnknown
from api.hosts import Hosts
from api.languages import preferred
from api.web.scan_body import DrawnFor

_PREFIX: Final = "/s/"
_ADDRESS: Final = len(_PREFIX) + 20
_NOT_OURS: Final = frozenset((b"content-length", b"transfer-encoding", b"x-request-id"))
"""Headers of bodies, and of those who give their requests ids."""
_LONGEST: Final = 400
"""Characters of the headers that are remembered: more than browsers send, and a bound on what is kept."""


class Manner(NamedTuple):
    """How an answer is to look and to be sent, whatever the code."""

    who: DrawnFor
    gzipped: bool
    name: str
    """Tells it from all others."""


class Asked(NamedTuple):
    """What a request for a scan page says of itself."""

    code: str
    """Twenty characters, otherwise unchecked."""
    manner: Manner
    address: str
    agent: str
    none_match: bytes
    gets: bool


class ScanAsks:
    """Reads requests for scan pages."""

    def __init__(self, hosts: Hosts) -> None:
        """Take requests for `hosts` alone."""
        self._hosts = hosts
        self._manner = lru_cache(maxsize=1024)(self._read_manner)

    def read(self, scope: Scope) -> Asked | None:
        """Return what a request says, None where it is not one of our own links'."""
        path: str = scope["path"]
        if len(path) != _ADDRESS or not path.startswith(_PREFIX):
            return None
        method = scope["method"]
        headers = dict(scope["headers"])
        if method not in ("GET", "HEAD") or len(headers) != len(scope["headers"]):
            return None
        if not _NOT_OURS.isdisjoint(headers):
            return None
        host, liked, coding = (headers.get(name, b"") for name in _OF_MANNER)
        if len(host) + len(liked) + len(coding) > _LONGEST:
            return None
        manner = self._manner(scope["query_string"], host, liked, coding)
        if manner is None:
            return None
        client = scope["client"]
        return Asked(
            path[len(_PREFIX) :],
            manner,
            client[0] if client else "unknown",
            headers.get(b"user-agent", b"").decode("latin-1"),
            headers.get(b"if-none-match", b""),
            method == "GET",
        )

    def _read_manner(self, query: bytes, host: bytes, liked: bytes, coding: bytes) -> Manner | None:
        try:
            self._hosts.require(host.decode("latin-1"))
        except HostUnknown:
            return None
        who = DrawnFor.of(query, preferred(liked.decode("latin-1")))
        if who is None:
            return None
        gzipped = takes_gzip(coding.decode("latin-1"))
        return Manner(who, gzipped, f"{who.language} {who.view} {gzipped}")


_OF_MANNER: Final = (b"host", b"accept-language", b"accept-encoding")
