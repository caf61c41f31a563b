"""Ids of the statements of integrity, and reading their public parts back."""

import uuid
from collections.abc import Mapping

from ledger.canonical import JsonValue, canonical
from ledger.clock import Randomness


def new_id(kind: str, randomness: Randomness) -> str:
    """Return a fresh id such as `inspection-6f0a…`: unique for ever, and short enough to write down."""
    return f"{kind}-{uuid.UUID(bytes=randomness(16), version=4).hex}"


def text(public: Mapping[str, JsonValue], name: str) -> str:
    """Return a member that is text; raises `TypeError` for a statement that is none of ours."""
    value = public[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def text_or_none(public: Mapping[str, JsonValue], name: str) -> str | None:
    """Return a member that is text, None where it is absent; raises `TypeError`."""
    return None if public.get(name) is None else text(public, name)


def number(public: Mapping[str, JsonValue], name: str) -> int:
    """Return a member that is a whole number; raises `TypeError`."""
    value = public[name]
    if not isinstance(value, int):
        raise TypeError(name)
    return value


def number_or_none(public: Mapping[str, JsonValue], name: str) -> int | None:
    """Return a member that is a whole number, None where it is absent; raises `TypeError`."""
    return None if public.get(name) is None else number(public, name)


def listed(public: Mapping[str, JsonValue], name: str) -> list[JsonValue]:
    """Return a member that is a list; raises `TypeError`."""
    value = public[name]
    if not isinstance(value, list):
        raise TypeError(name)
    return value


def canonical_text(value: JsonValue) -> str:
    """Return the canonical JSON of a value, as it stands in a row."""
    return canonical(value).decode()
