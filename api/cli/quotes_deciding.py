"""Decisions about quotes and names on the command line: handed to the running service, or done here."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import deployment
from api.cli.errors import FileUnreadable

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.station import Station

Reason = Annotated[str, typer.Option("--reason", help="option.quotes_reason")]
By = Annotated[str, typer.Option("--by", help="option.quotes_by")]
TokenFile = Annotated[Path | None, typer.Option("--token-file", help="option.quotes_token_file")]


def decide(
    screen: "Screen",
    verdict: str,
    chosen: Mapping[str, str | None],
    reason: str,
    by: str,
    token_file: Path | None,
) -> None:
    """Decide about every quote `chosen` meets, and say how many there were."""
    told = {name: value for name, value in chosen.items() if value is not None}

    def here(station: "Station", who: str) -> Mapping[str, Any]:
        from api.deciding import QuoteFilter, decide_quotes
        from priceindex.intake.desk import Verdict
        from priceindex.quotes import Status

        named = QuoteFilter(
            status=Status(told.get("status", Status.QUARANTINED)),
            herb=told.get("herb"),
            market=told.get("market"),
            source=told.get("source"),
            rule=told.get("rule"),
            first=_day(told.get("first")),
            last=_day(told.get("last")),
        )
        done = decide_quotes(station, named, Verdict(verdict), reason, who)
        return {"quotes": done.quotes, "statement_id": done.statement_id}

    body = {"verdict": verdict, "reason": reason, "filter": told}
    done = _done(screen, "/v1/quarantine/decisions", body, here, by, token_file)
    said = "quotes.released" if verdict == "release" else "quotes.rejected"
    screen.show(said, count=done["quotes"], statement=done["statement_id"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def decide_name(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="option.name_kind")],
    written: Annotated[str, typer.Argument(help="option.name_written")],
    reason: Reason,
    means: Annotated[str | None, typer.Option("--means", help="option.name_means")] = None,
    source: Annotated[str, typer.Option("--source", help="option.quotes_source")] = "",
    by: By = "",
    token_file: TokenFile = None,
) -> None:
    """Decide what a name means and take in the rows that waited for it."""
    from priceindex.naming.aliases import KINDS

    if kind not in KINDS:
        raise typer.BadParameter(kind, param_hint="KIND")

    def here(station: "Station", who: str) -> Mapping[str, Any]:
        from api.deciding import decide_about_name
        from priceindex.naming.aliases import AliasNew

        done = decide_about_name(
            station,
            AliasNew(
                kind=KINDS[kind], written=written, meant=means, source=source, reason=reason, decided_by=who
            ),
        )
        return {"alias": {"number": done.alias.number}, "bodies": done.bodies, "written": done.written}

    body = {"kind": kind, "written": written, "meant": means, "source": source, "reason": reason}
    done = _done(context.obj, "/v1/names/decisions", body, here, by, token_file)
    context.obj.show(
        "quotes.name_done", number=done["alias"]["number"], bodies=done["bodies"], written=done["written"]
    )


def end_name(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="option.alias_number", min=1)],
    reason: Reason,
    by: By = "",
    token_file: TokenFile = None,
) -> None:
    """End an alias; what was taken in under it stays."""

    def here(station: "Station", who: str) -> Mapping[str, Any]:
        from api.deciding import end_name as end

        return {"number": end(station, number, by=who, reason=reason).number}

    done = _done(context.obj, f"/v1/names/aliases/{number}/end", {"reason": reason}, here, by, token_file)
    context.obj.show("quotes.name_ended", number=done["number"])


def _done(
    screen: "Screen",
    path: str,
    body: Mapping[str, object],
    here: "Callable[[Station, str], Mapping[str, Any]]",
    by: str,
    token_file: Path | None,
) -> Mapping[str, Any]:
    """Send the work to the running service as the token's bearer, or do it here in the name given.

    Raises `FileUnreadable`, what the work raises, and what `hand_over` raises.
    """
    chosen = deployment.settings()
    token = None if token_file is None else _token(token_file)
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        answer: Mapping[str, Any] = hand_over(chosen, address, path, screen.language, body=body, token=token)
        return answer
    if token is None and not by:
        raise typer.BadParameter("--by", param_hint="--by")
    with deployment.writing(chosen) as station:
        return here(station, f" {by}" if token is None else _bearer(station, token))


def _bearer(station: "Station", token: str) -> str:
    """Who bears a token that may decide; raises `TokenRefused`, `ScopeMissing`."""
    from api.callers import caller_of, require_scope
    from api.tokens import Scope

    with station.database.read() as session:
        caller = caller_of(session, token, station.clock())
    require_scope(caller, (Scope.QUOTES_DECIDE,))
    return caller.person


def _token(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise FileUnreadable(file=path, reason=error.strerror or type(error).__name__) from error
