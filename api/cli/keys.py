"""`daodi keys`: signing keys held for parties, and access tokens. Secrets are never listed."""

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from api.cli import deployment

_DAY_MS: Final = 86_400_000

keys = typer.Typer(help="help.keys")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(keys, name="keys")


@keys.command("list", help="help.keys.list")
def show(context: typer.Context) -> None:
    """List the log's key, the keys held for parties, and every token ever issued."""
    from api.clock import system_clock
    from api.tokens import tokens
    from ledger.keys import KeyFolder

    screen = context.obj
    chosen = deployment.settings()
    with deployment.reading(chosen) as session:
        issued = tokens(session)
    screen.show("keys.log", vkey=deployment.trusted_key(chosen))
    folder = KeyFolder(chosen.party_keys_folder)
    screen.table(
        ("head.party", "head.key"),
        ((name, folder.load(name).public.key_id) for name in sorted(folder.names())),
    )
    now = system_clock()
    screen.table(
        ("head.prefix", "head.name", "head.party", "head.scopes", "head.expires", "head.status"),
        (
            (
                token.prefix,
                token.name,
                token.party or "",
                token.scopes,
                _day(token.expires_ms),
                screen.words(_state(token.revoked_ms, token.expires_ms, now)),
            )
            for token in issued
        ),
        title=screen.words("keys.tokens"),
    )


@keys.command("new", help="help.keys.new")
def new(context: typer.Context, party: Annotated[str, typer.Argument(help="option.party")]) -> None:
    """Make a signing key for a party; one that exists is kept and named."""
    from api.clock import system_randomness
    from ledger.keys import KeyFolder
    from trace.identifiers import check_uscc

    chosen = deployment.settings()
    uscc = check_uscc(party)
    folder = KeyFolder(chosen.party_keys_folder)
    existed = uscc in folder.names()
    if not existed:
        folder.create(uscc, system_randomness)
    context.obj.show("keys.kept" if existed else "keys.made", party=uscc, key=folder.load(uscc).public.key_id)


@keys.command("issue-token", help="help.keys.issue-token")
def issue(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="option.name")],
    scope: Annotated[list[str], typer.Option("--scope", help="option.scope")],
    party: Annotated[str | None, typer.Option("--party", help="option.party")] = None,
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
                created_ms=now,
                expires_ms=None if days is None else now + days * _DAY_MS,
                randomness=station.randomness,
            )
        )
    context.obj.remark("token.issued")
    context.obj.plain(token)


@keys.command("revoke-token", help="help.keys.revoke-token")
def revoke(context: typer.Context, prefix: Annotated[str, typer.Argument(help="option.prefix")]) -> None:
    """End a token at once."""
    from api.tokens import revoke_token

    chosen = deployment.settings()
    deployment.must_not_run(chosen, "daodi keys revoke-token")
    with deployment.writing(chosen) as station:
        now = station.clock()
        station.writer.submit(lambda session: revoke_token(session, prefix, now))
    context.obj.show("token.ended", prefix=prefix)


def _day(epoch_ms: int | None) -> str:
    return "" if epoch_ms is None else f"{datetime.fromtimestamp(epoch_ms / 1000, UTC):%Y-%m-%d}"


def _state(revoked_ms: int | None, expires_ms: int | None, now_ms: int) -> str:
    ended = revoked_ms is not None or (expires_ms is not None and expires_ms <= now_ms)
    return "token.revoked" if ended else "token.active"
