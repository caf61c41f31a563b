"""What people decide about a warning: acknowledge, snooze, explain, close with a reason, undo a close.

Everything decided is kept with who and when, and stated in the log without the person. A decision about a
warning that nobody was told of yet tells of it first: the log never closes what it has not opened.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from ledger.errors import Location
from ledger.plain_text import PlainText
from priceindex.governance.stating import Operator
from priceindex.warning.alerts.happenings import Event, Happening, Reason, Warned
from priceindex.warning.alerts.statements import is_stated, state_closed, state_decided, state_opened
from priceindex.warning.alerts.warning_store import add_event, history, row_of, standing, warning
from priceindex.warning.alerts.warning_tables import WarningRow
from priceindex.warning.warning_errors import SnoozePast, WarningEnded, WarningNotClosed, WarningTaken

Act = Literal["acknowledge", "snooze", "explain", "close", "reopen"]
LONGEST_SNOOZE_DAYS: Final = 60
_DAY_MS: Final = int(timedelta(days=1).total_seconds() * 1000)
_HAPPENING: Final = {
    "acknowledge": Happening.ACKNOWLEDGED,
    "snooze": Happening.SNOOZED,
    "explain": Happening.EXPLAINED,
    "close": Happening.CLOSED,
    "reopen": Happening.REOPENED,
}


class Decision(BaseModel):
    """One decision, as it is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: Act = Field(description="What is decided.")
    words: Annotated[PlainText, Field(min_length=2, max_length=2000)] | None = Field(
        None,
        description="Why; needed to explain, close and reopen. Of a public rule they are public: no names.",
    )
    reason: Reason | None = Field(None, description="Needed to close: it measures the rule's precision.")
    until: AwareDatetime | None = Field(None, description="Needed to snooze.")

    @field_validator("words", mode="before")
    @classmethod
    def _trimmed(cls, given: object) -> object:
        """Take off the blanks around words, so that blanks alone are no reason."""
        return (given.strip() or None) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _whole(self) -> "Decision":
        """Refuse what lacks, or has, a member that its act does not go with."""
        if (self.reason is not None) != (self.act == "close"):
            raise PydanticCustomError("reason_with_close", "reason goes with close, and with nothing else")
        if (self.until is not None) != (self.act == "snooze"):
            raise PydanticCustomError("until_with_snooze", "until goes with snooze, and with nothing else")
        if self.words is None and self.act in {"explain", "close", "reopen"}:
            raise PydanticCustomError("words_needed", "words are needed to explain, close and reopen")
        return self


def decide(
    session: Session,
    operator: Operator,
    warning_id: str,
    decision: Decision,
    person: str,
    at_ms: int,
    *,
    regulator: bool,
) -> Warned:
    """Carry out one decision of `person` and return where the warning stands.

    Raises `UnknownWarning` where there is none that the caller may see, `WarningEnded`, `WarningNotClosed`,
    `WarningTaken`, `SnoozePast`.
    """
    row = row_of(session, warning_id, regulator=regulator)
    old = warning(session, warning_id, regulator=True)
    _require_possible(session, old, decision, at_ms)
    if not is_stated(old):
        old = _tell(session, operator, row, old, at_ms)
    event = Event(
        number=old.events + 1,
        kind=_HAPPENING[decision.act],
        at_ms=at_ms,
        state=old.state,
        reason=decision.reason,
        words=decision.words,
        by_name=person,
        until_ms=None if decision.until is None else _ms(decision),
    )
    closes = event.kind is Happening.CLOSED
    state = state_closed if closes else state_decided
    named = state(session, operator, row, event)
    done = add_event(session, old, replace(event, statement_id=named))
    session.flush()
    return done


def _require_possible(session: Session, old: Warned, decision: Decision, at_ms: int) -> None:
    at = Location(field="warning", value=old.warning_id)
    if decision.act == "reopen":
        if old.open or old.reason is None:
            raise WarningNotClosed(at=at, warning=old.warning_id)
        newest = standing(session, old.family)[old.key]
        if newest.warning_id != old.warning_id:  # the rules look at the newest alone: nobody would end it
            raise WarningTaken(at=at, warning=old.warning_id, other=newest.warning_id)
    elif not old.open and decision.act != "explain":
        raise WarningEnded(at=at, warning=old.warning_id)
    if decision.until is not None and not at_ms < _ms(decision) <= at_ms + LONGEST_SNOOZE_DAYS * _DAY_MS:
        raise SnoozePast(at=Location(field="until"), days=LONGEST_SNOOZE_DAYS)


def _tell(session: Session, operator: Operator, row: WarningRow, old: Warned, at_ms: int) -> Warned:
    first = history(session, old.warning_id)[0]
    event = Event(
        number=old.events + 1,
        kind=Happening.TOLD,
        at_ms=at_ms,
        state=old.state,
        release_id=old.release_id,
    )
    told = state_opened(session, operator, row, event, first.evidence)
    done = add_event(
        session,
        old,
        replace(event, statement_id=told),
        evidence=first.evidence,
        evidence_private=first.evidence_private,
    )
    session.flush()
    return done


def _ms(decision: Decision) -> int:
    return 0 if decision.until is None else int(decision.until.timestamp() * 1000)
