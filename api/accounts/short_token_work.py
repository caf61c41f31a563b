"""Making short tokens for whoever calls with a session or a key."""

from dataclasses import dataclass

from api.accounts.account_errors import SignInNeeded
from api.accounts.short_tokens import granted, sign
from api.callers import Caller
from api.station import Station
from api.tokens import Scope


@dataclass(frozen=True, slots=True)
class ShortToken:
    """A token and what it allows."""

    token: str
    scopes: frozenset[Scope]


def make_token(station: Station, caller: Caller, asked: frozenset[Scope] | None, seconds: int) -> ShortToken:
    """Return a token of the caller's session or key, for `seconds`.

    Raises `BeyondOwnScopes`; `SignInNeeded` for who comes with a short token: it would outlive itself.
    """
    if caller.signed_in is not None:
        made_in = f"session:{caller.signed_in.session_id}"
    elif caller.key is not None:
        made_in = f"key:{caller.key}"
    else:
        raise SignInNeeded
    scopes, now_ms = granted(caller.scopes, asked), station.clock()
    token = sign(
        station.people.token_keys.in_use(now_ms),
        station.settings.base_url,
        subject=caller.token or "",
        made_in=made_in,
        scopes=scopes,
        now_ms=now_ms,
        token_id=station.randomness(16).hex(),
        lifetime_ms=seconds * 1000,
    )
    return ShortToken(token, scopes)
