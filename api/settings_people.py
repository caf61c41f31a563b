"""Settings of people and their requests: sessions, sign-in and what follows of both."""

from pydantic import Field
from pydantic_settings import BaseSettings

RATE = r"^[1-9]\d{0,6}/(second|minute|hour|day)$"
"""A count and a unit of time."""


class PeopleSettings(BaseSettings):
    """What concerns the people who sign in; `api.settings.Settings` has all of these too."""

    session_idle_minutes: int = Field(
        30, ge=1, le=24 * 60, description="Minutes without a request after which a session ends."
    )
    session_hours: int = Field(
        12, ge=1, le=24 * 31, description="Hours after the sign-in at which a session ends in any case."
    )
    sign_in_failures: int = Field(
        5,
        ge=3,
        le=100,
        description="Failed sign-ins to one account within 15 minutes after which it is locked for 15 "
        "minutes, and for twice as long each next time.",
    )
    sign_in_address_failures: int = Field(
        20,
        ge=5,
        le=10_000,
        description="Failed sign-ins from one address within 15 minutes after which it is locked likewise: "
        "more than for an account, since a whole office may share an address.",
    )
    invitation_hours: int = Field(
        72, ge=1, le=24 * 31, description="Hours for which the link in an invitation may be used."
    )
    key_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="Days after which an API key expires that a person made without naming a day.",
    )
    request_key_hours: int = Field(
        48,
        ge=24,
        le=24 * 31,
        description="Hours for which the answer to a request with an `Idempotency-Key` is kept.",
    )
    read_rate: str = Field(
        "6000/minute",
        pattern=RATE,
        description="How often one token, or one address without a token, may read from the API, as "
        "count/unit.",
    )
    write_rate: str = Field(
        "3000/minute",
        pattern=RATE,
        description="How often one token, or one address without a token, may write to the API, as "
        "count/unit; statements signed outside are held by DAODI_MOST_PENDING alone.",
    )
    most_upload_rows: int = Field(
        5000,
        ge=100,
        le=100_000,
        description="How many rows of steps one upload may bring, each 1,000 packs counted as a row more; "
        "`daodi import` where no service runs takes 100,000.",
    )
