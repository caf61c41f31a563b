"""Parameters no route declares: refused, since a misspelt one would be answered as if it were not there."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

_EVERYWHERE = frozenset({"lang"})
"""Every answer may be asked for in a language (`api.languages`)."""


async def known_parameters(request: Request) -> None:
    """Raise `RequestValidationError` for the first parameter the route does not declare."""
    known = _EVERYWHERE | set(_declared(request.scope["route"].dependant))
    for name, value in request.query_params.items():
        if name not in known:
            fault = {"type": "extra_forbidden", "loc": ("query", name), "msg": "", "input": value[:100]}
            raise RequestValidationError([fault])


def _declared(dependant: Dependant) -> Iterator[str]:
    for each in dependant.query_params:
        yield each.alias
    for inner in dependant.dependencies:
        yield from _declared(inner)
