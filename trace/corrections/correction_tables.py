"""Which steps were declared wrong, when and why."""

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class CorrectionRow(SQLModel, table=True):
    """One step declared wrong; a projection of the `correction` that says so."""

    __tablename__ = "trace_correction"

    step_id: str = Field(primary_key=True, foreign_key="trace_step.step_id", max_length=36)
    statement_id: str = Field(unique=True, max_length=200)
    reason: str = Field(max_length=16)
    """Key of `correction_words.Reason`."""
    corrective: str | None = Field(default=None, foreign_key="trace_step.step_id", max_length=36)
    """The step in its place."""
    declared_by: str | None = Field(default=None, max_length=18)
    """USCC of who declared it; None for the operator."""
    declared_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
