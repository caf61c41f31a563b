"""The work behind the commands of a release's life: handed to the running service, or done here."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli import deployment
from api.cli.errors import FileUnreadable

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.cli.screen import Screen
    from api.station import Station
    from priceindex.releases.persons import Person


def send(
    screen: "Screen",
    path: str,
    body: Mapping[str, object],
    token_file: Path | None,
    here: Callable[["Station", "Person"], "BaseModel"],
) -> Mapping[str, Any]:
    """Have a work done as the operator, or as the bearer of the token in `token_file`; return the answer.

    `here` does it in this process and answers as the service would. Raises `FileUnreadable`,
    `TokenRefused`, `ScopeMissing`, what the work raises, and what `hand_over` raises.
    """
    chosen = deployment.settings()
    token = None if token_file is None else read_token(token_file)
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        told = {name: value for name, value in body.items() if value is not None}
        answer: Mapping[str, Any] = hand_over(chosen, address, path, screen.language, body=told, token=token)
        return answer
    with deployment.writing(chosen) as station:
        return here(station, person_here(station, token)).model_dump(mode="json")


def person_here(station: "Station", token: str | None) -> "Person":
    """Return who works in this process: the bearer of a token, or whoever may read this service's folder."""
    from api.callers import caller_of, require_scope
    from api.releasing import person_of
    from api.tokens import Scope
    from priceindex.releases.publishing import CONSOLE

    if token is None:
        return CONSOLE
    with station.database.read() as session:
        caller = caller_of(session, token, station.clock())
    require_scope(caller, (Scope.INDEX_PUBLISH,))
    return person_of(caller)


def read_token(path: Path) -> str:
    """Return the token a file holds; raises `FileUnreadable`."""
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise FileUnreadable(file=path, reason=error.strerror or type(error).__name__) from error


def moment(at_ms: int | None) -> str:
    """Write a moment to the minute, in UTC; empty for none."""
    return "" if at_ms is None else f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%MZ}"
