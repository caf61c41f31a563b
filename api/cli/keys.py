"""`daodi keys`: what keys and tokens there are. Secrets are never listed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import typer

from api.cli import deployment, key_changes, key_protection, key_signing, tokens

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.keyring.key_reading import KnownKey

_KEY_ID_DIGITS: Final = 32
_STANDINGS: Final = {
    "waiting": "key.waiting",
    "active": "key.active",
    "rotated": "key.rotated",
    "revoked": "key.revoked",
    "retired": "key.retired",
}
_REASONS: Final = {
    "lost": "reason.lost",
    "compromised": "reason.compromised",
    "ceased": "reason.ceased",
    "unspecified": "reason.unspecified",
}


keys = typer.Typer(help="help.keys")
"""`daodi keys`; other files add commands about the service's secrets to it."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(keys, name="keys")


@keys.command("list", help="help.keys.list")
def list_all(context: typer.Context) -> None:
    """List the log's keys, those of parties, and every token ever issued."""
    from api.clock import system_clock
    from api.tokens import tokens as issued_tokens
    from ledger.keyring.key_reading import log_key_terms, party_keys

    screen: Screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        terms, parties, issued = log_key_terms(session), party_keys(session), issued_tokens(session)
    for term in terms:
        if term.until_index is None:
            screen.show("keys.log", vkey=term.vkey)
    screen.table(
        ("head.key", "head.status", "head.from", "head.until"),
        (
            (
                term.key_id,
                screen.words("key.active" if term.until_index is None else "key.retired"),
                str(term.from_index),
                _number(term.until_index),
            )
            for term in terms
        ),
        title=screen.words("keys.log_keys"),
    )
    held = _held_ids()
    screen.table(
        ("head.holder", "head.key", "head.status", "head.from", "head.until", "head.kept"),
        (
            (
                known.holder,
                known.key.key_id,
                screen.words(_STANDINGS[known.standing]),
                _number(known.from_index),
                _number(known.until_index),
                _kept(screen, known, held),
            )
            for known in parties
        ),
        title=screen.words("keys.party_keys"),
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


@keys.command("show", help="help.keys.show")
def show(context: typer.Context, key: key_changes.KeyOrParty) -> None:
    """Show one key, or every key of a party."""
    from ledger.keyring.key_reading import keys_of, known_key
    from trace.identifiers import check_uscc

    screen: Screen = context.obj
    one = len(key) == _KEY_ID_DIGITS
    with deployment.reading(deployment.settings()) as session:
        found = [known_key(session, key)] if one else keys_of(session, check_uscc(key))
    held = _held_ids()
    for known in found:
        screen.table(("head.part", "head.value"), _parts(screen, known, held))


for _part in (key_signing, key_changes, key_protection, tokens):
    _part.register(keys)


def _parts(screen: "Screen", known: "KnownKey", held: set[str]) -> Iterable[Sequence[str]]:
    from ledger.note import encode_base64

    reason = known.reason or ""
    parts = (
        ("head.key", known.key.key_id),
        ("head.public_key", encode_base64(known.key.raw)),
        ("head.holder", known.holder),
        ("head.status", screen.words(_STANDINGS[known.standing])),
        ("head.from", _number(known.from_index)),
        ("head.until", _number(known.until_index)),
        ("head.successor", known.successor or ""),
        ("head.reason", screen.words(_REASONS[reason]) if reason in _REASONS else reason),
        ("head.kept", _kept(screen, known, held)),
    )
    return [(screen.words(name), value) for name, value in parts if value]


def _held_ids() -> set[str]:
    """Return the ids of the keys whose files lie in the service's folders."""
    from ledger.keyring.key_files import KeyFolder

    chosen = deployment.settings()
    folders = (KeyFolder(chosen.keys_folder), KeyFolder(chosen.party_keys_folder))
    return {folder.public(name).key_id for folder in folders for name in folder.names()}


def _kept(screen: "Screen", known: "KnownKey", held: set[str]) -> str:
    return screen.words("kept.here" if known.key.key_id in held else "kept.elsewhere")


def _number(index: int | None) -> str:
    return "" if index is None else str(index)


def _day(epoch_ms: int | None) -> str:
    return "" if epoch_ms is None else f"{datetime.fromtimestamp(epoch_ms / 1000, UTC):%Y-%m-%d}"


def _state(revoked_ms: int | None, expires_ms: int | None, now_ms: int) -> str:
    ended = revoked_ms is not None or (expires_ms is not None and expires_ms <= now_ms)
    return "token.revoked" if ended else "token.active"
