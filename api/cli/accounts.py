"""`daodi accounts`: who may sign in: made and invited, given roles, locked, reset and ended."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment
from api.cli.index_work import send

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from api.accounts.account_tables import AccountRow
    from api.station import Station
    from priceindex.releases.persons import Person

accounts = typer.Typer(help="help.accounts", no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="option.account")]
Roles = Annotated[list[str], typer.Option("--role", help="option.role")]
_PATH: Final = "/v1/accounts"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(accounts, name="accounts")


@accounts.command("add", help="help.accounts.add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="option.account.name")],
    role: Roles,
    shown: Annotated[str, typer.Option("--shown", help="option.account.shown")],
    party: Annotated[str | None, typer.Option("--party", help="option.party")] = None,
    source: Annotated[str | None, typer.Option("--source", help="option.token_source")] = None,
) -> None:
    """Make an account and print the invitation's link."""
    from api.accounts.accounts import AccountNew
    from api.accounts.roles import parse_roles

    new = AccountNew(name=name, shown=shown, roles=parse_roles(role), party=party, source=source)

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api.accounts import administering
        from api.routes.accounts import invitation_answer

        return invitation_answer(administering.add(station, new))

    body = {"name": name, "shown": shown, "roles": sorted(new.roles), "party": party, "source": source}
    _tell_link(context, send(context.obj, _PATH, body, None, here), "accounts.added")


@accounts.command("list", help="help.accounts.list")
def show(context: typer.Context) -> None:
    """List every account."""
    from api.accounts.accounts import everyone

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        rows = everyone(session)
    if not rows:
        screen.remark("accounts.none")
        return
    heads = ("head.account", "head.sign_in_name", "head.roles", "head.party", "head.factor", "head.status")
    lines = (
        (
            row.account_id,
            row.name,
            row.roles,
            row.party or "",
            screen.words("accounts.yes" if row.factor_ms is not None else "accounts.no"),
            screen.words(_standing(row)),
        )
        for row in rows
    )
    screen.table(heads, lines)


@accounts.command("roles", help="help.accounts.roles")
def roles(context: typer.Context, account: Account, role: Roles) -> None:
    """Give an account these roles and no others."""
    from api.accounts.roles import parse_roles

    wanted = parse_roles(role)
    made = _changed(
        context,
        account,
        "roles",
        {"roles": sorted(wanted)},
        lambda station: _administering().give_roles(station, account, wanted),
    )
    context.obj.show("accounts.roles_given", account=made["account"], roles=" ".join(made["roles"]))


@accounts.command("lock", help="help.accounts.lock")
def lock(context: typer.Context, account: Account) -> None:
    """Lock an account at once."""
    made = _changed(context, account, "locks", {}, lambda station: _administering().lock(station, account))
    context.obj.show("accounts.locked_now", account=made["account"])


@accounts.command("unlock", help="help.accounts.unlock")
def unlock(context: typer.Context, account: Account) -> None:
    """Let an account in again."""

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api.routes.accounts import invitation_answer

        return invitation_answer(_administering().unlock(station, account))

    made = send(context.obj, f"{_PATH}/{account}/unlocks", {}, None, here)
    if made["link"] is None:
        context.obj.show("accounts.unlocked", account=made["account"])
    else:
        _tell_link(context, made, "accounts.unlocked_link")


@accounts.command("end", help="help.accounts.end")
def end(context: typer.Context, account: Account) -> None:
    """End an account for good."""
    made = _changed(context, account, "end", {}, lambda station: _administering().end(station, account))
    context.obj.show("accounts.ended_now", account=made["account"])


@accounts.command("reset", help="help.accounts.reset")
def reset(
    context: typer.Context,
    account: Account,
    factor: Annotated[bool, typer.Option("--factor", help="option.account.factor")] = False,
) -> None:
    """Take an account's password and print a new link."""

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api.routes.accounts import invitation_answer

        return invitation_answer(_administering().reset(station, account, factor=factor))

    made = send(context.obj, f"{_PATH}/{account}/resets", {"factor": factor}, None, here)
    _tell_link(context, made, "accounts.reset_done")


@accounts.command("rotate-token-key", help="help.accounts.rotate-token-key")
def rotate_token_key(context: typer.Context) -> None:
    """Put a new signing key for short tokens into use; running workers follow by themselves."""
    from api.accounts.token_keys import TokenKeys
    from api.clock import system_clock

    key_id = TokenKeys(deployment.settings().keys_folder).rotate(system_clock())
    context.obj.show("accounts.token_key", key=key_id)


def _changed(
    context: typer.Context,
    account: str,
    what: str,
    body: dict[str, object],
    change: "Callable[[Station], AccountRow]",
) -> Any:  # noqa: ANN401  the answer's JSON
    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api.routes.accounts import account_answer

        return account_answer(change(station))

    return send(context.obj, f"{_PATH}/{account}/{what}", body, None, here)


def _administering() -> Any:  # noqa: ANN401  a module, loaded only where the work is done here
    from api.accounts import administering

    return administering


def _tell_link(context: typer.Context, made: Any, said: str) -> None:  # noqa: ANN401  the answer's JSON
    from api.web.formats import Formats

    until = Formats(context.obj.language).moment(
        round(datetime.fromisoformat(made["link_until"]).timestamp() * 1000)
    )
    context.obj.remark(said, account=made["account"], until=until)
    context.obj.plain(made["link"])


def _standing(row: "AccountRow") -> str:
    if row.ended_ms is not None:
        return "accounts.ended"
    if row.asked_by is not None:
        return "accounts.waits"
    if row.locked_ms is not None:
        return "accounts.locked"
    return "accounts.invited" if row.password is None else "accounts.open"
