"""What a party says when it corrects a step, and what it is answered."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from ledger.plain_text import PlainText
from trace.findings import Finding
from trace.steps import StepNew
from trace.vocabulary import Word


class Reason(Word):
    """Why a step is declared wrong: the error reasons of CBV 2.0."""

    DID_NOT_OCCUR = "did_not_occur", "未发生", "did not occur"
    INCORRECT_DATA = "incorrect_data", "数据有误", "incorrect data"


class CorrectionNew(BaseModel):
    """A correction as it is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    reason: Reason
    """Why the step is declared wrong."""
    instead: StepNew | None = None
    """What really happened: the whole step as it should have been recorded; none where nothing happened."""
    note: PlainText | None = Field(default=None, min_length=1, max_length=400)
    """How the error came about, for the regulator; enters the log as a salted digest only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a correction answers."""

    step_id: str
    """The step declared wrong."""
    statement_id: str
    """The correction's own statement; ask the ledger for its receipt."""
    reason: Reason
    corrective: str | None
    """The step in its place."""
    findings: tuple[tuple[str, Finding], ...]
    """What no longer fits, with the step that it is about."""
    lots: tuple[str, ...]
    """Lots whose state may have changed: tell whoever keeps pages of them."""
    replayed: bool
    """The same correction was made before: nothing was written now."""
