"""Percent-encoding as GS1 Digital Links use it: a plus sign means itself in a path and a space in a query.

A percent sign that begins no pair of hexadecimal digits stands for itself.
"""

import re
from typing import Final
from urllib.parse import quote, quote_plus

_PAIR: Final = re.compile(r"%([0-9A-Fa-f]{2})")


def escape_path(value: str) -> str:
    """Write a value as a segment of a path.

    >>> escape_path("32a/b"), escape_path(" AB")
    ('32a%2Fb', '%20AB')
    """
    return quote(value, safe="")


def escape_query(value: str) -> str:
    """Write a value into a query.

    >>> escape_query("XYZ+QWERTY"), escape_query(" AB")
    ('XYZ%2BQWERTY', '+AB')
    """
    return quote_plus(value, safe="")


def unescape_path(text: str) -> str:
    """Read a segment of a path; bytes above 127 come out as characters no GS1 value may have.

    >>> unescape_path("A%4FB+"), unescape_path("A%4gB")
    ('AOB+', 'A%4gB')
    """
    return _PAIR.sub(lambda pair: chr(int(pair[1], 16)), text)


def unescape_query(text: str) -> str:
    """Read a value of a query.

    >>> unescape_query("A+B%2B")
    'A B+'
    """
    return unescape_path(text.replace("+", " "))
