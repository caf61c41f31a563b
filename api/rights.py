"""Who may call what: every operation and page with the roles that may, as docs/rights.md shows it.

It is read off the routes themselves, so that the table cannot say another thing than the service does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

from api import callers
from api.accounts.roles import SCOPES_OF, AccountRole
from api.scopes import Scope

ROLES: Final = tuple(AccountRole)
ALL, OWN, NONE = "●", "◐", "–"
"""Any object; only one's own party's, source's or account's; refused."""
_BOUND: Final = frozenset({AccountRole.CLERK, AccountRole.COLLECTOR})
"""Roles that act for one party, or for one source."""
_PUBLIC: Final = frozenset({"_anyone", "_visitor"})
_ONESELF: Final = frozenset({"_person", "_arriving"})


@dataclass(frozen=True, slots=True)
class Right:
    """One operation and whom it is open to."""

    method: str
    path: str
    section: str
    """Tag of the API, or the pages."""
    public: bool
    roles: tuple[str, ...]
    """A mark for each of `ROLES`."""


def rights(routes: Sequence[BaseRoute]) -> Iterator[Right]:
    """Return the right of each method of each route that declares a caller."""
    for context in iter_route_contexts(routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        caller = next((each for each in _calls(route.dependant) if each in callers.CALLERS), None)
        if caller is None:
            continue
        section = str(route.tags[0]) if route.tags else "pages"
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield Right(
                method,
                route.path_format if context.path is None else context.path,
                section,
                caller.__name__ in _PUBLIC,
                _marks(caller),
            )


def rights_markdown(routes: Sequence[BaseRoute]) -> str:
    """Return docs/rights.md."""
    found = sorted(set(rights(routes)), key=_place)
    sections = dict.fromkeys(each.section for each in found)
    heads = "".join(f" {role.value} |" for role in ROLES)
    rule = "|---|---|" + "---|" * len(ROLES)
    lines = [_INTRODUCTION]
    for section in sections:
        lines.append(f"## {section}\n\n| Operation | anyone |{heads}\n{rule}")
        lines += [_line(each) for each in found if each.section == section]
        lines.append("")
    return "\n".join(lines)


def _place(right: Right) -> tuple[bool, str, str, str]:
    return right.section == "pages", right.section, right.path, right.method


def _line(right: Right) -> str:
    anyone = ALL if right.public else NONE
    return f"| `{right.method} {right.path}` | {anyone} | {' | '.join(right.roles)} |"


def _marks(caller: Callable[..., object]) -> tuple[str, ...]:
    if caller.__name__ in _PUBLIC:
        return (ALL,) * len(ROLES)
    if caller.__name__ in _ONESELF:
        return (OWN,) * len(ROLES)
    wanted = callers.SCOPES_OF_CALLER.get(caller, (Scope.STEPS_WRITE,))
    return tuple(_mark(role, frozenset(wanted)) for role in ROLES)


def _mark(role: AccountRole, wanted: frozenset[Scope]) -> str:
    if role is AccountRole.OPERATOR:
        return ALL
    if not SCOPES_OF[role] & wanted:
        return NONE
    return OWN if role in _BOUND or wanted == frozenset(Scope) else ALL


def _calls(dependant: Dependant) -> list[Callable[..., object]]:
    own = [] if dependant.call is None else [dependant.call]
    return own + [call for each in dependant.dependencies for call in _calls(each)]


_INTRODUCTION: Final = f"""# Who may call what

Written by `scripts/write_rights.py` from the routes; a test compares. {ALL} any object, {OWN} only what is
of the own party, source or account, {NONE} refused: 401 without a sign-in (a page leads there), 403 with
the wrong role.

A role stands for scopes; a key has scopes of its own and never more than its maker. A clerk acts for one
party: an object of another party is answered 403 or 404, or 409 where a rule of the trade forbids it (who
does not hold a lot may not use it), a file with rows of another party 422; what is public is told to
anyone alike. A regulator acts only for a party that is registered as one. Four eyes hold besides: publishing
an official release, lifting a hold, closing a recall, repairing credit and changing keys take two
persons, told apart by account; so does making or resetting an account of a publisher, regulator or operator.
These three need a second factor.
"""
