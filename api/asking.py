"""Who asks what, as far as it is known: one object for the time of a request or a command.

The gate sets it before any route; whoever settles the caller fills it in; the writer reads it in the thread
that hands in a work. It is changed in place, since threads get a copy of the context and not the context.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.callers import Caller

NOT_NOTED: Final = frozenset({"secret"})
"""Names of path parameters that nobody may read later: that of an invitation."""

Beside: TypeAlias = "Callable[[Session], None]"
"""What is written in the same savepoint as the work of a request."""


@dataclass(slots=True, eq=False)
class Asking:
    """One request, or one command on the operator's own machine."""

    operation: str
    """Method and path as sent, or the command's words."""
    request_id: str
    scope: MutableMapping[str, Any] | None = None
    """The ASGI scope of a request: its route is known once it is routed."""
    caller: "Caller | None" = None
    """Who asks; None while nobody has settled it, and for the public."""
    beside: list[Beside] = field(default_factory=list)
    room: Callable[[], None] = lambda: None
    """Raises why nothing may be shown to somebody known now: his readings could not be noted."""
    noted: bool = False
    """Whether a note of access was written together with what the request wrote."""

    def route(self) -> str:
        """Return method and route template, such as ``POST /v1/lots/{lot}/standings``; the path nowhere."""
        if self.scope is None:
            return self.operation
        template = getattr(self.scope.get("route"), "path", None)
        return f"{self.scope['method']} {template or '–'}"

    def objects(self) -> Mapping[str, str]:
        """Return the objects the address names, by the parameter's name; a secret among them is left out."""
        parts: Mapping[str, object] = {} if self.scope is None else self.scope.get("path_params") or {}
        return {name: str(value) for name, value in parts.items() if name not in NOT_NOTED}


ASKING: Final[ContextVar[Asking | None]] = ContextVar("asking", default=None)
"""What is being asked in this context; None in the service's own threads."""


def settled(caller: "Caller") -> None:
    """Say who asks, as soon as it is known."""
    asking = ASKING.get()
    if asking is not None:
        asking.caller = caller
        asking.room()


def beside() -> Sequence[Beside]:
    """Return what is to be written together with a work handed in here."""
    asking = ASKING.get()
    return () if asking is None else tuple(asking.beside)
