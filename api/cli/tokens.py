"""`daodi keys issue-token` and `revoke-token`: access to the service's interface."""

from typing import Annotated, Final

import typer

from api.cli import deployment

_DAY_MS: Final = 86_400_000


def register(keys: typer.Typer) -> None:
    """Add the commands to `daodi keys`."""
    keys.command("issue-token", help="help.keys.issue-token")(issue)
    keys.command("revoke-token", help="help.keys.revoke-token")(revoke)


def issue(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="option.name")],
    scope: Annotated[list[str], typer.Option("--scope", help="option.scope")],
    party: Annotated[str | None, typer.Option("--party", help="option.party")] = None,
    source: Annotated[str | None, typer.Option("--source", help="option.token_source")] = None,
    days: Annotated[int | None, typer.Option("--days", help="option.days", min=1, max=36_500)] = None,
) -> None:
    """Issue a token and print it, alone on standard output."""
    from api.tokens import issue_token, parse_scopes
    from trace.identifiers import check_uscc

    chosen = deployment.settings()
    scopes = parse_scopes(scope)
    uscc = None if party is None else check_uscc(party)
    deployment.must_not_run(chosen, "daodi keys issue-token")
    with deployment.writing(chosen) as station:
        now = station.clock()
        token = station.writer.submit(
            lambda session: issue_token(
                session,
                name=name,
                scopes=scopes,
                party=uscc,
                source=source,
                created_ms=now,
                expires_ms=now + (days or chosen.key_days) * _DAY_MS,
                randomness=station.randomness,
            )
        )
    context.obj.remark("token.issued")
    context.obj.plain(token)


def revoke(context: typer.Context, prefix: Annotated[str, typer.Argument(help="option.prefix")]) -> None:
    """End a token at once."""
    from api.tokens import revoke_token

    chosen = deployment.settings()
    deployment.must_not_run(chosen, "daodi keys revoke-token")
    with deployment.writing(chosen) as station:
        now = station.clock()
        station.writer.submit(lambda session: revoke_token(session, prefix, now))
    context.obj.show("token.ended", prefix=prefix)
