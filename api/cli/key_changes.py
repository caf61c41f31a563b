"""`daodi keys register`, `rotate`, `revoke`, `rotate-log`, `retire-log`: changes that enter the log.

While a service holds the database they are handed to it; otherwise they are made here.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment

if TYPE_CHECKING:
    from api.station import Station
    from ledger.entry import SignedStatement
    from ledger.keyring.key_reading import KnownKey
    from ledger.note import NoteKey

KeyOrParty = Annotated[str, typer.Argument(help="option.key_or_party", metavar="KEY|PARTY")]
KeyId = Annotated[str, typer.Argument(help="option.key_id", metavar="KEY")]
Signed = Annotated[Path | None, typer.Option("--statement", help="option.key_statement", metavar="FILE")]
_KEY_ID: Final = re.compile(r"[0-9a-f]{32}")


def register(keys: typer.Typer) -> None:
    """Add the commands to `daodi keys`."""
    keys.command("register", help="help.keys.register")(register_key)
    keys.command("rotate", help="help.keys.rotate")(rotate)
    keys.command("revoke", help="help.keys.revoke")(revoke)
    keys.command("rotate-log", help="help.keys.rotate-log")(rotate_log)
    keys.command("retire-log", help="help.keys.retire-log")(retire_log)


def register_key(
    context: typer.Context,
    statement: Annotated[Path, typer.Argument(help="option.key_statement", metavar="FILE")],
) -> None:
    """Submit the registration that a key signed for itself."""
    from api import key_service

    signed, members = _read(statement)
    key, holder = _party_key(
        context, "/v1/keys", members, lambda station: key_service.take_in(station, signed)
    )
    context.obj.show("keys.registered", key=key, holder=holder)


def rotate(context: typer.Context, key: KeyOrParty, statement: Signed = None) -> None:
    """Renew the key held here for a party, or submit a rotation that the party's own key signed."""
    from api import key_service

    if statement is None:
        from trace.identifiers import check_uscc

        party = check_uscc(key)
        renewed, _ = _party_key(
            context,
            f"/v1/custody/{party}/rotations",
            {},
            lambda station: key_service.renew_custody(station, party),
        )
        context.obj.show("keys.renewed", key=renewed, holder=party)
        return
    signed, members = _read(statement)
    _about(signed, key)
    _party_key(
        context,
        f"/v1/keys/{key}/rotations",
        members,
        lambda station: key_service.take_in(station, signed),
    )
    context.obj.show("keys.rotated", key=key)


def revoke(
    context: typer.Context,
    key: KeyId,
    reason: Annotated[str, typer.Option("--reason", help="option.reason")] = "unspecified",
    statement: Signed = None,
) -> None:
    """Revoke a key, signed by the log's key or by its holder."""
    from api import key_service
    from ledger.errors import MalformedStatement
    from ledger.keyring.key_statements import Reason

    if statement is None:
        if reason not in set(Reason):
            raise MalformedStatement(member="reason", value=ascii(reason[:80]), form=", ".join(Reason))
        asked: Mapping[str, object] = {"reason": reason}
        make: Callable[[Station], KnownKey] = lambda station: key_service.revoke_by_log(station, key, reason)  # noqa: E731  two ways to make one thing
    else:
        signed, asked = _read(statement)
        _about(signed, key)
        make = lambda station: key_service.take_in(station, signed)  # noqa: E731  see above
    ended, holder = _party_key(context, f"/v1/keys/{_checked(key)}/revocations", asked, make)
    context.obj.show("keys.revoked", key=ended, holder=holder)


def rotate_log(context: typer.Context) -> None:
    """Add a key to the log: keys overlap from then on."""
    from api import key_service

    key, vkey = _log_key(context, "/v1/log/keys", key_service.add_log_key)
    context.obj.show("keys.log_added", key=key)
    context.obj.show("keys.log_added_vkey", vkey=vkey)


def retire_log(context: typer.Context, key: KeyId) -> None:
    """Retire a key of the log: the overlap ends."""
    from api import key_service

    _checked(key)
    retired, _ = _log_key(
        context, f"/v1/log/keys/{key}/retirement", lambda station: key_service.retire_log_key(station, key)
    )
    context.obj.show("keys.log_retired", key=retired)


def _party_key(
    context: typer.Context,
    path: str,
    body: Mapping[str, object],
    make: "Callable[[Station], KnownKey]",
) -> tuple[str, str]:
    """Make a change there or here; return the id and holder of the key it is about."""
    handed = _handed_over(context, path, body)
    if handed is not None:
        return handed["key_id"], handed["holder"]
    with deployment.writing(deployment.settings()) as station:
        made = make(station)
        return made.key.key_id, made.holder


def _log_key(context: typer.Context, path: str, make: "Callable[[Station], NoteKey]") -> tuple[str, str]:
    """Make a change there or here; return the id and vkey of the log key it is about."""
    handed = _handed_over(context, path, {})
    if handed is not None:
        return handed["key_id"], handed["vkey"]
    with deployment.writing(deployment.settings()) as station:
        made = make(station)
        return made.key.key_id, made.to_vkey()


def _handed_over(context: typer.Context, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401  the service's JSON
    """Give the work to the running service and return its answer; None when there is none."""
    from api.cli.remote import hand_over

    chosen = deployment.settings()
    address = deployment.running(chosen)
    if address is None:
        return None
    return hand_over(chosen, address, path, context.obj.language, body=body)


def _read(file: Path) -> "tuple[SignedStatement, dict[str, object]]":
    """Return the signed statement in a file, and its JSON as it goes to a service."""
    import json

    from api.cli.files import read
    from ledger.entry import MAX_LEAF_SIZE
    from ledger.writing.submission import read_submission

    raw = read(file, MAX_LEAF_SIZE)
    signed = read_submission(raw)
    return signed, json.loads(raw)


def _about(signed: "SignedStatement", key: str) -> None:
    from ledger.errors import Said
    from ledger.keyring.key_errors import KeyStatementRefused
    from ledger.keyring.key_statements import key_change

    if key_change(signed).key_id != _checked(key):
        raise KeyStatementRefused(key=key, why=Said("陈述是关于另一把密钥的", "it is about another key"))


def _checked(key: str) -> str:
    from ledger.keyring.key_errors import NoSuchKey

    if not _KEY_ID.fullmatch(key):
        raise NoSuchKey(key=ascii(key[:40]))
    return key
