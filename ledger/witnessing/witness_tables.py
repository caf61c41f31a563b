"""The tables of what witnesses said: their cosignatures, the sizes they know, the policy in force."""

from typing import ClassVar

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel


class CosignatureRow(SQLModel, table=True):
    """One witness's cosignature of one checkpoint, verified before it was written."""

    __tablename__: ClassVar[str] = "ledger_cosignature"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """Size of the checkpoint."""
    vkey: str = Field(primary_key=True, sa_type=Text)
    """The witness's verifier key."""
    line: str = Field(sa_type=Text)
    """The signature line, ended by a line feed."""
    cosigned_ms: int = Field(sa_type=BigInteger)
    """The time the cosignature states."""


class WitnessRow(SQLModel, table=True):
    """The largest size of this log that a witness told us it knows."""

    __tablename__: ClassVar[str] = "ledger_witness"

    vkey: str = Field(primary_key=True, sa_type=Text)
    size: int = Field(sa_type=BigInteger)
    note: str | None = Field(default=None, sa_type=Text)
    """Its checkpoint of that size, when it showed one that this log's own key signed."""
    contradicts: bool = False
    """Whether that checkpoint bears our own signature over a root that our tree does not have."""
    told_ms: int = Field(sa_type=BigInteger)


class PolicyRow(SQLModel, table=True):
    """The policy in force, so that every process of a deployment publishes under the same one."""

    __tablename__: ClassVar[str] = "ledger_policy"

    policy_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Always 1: one policy is in force, or none."""
    text: str = Field(sa_type=Text)
    quorum_size: int = Field(sa_type=BigInteger)
    """The largest checkpoint whose quorum is met; 0 while there is none."""
