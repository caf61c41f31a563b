"""Statements a party may sign itself and hand in from outside: documents 文件 and readings 读数.

Every other kind is made by the service from what it has judged. An open statement's id and subject
belong to the holder of its key (`document/<holder>/…`), so that nobody can take the id of a step or a
release to come, or lengthen somebody else's chain. docs/ledger-format.md lists the members.
"""

import re
from collections.abc import Mapping
from typing import Final

from ledger.entry import Statement
from ledger.writing.open_errors import KindNotOpen, NotYourName, WrongPublicPart

_MUST_HAVE: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = {
    # A document stays where it is; the log holds its SHA-256 (FIPS 180-4) in hex.
    "document": {"sha256": re.compile(r"[0-9a-f]{64}")},
    # What an instrument measured, in a unit of UCUM's case-sensitive form.
    "reading": {
        "quantity": re.compile(r"[a-z][a-z0-9-]{0,63}"),
        "value": re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,12})?"),
        "unit": re.compile(r"[\x21-\x7e]{1,40}"),
    },
}

OPEN_KINDS: Final = frozenset(_MUST_HAVE)
"""The kinds of statements that are taken in from outside."""


def check_open(said: Statement, holder: str) -> None:
    """Raise unless `said` may be handed in by `holder`, whom its key is registered for.

    Raises `KindNotOpen`, `NotYourName` for an id or subject outside `<kind>/<holder>/`, or
    `WrongPublicPart`. The signature is the gate's to check.
    """
    wanted = _MUST_HAVE.get(said.kind)
    if wanted is None:
        raise KindNotOpen(kind=said.kind, known=", ".join(sorted(OPEN_KINDS)))
    prefix = f"{said.kind}/{holder}/"
    for member, name in (("id", said.id), ("subject", said.subject)):
        if not name.startswith(prefix) or len(name) == len(prefix):
            raise NotYourName(member=member, prefix=prefix)
    for member, form in wanted.items():
        value = said.public.get(member)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise WrongPublicPart(kind=said.kind, member=member, form=form.pattern)
