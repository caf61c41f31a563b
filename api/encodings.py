"""Which content coding an answer is sent in: gzip for whoever takes it (RFC 9110, section 12.5.3)."""

import gzip
from collections.abc import MutableMapping

from starlette.datastructures import Headers


def encoded(content: bytes, asked: Headers, answered: MutableMapping[str, str]) -> bytes:
    """Return `content` as it goes out to whoever sent the headers `asked`; say so in the headers `answered`.

    The same content always gives the same bytes.
    """
    answered["Vary"] = "Accept-Encoding"
    if not takes_gzip(asked.get("accept-encoding", "")):
        return content
    answered["Content-Encoding"] = "gzip"
    return gzip.compress(content, compresslevel=6, mtime=0)


def takes_gzip(accepted: str) -> bool:
    """Tell whether an Accept-Encoding header names gzip with a weight above 0.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, br"), takes_gzip("")
    (True, False, False)
    """
    for offered in accepted.split(","):
        name, _, weight = offered.replace(" ", "").lower().partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or not weight
    return False
