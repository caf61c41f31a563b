"""What a caller prefers about the time of an answer: `Prefer: wait=N` (RFC 7240)."""

import re
from collections.abc import Iterable
from typing import Final

# RFC 7240, section 2: token, optionally `=` and a token or quoted string, then parameters we have no use for.
_WAIT: Final = re.compile(r'wait[ \t]*=[ \t]*(?:(\d{1,9})|"(\d{1,9})")[ \t]*(?:;.*)?', re.IGNORECASE)
_NAME: Final = re.compile(r"[^\s=;,]+")


def wait_seconds(headers: Iterable[str], longest: int) -> int | None:
    """Return how many seconds the caller would wait for the finished answer; None when it said nothing.

    `headers` are the values of all its `Prefer` fields. More than `longest` seconds are cut to that. A
    preference that cannot be read is ignored, and of several the first counts (RFC 7240, section 2).

    >>> wait_seconds(["respond-async, wait=10"], longest=20)
    10
    >>> wait_seconds(["wait=100", "wait=5"], longest=20)
    20
    >>> wait_seconds(["wait=soon"], longest=20)
    """
    for preference in (part.strip() for header in headers for part in header.split(",")):
        name = _NAME.match(preference)
        if name is not None and name[0].lower() == "wait":
            said = _WAIT.fullmatch(preference)
            return None if said is None else min(int(said[1] or said[2]), longest)
    return None
