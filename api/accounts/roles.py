"""Roles of accounts 角色 and the scopes each stands for: the one table of what a person may do."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from api.accounts.account_errors import RoleUnknown
from api.scopes import Scope


class AccountRole(StrEnum):
    """What somebody does in the service."""

    CLERK = "clerk"
    """记录员: records the steps of the party."""
    COLLECTOR = "collector"
    """采价员: delivers quotes."""
    VERIFIER = "verifier"
    """核价员: decides about quotes and names that others handed in."""
    PUBLISHER = "publisher"
    """发布员: computes and publishes index releases."""
    REGULATOR = "regulator"
    """监管员: supervises for a party that is registered as a regulator, and decides about warnings."""
    VIEWER = "viewer"
    """查看员: reads the warnings of regulators' rules and decides nothing."""
    OPERATOR = "operator"
    """运营员: runs the service and may do everything."""


SCOPES_OF: Final[Mapping[AccountRole, frozenset[Scope]]] = {
    AccountRole.CLERK: frozenset({Scope.STEPS_WRITE}),
    AccountRole.COLLECTOR: frozenset({Scope.QUOTES_WRITE}),
    AccountRole.VERIFIER: frozenset({Scope.QUOTES_DECIDE}),
    AccountRole.PUBLISHER: frozenset({Scope.INDEX_PUBLISH}),
    AccountRole.REGULATOR: frozenset({Scope.SUPERVISE, Scope.WARNINGS_READ, Scope.WARNINGS_DECIDE}),
    AccountRole.VIEWER: frozenset({Scope.WARNINGS_READ}),
    AccountRole.OPERATOR: frozenset({Scope.OPERATOR}),
}
"""What each role may do."""

FACTOR_NEEDED: Final = frozenset({AccountRole.REGULATOR, AccountRole.PUBLISHER, AccountRole.OPERATOR})
"""Roles that reach nothing without a second factor: what they do binds others."""
PARTY_NEEDED: Final = frozenset({AccountRole.CLERK, AccountRole.REGULATOR})
"""Roles that act for a party: without one a clerk could speak for everybody."""


def parse_roles(words: Iterable[str]) -> frozenset[AccountRole]:
    """Return the roles `words` name; raises `RoleUnknown` for the first that does not exist.

    >>> sorted(parse_roles(["publisher", "clerk"]))
    [<AccountRole.CLERK: 'clerk'>, <AccountRole.PUBLISHER: 'publisher'>]
    """
    listed = tuple(words)
    known = {role.value: role for role in AccountRole}
    for word in listed:
        if word not in known:
            raise RoleUnknown(role=word, known="、".join(known))
    return frozenset(known[word] for word in listed)


def roles_text(roles: Iterable[AccountRole]) -> str:
    """Return roles as an account's row keeps them."""
    return " ".join(sorted(roles))


def scopes_of(roles: Iterable[AccountRole]) -> frozenset[Scope]:
    """Return what the holder of `roles` may do.

    >>> sorted(scopes_of({AccountRole.CLERK, AccountRole.VIEWER}))
    [<Scope.STEPS_WRITE: 'steps:write'>, <Scope.WARNINGS_READ: 'warnings:read'>]
    """
    return frozenset[Scope]().union(*(SCOPES_OF[role] for role in roles))


def needs_factor(roles: Iterable[AccountRole]) -> bool:
    """Tell whether one of `roles` asks for a second factor."""
    return not FACTOR_NEEDED.isdisjoint(roles)
