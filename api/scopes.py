"""What callers may be allowed: the scopes that keys carry and that roles of accounts stand for."""

from collections.abc import Iterable
from enum import StrEnum

from api.errors import ScopeUnknown


class Scope(StrEnum):
    """What a token allows. `OPERATOR` allows everything; `SUPERVISE` only a token bound to a regulator."""

    STEPS_WRITE = "steps:write"
    QUOTES_WRITE = "quotes:write"
    QUOTES_DECIDE = "quotes:decide"
    INDEX_PUBLISH = "index:publish"
    SUPERVISE = "supervise"
    WARNINGS_READ = "warnings:read"
    WARNINGS_DECIDE = "warnings:decide"
    OPERATOR = "operator"


def parse_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes `words` name; raises `ScopeUnknown` for the first that does not exist.

    >>> sorted(parse_scopes(["operator", "steps:write"]))
    [<Scope.OPERATOR: 'operator'>, <Scope.STEPS_WRITE: 'steps:write'>]
    """
    listed = tuple(words)
    known = {scope.value: scope for scope in Scope}
    for word in listed:
        if word not in known:
            raise ScopeUnknown(scope=word, known="、".join(known))
    return frozenset(known[word] for word in listed)
