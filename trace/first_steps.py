"""How far a party has come with its first five steps: computed from what is on record, never ticked off."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from trace.coding.code_tables import CodeBatchRow
from trace.tables import PlaceRow, StepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """What of the first-run guide is done; that the party is registered goes without saying."""

    place: bool
    first: bool
    """A first step is recorded, and with it a lot."""
    second: bool
    labels: bool
    """A batch of codes is ordered."""

    @property
    def done(self) -> tuple[bool, ...]:
        """The five steps in their order."""
        return (True, self.place, self.first, self.second, self.labels)

    @property
    def complete(self) -> bool:
        """Whether the guide has nothing more to say."""
        return all(self.done)


def first_steps(session: Session, party: str) -> FirstSteps:
    """Return how far `party` (a USCC) has come."""
    steps = select(StepRow.step_id).where(StepRow.party == party, col(StepRow.voided_by).is_(None)).limit(2)
    recorded = session.exec(select(func.count()).select_from(steps.subquery())).one()
    return FirstSteps(
        place=session.exec(select(PlaceRow.place_id).where(PlaceRow.party == party).limit(1)).first()
        is not None,
        first=recorded > 0,
        second=recorded > 1,
        labels=session.exec(select(CodeBatchRow.batch_id).where(CodeBatchRow.party == party).limit(1)).first()
        is not None,
    )
