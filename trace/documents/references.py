"""How a step names a document: `sha256:` and 64 hexadecimal digits, as the value of a field."""

import re
from collections.abc import Iterable
from typing import Final

PREFIX: Final = "sha256:"
SHA256: Final = re.compile(r"[0-9a-f]{64}")
DOCUMENT_VALUE: Final = re.compile(r"sha256:[0-9a-f]{64}")
"""A field value that names a document (FIPS 180-4, lower-case hex)."""


def named_documents(values: Iterable[object]) -> tuple[str, ...]:
    """Return the hashes that field values name, each once, in their order.

    >>> named_documents(["sha256:" + "0" * 64, "晒干", 5])[0][:4]
    '0000'
    """
    found = (
        value.removeprefix(PREFIX)
        for value in values
        if isinstance(value, str) and DOCUMENT_VALUE.fullmatch(value)
    )
    return tuple(dict.fromkeys(found))
