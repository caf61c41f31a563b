"""What a running process holds for people: how long sessions last, the password hasher, the token keys."""

from dataclasses import dataclass
from typing import Final, Self

from api.accounts.lockout import Limits
from api.accounts.passwords import Passwords
from api.accounts.sessions import Lifetimes
from api.accounts.sightings import Sightings
from api.accounts.token_keys import TokenKeys
from api.settings import Settings
from api.writer import Writer

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class People:
    """The parts that signing in and being signed in need."""

    lifetimes: Lifetimes
    limits: Limits
    passwords: Passwords
    token_keys: TokenKeys
    sightings: Sightings
    invitation_ms: int

    @classmethod
    def of(cls, settings: Settings, writer: Writer) -> Self:
        """Put the parts together; nothing is read yet."""
        return cls(
            lifetimes=Lifetimes(
                idle_ms=settings.session_idle_minutes * _MINUTE_MS, whole_ms=settings.session_hours * _HOUR_MS
            ),
            limits=Limits(account=settings.sign_in_failures, address=settings.sign_in_address_failures),
            passwords=Passwords(),
            token_keys=TokenKeys(settings.keys_folder),
            sightings=Sightings(lambda work: writer.promise(work, own=True)),
            invitation_ms=settings.invitation_hours * _HOUR_MS,
        )
