"""The two persons a release takes: told apart by name and by token.

The log shows neither: that two acted is stated, who they were is kept beside it.
"""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts."""

    name: str
    """The name its token was issued under."""
    token: str
    """Prefix of that token; empty for who works at the service's own console."""


def are_two(first: Person, second: Person) -> bool:
    """Whether two persons are two: neither the same name nor the same token.

    >>> are_two(Person("Ｌｉ Wei", "aaaa"), Person("li wei", "bbbb"))
    False
    >>> are_two(Person("Li Wei", "aaaa"), Person("Zhao Min", "bbbb"))
    True
    """
    return first.token != second.token and plain_name(first.name) != plain_name(second.name)


def plain_name(name: str) -> str:
    """Letters and digits alone: full width, spaces or unseen characters make no other name.

    >>> plain_name(" Ｌｉ Wei ")
    'liwei'
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
