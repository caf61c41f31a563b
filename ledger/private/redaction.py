"""Redactions: the logged statement that private values of an earlier one were erased, and why.

It says which fields and for what reason, never what stood in them. Proofs of the earlier statement stay
valid: its leaf holds salted digests, which without salt and value say nothing.
"""

import re
from collections.abc import Sequence
from typing import Final

from ledger.entry import Statement
from ledger.private.private_errors import BadReason

KIND: Final = "redacted"

_REASON: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,9}")


def check_reason(reason: str) -> str:
    """Return `reason` when it is a slug of at most 64 characters; raises `BadReason`.

    It becomes public for ever, so free text, in which somebody might repeat what is to be erased, is refused.

    >>> check_reason("subject-request")
    'subject-request'
    """
    if len(reason) > 64 or not _REASON.fullmatch(reason):
        raise BadReason
    return reason


def redaction(
    redaction_id: str, erased: str, subject: str, names: Sequence[str], reason: str, at_ms: int
) -> Statement:
    """Return the statement that the fields `names` of the statement `erased` on `subject` are erased.

    Raises `BadReason` or `MalformedStatement`.
    """
    return Statement(
        id=redaction_id,
        kind=KIND,
        subject=subject,
        at_ms=at_ms,
        public={"names": sorted(names), "reason": check_reason(reason)},
        refs=(erased,),
    )
