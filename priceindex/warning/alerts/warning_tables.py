"""The tables of warnings: what was opened, everything that happened to it, and what the operator entered.

Nothing in them is ever changed: where a warning stands is read off its events, the newest last.
"""

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from priceindex.tables import SERIAL


class WarningRow(SQLModel, table=True):
    """One episode of one rule for one subject. Append-only."""

    __tablename__ = "price_warning"
    __table_args__ = (UniqueConstraint("family", "level", "node", "rule", "form", "episode"),)

    warning_id: str = Field(primary_key=True, max_length=40)
    """`warning-` and 32 hex digits of chance: it tells nothing of the subject."""
    family: str = Field(max_length=40)
    level: str = Field(max_length=12)
    node: str = Field(max_length=100)
    """As in the family's tree; of a market `herb|grade|origin|market`, of a source its name."""
    rule: str = Field(max_length=40)
    form: str = Field(max_length=8)
    """`single`, or `class` where it gathers the warnings of a class's herbs."""
    episode: int
    """1 for the first of this subject, rule and form: the constraint keeps two processes from opening one."""
    visible: str = Field(max_length=10)
    """`public` or `regulator`."""
    rules_sha256: str = Field(max_length=64)
    opened_ms: int = Field(index=True, sa_type=BigInteger)
    salt: bytes = Field(sa_type=LargeBinary)
    """16 bytes that keep the digest of what is regulator-only from being guessed."""


class WarningEventRow(SQLModel, table=True):
    """Something that happened to a warning. Append-only."""

    __tablename__ = "price_warning_event"
    __table_args__ = (Index("ix_price_warning_event_warning", "warning_id", "number", unique=True),)

    event_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    warning_id: str = Field(foreign_key="price_warning.warning_id", max_length=40)
    number: int
    """1 for the warning's first event, and so on."""
    kind: str = Field(max_length=14)
    """A value of `priceindex.warning.alerts.happenings.Happening`."""
    at_ms: int = Field(index=True, sa_type=BigInteger)
    state: str = Field(max_length=8)
    """How bad it was from then on: a word of `priceindex.warning.hysteresis.State`."""
    release_id: str | None = Field(default=None, max_length=100)
    """The release whose numbers led to it; None for what people did."""
    reason: str | None = Field(default=None, max_length=12)
    """Why a person closed it."""
    words: str | None = Field(default=None, sa_type=Text)
    by_name: str | None = Field(default=None, max_length=200)
    until_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Of a snooze: until when."""
    into: str | None = Field(default=None, max_length=40)
    """Of a gathering: the class's warning beneath which it stands."""
    evidence: str | None = Field(default=None, sa_type=Text)
    """Canonical JSON of the numbers behind it; may be shown to whoever may see the warning."""
    evidence_private: str | None = Field(default=None, sa_type=Text)
    """The same of what only regulators see: the sources' shares."""
    statement_id: str | None = Field(default=None, max_length=200)
    """The statement that committed to it; None for what is not stated."""


class WarningWatchRow(SQLModel, table=True):
    """That a release was watched by a text of rules on a day: done once. Append-only."""

    __tablename__ = "price_warning_watch"

    release_id: str = Field(primary_key=True, max_length=100)
    rules_sha256: str = Field(primary_key=True, max_length=64)
    day: int = Field(primary_key=True, sa_type=BigInteger)
    """The day it was watched on, days since 1970-01-01: prices grow stale by the day."""
    watched_ms: int = Field(sa_type=BigInteger)
    outcome: str = Field(sa_type=Text)
    """Canonical JSON: for each rule how many subjects could be judged, and why others not."""


class WarningDigestRow(SQLModel, table=True):
    """That a day's digest went out. Append-only."""

    __tablename__ = "price_warning_digest"

    day: int = Field(primary_key=True, sa_type=BigInteger)
    made_ms: int = Field(sa_type=BigInteger)
    body: str = Field(sa_type=Text)
    """Canonical JSON of its public part and the bare count of the rest."""


class HealthHerbRow(SQLModel, table=True):
    """A herb entered on, or taken off, the public-health list. Append-only; the newest line counts."""

    __tablename__ = "price_warning_health"

    line_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    herb: str = Field(index=True, max_length=40)
    listed: bool
    source: str = Field(max_length=400)
    """The paper that lists it, or why it was taken off."""
    by_name: str = Field(max_length=200)
    at_ms: int = Field(sa_type=BigInteger)


class GrainPriceRow(SQLModel, table=True):
    """The price of grain in one month, as the operator entered it. Append-only; the newest line counts."""

    __tablename__ = "price_warning_grain"

    line_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    month: int = Field(index=True)
    """Months since January 1970."""
    fen_per_kg: int = Field(sa_type=BigInteger)
    source: str = Field(max_length=400)
    by_name: str = Field(max_length=200)
    at_ms: int = Field(sa_type=BigInteger)
