"""Names of register statements, and reading their members back."""

import uuid
from typing import Final

from trace.said import Said

_REGISTERS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://ns.daodi.example/tcm/registers")


def statement_id(kind: str, *parts: object) -> str:
    """Return the id of a statement of `kind` about `parts`: the same parts always give the same id.

    >>> statement_id("party.licensed", "91110000600037341L", "production", "皖20160001")
    'urn:uuid:d65d4c85-7322-5dfe-a355-8bfd216899cb'
    """
    return f"urn:uuid:{uuid.uuid5(_REGISTERS, chr(10).join((kind, *map(str, parts))))}"


def text(said: Said, member: str) -> str:
    """Return a member that is text; raises `TypeError` for a statement of another shape."""
    value = said.public[member]
    if not isinstance(value, str):
        raise TypeError(said.statement_id, member)
    return value


def text_or_none(said: Said, member: str) -> str | None:
    """Return a member that is text, or None where it is absent or null."""
    return None if said.public.get(member) is None else text(said, member)


def whole(said: Said, member: str) -> int:
    """Return a member that is a whole number; raises `TypeError` for a statement of another shape."""
    value = said.public[member]
    if not isinstance(value, int):
        raise TypeError(said.statement_id, member)
    return value


def whole_or_none(said: Said, member: str) -> int | None:
    """Return a member that is a whole number, or None where it is absent or null."""
    return None if said.public.get(member) is None else whole(said, member)


def texts(said: Said, member: str) -> tuple[str, ...]:
    """Return a member that is a list of text; empty where it is absent."""
    value = said.public.get(member)
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
