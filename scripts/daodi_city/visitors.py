"""Accounts for whoever visits the city: what to sign in with, made at the load and kept in the city's folder.

They are named by role, never by a person. The second factor of the roles that need one is enrolled already:
its secret goes into any authenticator, and a recovery code does without one.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session

from api.accounts import account_work, accounts, administering, second_factor
from api.accounts.accounts import AccountNew
from api.accounts.roles import AccountRole, needs_factor
from api.asking import ASKING, Asking
from api.station import Station
from daodi_city.parties import Citizens

FILE: Final = "sign-in.json"
"""In the city's folder, for its owner alone (mode 0600)."""
DESK: Final = "/desk?period=2026Q1"
"""The regulator's desk in the last whole quarter of the city."""
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32, as recovery codes use them: none is taken for another."""
_SIZE: Final = 16
"""Letters of a password: 80 random bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """What somebody signs in with."""

    name: str
    role: str
    page: str
    """Where the work of the role begins."""
    password: str
    secret: str | None = None
    """Of the second factor (base32); None for roles that need none."""
    recovery: tuple[str, ...] = ()
    """Codes that stand in for the authenticator, each good once."""


@dataclass(frozen=True, slots=True)
class _Guise:
    """A role a visitor may take."""

    name: str
    shown: str
    role: AccountRole
    page: str
    party: Callable[[Citizens], str] | None = None


_GUISES: Final = (
    _Guise(
        "clerk.cooperative", "示例·合作社记录员", AccountRole.CLERK, "/workbench",
        lambda citizens: citizens.cooperatives[0].uscc,
    ),
    _Guise(
        "clerk.slices", "示例·饮片厂记录员", AccountRole.CLERK, "/workbench",
        lambda citizens: citizens.slice_makers[0].uscc,
    ),
    _Guise(
        "regulator", "示例·监管员", AccountRole.REGULATOR, DESK,
        lambda citizens: citizens.regulator.uscc,
    ),
    _Guise("verifier", "示例·核价员", AccountRole.VERIFIER, "/desk/quarantine"),
    _Guise("publisher", "示例·发布员", AccountRole.PUBLISHER, "/account"),
    _Guise("operator", "示例·运营员", AccountRole.OPERATOR, DESK),
)  # fmt: skip


def welcome(station: Station, citizens: Citizens) -> None:
    """Make every account through the product's own doors, write `FILE`, state the digest of the notes."""
    with _as_a_command(station):
        invited = [_made(station, citizens, guise) for guise in _GUISES]
    _write(station.settings.folder / FILE, invited)
    station.state_access()


def visitors_of(folder: Path) -> tuple[Visitor, ...]:
    """Return what was written at the load; raises `OSError`, `ValueError` where nothing whole was."""
    read = json.loads((folder / FILE).read_text("utf-8"))
    return tuple(Visitor(**{**each, "recovery": tuple(each["recovery"])}) for each in read)


@contextmanager
def _as_a_command(station: Station) -> Iterator[None]:
    """Have everything written meanwhile noted as a command of the operator's, which loading a city is."""
    token = ASKING.set(Asking(operation="daodi demo", request_id=""))
    try:
        station.accesses.note_command()
        yield
    finally:
        ASKING.reset(token)


def _made(station: Station, citizens: Citizens, guise: _Guise) -> Visitor:
    """Make one account: invited, its password set by the invitation, its second factor enrolled."""
    party = None if guise.party is None else guise.party(citizens)
    new = AccountNew(name=guise.name, shown=guise.shown, roles=frozenset({guise.role}), party=party)
    invited, password = administering.add(station, new), _password(station)
    account_work.accept_invitation(station, (invited.link or "").rpartition("/")[2], password)
    factor: tuple[str | None, tuple[str, ...]] = (None, ())
    if needs_factor(new.roles):
        factor = _enrolled(station, invited.account.account_id)
    return Visitor(
        name=guise.name, role=guise.role.value, page=guise.page,
        password=password, secret=factor[0], recovery=factor[1],
    )  # fmt: skip


def _password(station: Station) -> str:
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in station.randomness(_SIZE))
    return "-".join(letters[begin : begin + 4] for begin in range(0, _SIZE, 4))


def _enrolled(station: Station, account: str) -> tuple[str, tuple[str, ...]]:
    """Enrol a second factor without its first code: nobody is there yet to show one."""
    now_ms = station.clock()

    def work(session: Session) -> tuple[str, tuple[str, ...]]:
        row = accounts.standing(session, account)
        secret = second_factor.draw(session, station.vault, row, now_ms, station.randomness)
        row.factor_ms = now_ms
        session.add(row)
        recovery = second_factor.new_recovery_codes(session, account, station.randomness)
        return second_factor.secret_text(secret), tuple(recovery)

    return station.writer.submit(work)


def _write(path: Path, visitors: list[Visitor]) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        json.dump([asdict(each) for each in visitors], file, ensure_ascii=False, indent=1)
