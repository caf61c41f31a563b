"""The tables of what is noted of access: the notes, and the statements that hold their digests."""

from sqlalchemy import BigInteger, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

_SERIAL = BigInteger().with_variant(Integer, "sqlite")


class AccessNoteRow(SQLModel, table=True):
    """One write, one private reading, or one refusal of somebody known; never changed, never deleted.

    Triggers of both databases refuse UPDATE and DELETE. No name and no network address stands in it.
    """

    __tablename__ = "api_access_note"

    number: int | None = Field(default=None, primary_key=True, sa_type=_SERIAL)
    at_ms: int = Field(sa_type=BigInteger)
    kind: str = Field(max_length=12)
    """A word of `api.access.noting.Kind`."""
    who: str = Field(max_length=64)
    """Account id, prefix of a token, `command`, or `public`."""
    party: str | None = Field(default=None, max_length=18)
    """The party it spoke for; None: not bound."""
    operation: str = Field(max_length=120)
    """Method and route template, or the words of a command."""
    objects: str = Field(sa_type=Text)
    """What the address named, as canonical JSON."""
    status: int | None = Field(default=None)
    """HTTP status; None where the note was written together with what it tells of."""
    request_id: str = Field(max_length=64)


class AccessDigestRow(SQLModel, table=True):
    """A digest of a run of notes, as the log states it."""

    __tablename__ = "api_access_digest"

    last: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """Number of the last note in it."""
    first: int = Field(sa_type=BigInteger)
    notes: int = Field(sa_type=BigInteger)
    made_ms: int = Field(sa_type=BigInteger)
    sha256: bytes = Field(sa_type=LargeBinary)
    statement_id: str = Field(max_length=200)
