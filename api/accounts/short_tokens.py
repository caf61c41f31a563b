"""Short tokens 短期令牌: a person's or a key's scopes for ten minutes, as a signed JWT (RFC 7519, RFC 9068).

They are signed with Ed25519 and nothing else is ever believed (RFC 8725, section 3.1): not the algorithm a
token names, not a key it brings. Each names the session or key it was made from, which is asked at every
use: what ended there is refused here at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jwt import JWTClaimsRegistry

from api.accounts.account_errors import BeyondOwnScopes
from api.accounts.token_keys import ALGORITHM, LONGEST_MS
from api.errors import TokenRefused
from api.scopes import Scope

TYPE: Final = "at+jwt"
"""Media type of an access token (RFC 9068, section 2.1): no other kind of JWT stands in for one."""
MEANT_FOR: Final = "/v1/"
"""How the paths begin that a token opens (RFC 9068, section 4, `aud`): pages are for sessions and keys."""
_LONGEST: Final = 4096
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token that was checked says."""

    subject: str
    """Id of the account, or prefix of the key."""
    made_in: str
    """`session:` and a session's id, or `key:` and a key's prefix."""
    scopes: frozenset[str]
    expires_ms: int


def is_short(token: str) -> bool:
    """Tell whether a presented token has the form of a short one, good or not.

    >>> is_short("a.b.c"), is_short("daodi_01234567_abc")
    (True, False)
    """
    return token.count(".") == _PARTS - 1 and not token.startswith("daodi_")


def granted(own: Iterable[Scope], asked: Iterable[Scope] | None) -> frozenset[Scope]:
    """Return the scopes a token or key gets of those its maker has; all of them where none were asked for.

    Raises `BeyondOwnScopes` for one that its maker lacks; who operates has every one.
    """
    has = frozenset(own)
    if asked is None:
        return has
    wanted = frozenset(asked)
    beyond = wanted - (frozenset(Scope) if Scope.OPERATOR in has else has)
    if beyond:
        raise BeyondOwnScopes(scope=sorted(beyond)[0].value)
    return wanted


def sign(
    key: OKPKey,
    issuer: str,
    *,
    subject: str,
    made_in: str,
    scopes: Iterable[Scope],
    now_ms: int,
    token_id: str,
    lifetime_ms: int = LONGEST_MS,
) -> str:
    """Return a signed token that lives for `lifetime_ms`, ten minutes at most."""
    now = now_ms // 1000
    claims = {
        "iss": issuer,
        "aud": audience(issuer),
        "sub": subject,
        "iat": now,
        "exp": now + min(lifetime_ms, LONGEST_MS) // 1000,
        "jti": token_id,
        "scope": " ".join(sorted(scopes)),
        "made_in": made_in,
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def check(token: str, believed: KeySet, issuer: str, now_ms: int) -> Claims:
    """Return what a short token says; raises `TokenRefused`, the same whatever is wrong with it."""
    if len(token) > _LONGEST or not believed.keys:
        raise TokenRefused
    asked = JWTClaimsRegistry(
        now=now_ms // 1000,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience(issuer)},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        read = jwt.decode(token, believed, algorithms=[ALGORITHM])
        asked.validate(read.claims)
    # A header or claim of another type fails inside the library with whatever its code meets.
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise TokenRefused from error
    if read.header.get("typ") != TYPE:
        raise TokenRefused
    return _claims(read.claims)


def audience(issuer: str) -> str:
    """Return whom tokens are meant for: the interface of this service alone."""
    return f"{issuer}{MEANT_FOR}".rstrip("/")


def _claims(said: dict[str, Any]) -> Claims:
    subject, made_in, scopes, iat, exp = (
        said.get(name) for name in ("sub", "made_in", "scope", "iat", "exp")
    )
    texts = isinstance(subject, str) and isinstance(made_in, str) and isinstance(scopes, str)
    if not texts or type(iat) is not int or type(exp) is not int or (exp - iat) * 1000 > LONGEST_MS:
        raise TokenRefused
    return Claims(str(subject), str(made_in), frozenset(str(scopes).split()), exp * 1000)
