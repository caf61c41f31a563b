"""Acts about papers: documents kept by their hash, labels printed and spoiled, a weight put right."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session, select

from api.documents import take_in_document
from daodi_city.town import CodeRoll, Town, batch_of
from trace.coding.code_words import CodeStatus
from trace.coding.status_changes import change_status, mark_printed
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.documents.documents import DocumentKind, DocumentNew
from trace.profiles import Visibility
from trace.sensors.sensing import Quantity
from trace.steps import StepNew
from trace.tables import DeliveryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDocument:
    """A party uploads a file in the open."""

    at_ms: int
    party: str
    kind: DocumentKind
    title: str
    body: bytes
    lots: tuple[str, ...] = ()
    quantity: Quantity | None = None
    """What a series of readings measured."""

    @property
    def sha256(self) -> str:
        """The name under which the file is kept."""
        return hashlib.sha256(self.body).hexdigest()

    def do(self, town: Town) -> None:
        """Keep the file and state it."""
        town.clock.now_ms = self.at_ms
        new = DocumentNew(
            party=self.party,
            kind=self.kind,
            title=self.title,
            visibility=Visibility.PUBLIC,
            lots=self.lots,
        )
        take_in_document(town.station, new, (self.body,), "text/csv", self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRoll:
    """Codes are issued to a firm, to be printed on a roll."""

    roll: CodeRoll

    @property
    def at_ms(self) -> int:
        """When they are issued."""
        return self.roll.issued_ms

    def do(self, town: Town) -> None:
        """Issue them."""
        roll, recorder = self.roll, town.station.recorder
        town.write(
            lambda session: recorder.issue_codes(session, roll.party, roll.count, roll.issued_ms, roll.level)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRoll:
    """A roll is printed, and its last labels come out spoiled."""

    at_ms: int
    roll: CodeRoll
    spoiled: int

    def do(self, town: Town) -> None:
        """State both."""
        declarer, keys, roll = town.station.recorder.declarer, town.station.code_keys, self.roll

        def work(session: Session) -> None:
            batch = batch_of(session, roll)
            last = batch.first_serial + batch.count - 1
            mark_printed(
                session, declarer, keys, batch.batch_id, 0, roll.count, by=roll.party, at_ms=self.at_ms
            )
            spoiled = [(last - self.spoiled + 1, last)]
            change_status(
                session, declarer, keys, CodeStatus.SPOILED, spoiled,
                by=roll.party, at_ms=self.at_ms, reason="misprint",
            )  # fmt: skip

        town.write(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStep:
    """A party finds that it had recorded a wrong weight, and states the right one."""

    at_ms: int
    wrong: str
    """The party's own id of the step that is wrong."""
    instead: StepNew

    def do(self, town: Town) -> None:
        """Declare the step wrong and put the right one in its place."""
        corrector = Corrector(recorder=town.station.recorder, by=self.instead.party)
        asked = CorrectionNew(reason=Reason.INCORRECT_DATA, instead=self.instead, note="称重数字抄写颠倒")

        def work(session: Session) -> None:
            wrong = select(DeliveryRow.step_id).where(DeliveryRow.client_id == self.wrong)
            corrector.correct(session, session.exec(wrong).one(), asked, self.at_ms)

        town.write(work)
