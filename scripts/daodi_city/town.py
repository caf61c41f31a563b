"""The town while it is being loaded: what stands ready for whoever acts in it, and codes found by place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlmodel import Session, select

from api.station import Station
from daodi_city.pen import DatedStep, Picked
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_batch, codes_of_lot
from trace.coding.code_tables import CodeBatchRow
from trace.coding.code_words import Level
from trace.recalls.hold_world import Role
from trace.recalls.persons import Person
from trace.steps import StepNew

T = TypeVar("T")


class CityClock:
    """The city's own time, set by the loader; reads like any clock."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        """Return epoch milliseconds."""
        return self.now_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRoll:
    """Codes issued to a firm ahead of use: printed on a roll, activated only by packing."""

    name: str
    party: str
    count: int
    issued_ms: int
    level: Level = Level.PACK


@dataclass(slots=True, kw_only=True)
class Town:
    """A service that is being loaded, and the names under which its acts find each other's work."""

    station: Station
    clock: CityClock
    rolls: Sequence[CodeRoll]
    boxes: CodeRoll
    noted: dict[str, str] = field(default_factory=dict)
    """Ids that the service gave, by the names the acts use."""

    def write(self, work: Callable[[Session], T]) -> T:
        """Do `work` in a transaction of its own."""
        return self.station.writer.submit(work)

    def spelt(self, session: Session, dated: DatedStep) -> StepNew:
        """Return a step with the codes it means written out."""
        step, keys = dated.step, self.station.code_keys
        told: dict[str, object] = {}
        if dated.picked is not None:
            told["codes"] = tuple(picked_codes(session, dated.picked, self.boxes, keys))
        if dated.container is not None:
            told["container"] = roll_codes(session, self.boxes, keys)[dated.container]
        if dated.roll is not None:
            roll = next(each for each in self.rolls if each.name == dated.roll)
            told["batch"] = batch_of(session, roll).batch_id
        return step.model_copy(update=told) if told else step


class Act(Protocol):
    """Something that is done in the town and is no step."""

    @property
    def at_ms(self) -> int:
        """When it is done."""

    def do(self, town: Town) -> None:
        """Do it, through the product's own doors."""


def official(party: str, letter: str) -> Person:
    """Return a person of the regulator, known by role and letter only."""
    return Person(role=Role.REGULATOR, party=party, name=f"监管员{letter}", token=f"demo-reg-{letter}")


def owner(party: str, letter: str = "甲") -> Person:
    """Return a person of a firm, known by role and letter only."""
    return Person(role=Role.OWNER, party=party, name=f"质量员{letter}", token=f"demo-own-{letter}")


def batch_of(session: Session, roll: CodeRoll) -> CodeBatchRow:
    """Return the batch of codes that a roll carries."""
    wanted = select(CodeBatchRow).where(
        CodeBatchRow.party == roll.party,
        CodeBatchRow.issued_ms == roll.issued_ms,
        CodeBatchRow.level == roll.level.value,
    )
    return session.exec(wanted).one()


def roll_codes(session: Session, roll: CodeRoll, code_keys: CodeKeys) -> list[str]:
    """Return the codes of a roll in the order in which they are printed on it."""
    return list(codes_of_batch(batch_of(session, roll), code_keys))


def picked_codes(session: Session, picked: Picked, boxes: CodeRoll, code_keys: CodeKeys) -> list[str]:
    """Return the codes of the packs or boxes that a step means."""
    if picked.boxes:
        codes = roll_codes(session, boxes, code_keys)
        return [codes[place] for place in picked.boxes]
    packs = list(codes_of_lot(session, picked.lot or "", code_keys))
    return packs[picked.first : picked.first + picked.count]
