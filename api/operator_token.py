"""The token a running service leaves in its folder, so that commands of the same account can hand work over.

Made anew at every start; the one before is revoked then, so a copied file is worth nothing after a restart.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlmodel import Session

from api.errors import TokenRefused
from api.key_files import read_private, write_private
from api.tokens import Scope, issue_token, parse_token, revoke_token

FILE = "operator.token"
SERVICE: Final = "the service in "
"""How the name of the token begins that a running service leaves for its own console."""


def renew(
    session: Session, folder: Path, previous: str | None, now_ms: int, randomness: Callable[[int], bytes]
) -> str:
    """Issue a fresh operator token, revoke `previous`, and return the new one."""
    if previous is not None:
        with contextlib.suppress(TokenRefused):
            revoke_token(session, parse_token(previous)[0], now_ms)
    return issue_token(
        session,
        name=f"{SERVICE}{folder.name}",
        scopes=frozenset({Scope.OPERATOR}),
        party=None,
        created_ms=now_ms,
        expires_ms=None,
        randomness=randomness,
    )


def read(folder: Path) -> str | None:
    """Return the token the running service left in `folder`, or None; others must not be able to read it."""
    path = folder / FILE
    return read_private(path).decode("ascii").strip() if path.exists() else None


def leave(folder: Path, token: str) -> None:
    """Put `token` into `folder`, in place of the one before, at once and for its owner only."""
    fresh = folder / f".{FILE}.{os.getpid()}"
    # A process that died here may have had the same number, as in a container every one has.
    fresh.unlink(missing_ok=True)
    write_private(fresh, token.encode("ascii"))
    fresh.replace(folder / FILE)
