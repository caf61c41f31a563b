"""`daodi warnings acknowledge`, `snooze`, `explain`, `close`, `reopen`: what people decide."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import deployment
from api.cli.index_work import read_token
from api.cli.warnings import WarningId, valid, warnings

if TYPE_CHECKING:
    from api.callers import Caller
    from api.station import Station

Token = Annotated[Path | None, typer.Option("--token-file", help="option.token_file")]
Words = Annotated[str, typer.Option("--words", help="option.warnings.words")]


@warnings.command("acknowledge", help="help.warnings.acknowledge")
def acknowledge(context: typer.Context, warning: WarningId, token_file: Token = None) -> None:
    """Say that somebody has seen it."""
    _decide(context, warning, {"act": "acknowledge"}, token_file)


@warnings.command("snooze", help="help.warnings.snooze")
def snooze(
    context: typer.Context,
    warning: WarningId,
    until: Annotated[str, typer.Option("--until", help="option.warnings.until")],
    words: Annotated[str | None, typer.Option("--words", help="option.warnings.words")] = None,
    token_file: Token = None,
) -> None:
    """Put it off until a day in China."""
    from api.cli.index import day

    body: dict[str, object] = {"act": "snooze", "until": f"{day(until)}T00:00:00+08:00"}
    if words is not None:
        body["words"] = words
    _decide(context, warning, body, token_file)


@warnings.command("explain", help="help.warnings.explain")
def explain(context: typer.Context, warning: WarningId, words: Words, token_file: Token = None) -> None:
    """Say what is behind it."""
    _decide(context, warning, {"act": "explain", "words": words}, token_file)


@warnings.command("close", help="help.warnings.close")
def close(
    context: typer.Context,
    warning: WarningId,
    reason: Annotated[str, typer.Option("--reason", help="option.warnings.reason")],
    words: Words,
    token_file: Token = None,
) -> None:
    """Close it for a reason: by these the rule is measured."""
    _decide(context, warning, {"act": "close", "reason": reason, "words": words}, token_file)


@warnings.command("reopen", help="help.warnings.reopen")
def reopen(context: typer.Context, warning: WarningId, words: Words, token_file: Token = None) -> None:
    """Undo a close."""
    _decide(context, warning, {"act": "reopen", "words": words}, token_file)


def _decide(
    context: typer.Context, warning: str, body: Mapping[str, object], token_file: Path | None
) -> None:
    """Have the running service do it, or do it here, in the name of a token's bearer or of the console."""
    screen = context.obj
    chosen = deployment.settings()
    token = None if token_file is None else read_token(token_file)
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        path = f"/v1/warnings/{warning}/decisions"
        answer: Mapping[str, Any] = hand_over(chosen, address, path, screen.language, body=body, token=token)
        state = answer["state"]["name"]
    else:
        with deployment.writing(chosen) as station:
            state = _here(station, warning, body, token, screen.language)
    screen.show(f"warnings.did.{body['act']}", warning=warning, state=state)


def _here(
    station: "Station", warning: str, body: Mapping[str, object], token: str | None, language: str
) -> str:
    from api.routes.warning_answers import state_words
    from api.warning_work import decide
    from priceindex.warning.alerts.deciding import Decision

    decision = valid(Decision, body)
    return state_words(decide(station, warning, decision, _caller(station, token)).state, language)


def _caller(station: "Station", token: str | None) -> "Caller":
    """Whoever bears the token, or the console: whoever may read this service's folder."""
    from api.callers import Caller, caller_of, require_scope
    from api.tokens import Scope
    from priceindex.releases.publishing import CONSOLE

    if token is None:
        return Caller(address="", name=CONSOLE.name, scopes=frozenset({Scope.OPERATOR}))
    with station.database.read() as session:
        caller = caller_of(session, token, station.clock())
    require_scope(caller, (Scope.WARNINGS_DECIDE,))
    return caller
