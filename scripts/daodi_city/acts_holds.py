"""Acts about goods that are stopped: a hold and its lifting by two, a recall and its holders, a drill."""

from dataclasses import dataclass

from api.drilling import drill
from daodi_city.town import Town
from trace.recalls.hold_targets import HoldNew
from trace.recalls.hold_world import HoldKind
from trace.recalls.holds import ask_to_lift, lift, place_hold
from trace.recalls.persons import Person
from trace.recalls.recall_ending import acknowledge
from trace.recalls.recalls import RecallNew, open_recall

_HOLD = "hold"
_RECALL = "recall"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """One authorised person stops a lot."""

    at_ms: int
    lot: str
    reason: str
    person: Person

    def do(self, town: Town) -> None:
        """Place the hold."""
        new = HoldNew(kind=HoldKind.LOT, target=self.lot, reason=self.reason)
        recorder = town.station.recorder
        placed = town.write(
            lambda session: place_hold(
                session, recorder.declarer, new, self.person, recorder.code_keys, self.at_ms
            )
        )
        town.noted[_HOLD] = placed.hold_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """Two persons set the lot free: one asks, another lifts."""

    asked_ms: int
    at_ms: int
    reason: str
    asking: Person
    lifting: Person

    def do(self, town: Town) -> None:
        """Ask for it, then lift it."""
        declarer, hold = town.station.recorder.declarer, town.noted[_HOLD]
        town.write(
            lambda session: ask_to_lift(session, declarer, hold, self.reason, self.asking, self.asked_ms)
        )
        town.write(lambda session: lift(session, declarer, hold, self.lifting, self.at_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecall:
    """A regulator has goods taken back, with all that was made from them."""

    at_ms: int
    lot: str
    grade: int
    reason: str
    document: str
    responsible: str
    """USCC of who takes the goods back."""
    person: Person

    def do(self, town: Town) -> None:
        """Open the recall: everything downstream is frozen at once and its holders are notified."""
        new = RecallNew.model_validate(
            {
                "lots": (self.lot,),
                "class": self.grade,
                "reason": self.reason,
                "document": self.document,
                "responsible": self.responsible,
            }
        )
        declarer = town.station.recorder.declarer
        opened = town.write(lambda session: open_recall(session, declarer, new, self.person, self.at_ms))
        town.noted[_RECALL] = opened.recall_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """A holder says that it knows of the recall."""

    at_ms: int
    person: Person

    def do(self, town: Town) -> None:
        """State it."""
        declarer, recall = town.station.recorder.declarer, town.noted[_RECALL]
        town.write(lambda session: acknowledge(session, declarer, recall, self.person, self.at_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDrill:
    """A firm tries out a recall: what would be found is found, timed and stated; nothing is frozen."""

    at_ms: int
    lot: str
    person: Person

    def do(self, town: Town) -> None:
        """Hold the drill."""
        town.clock.now_ms = self.at_ms
        drill(town.station, (self.lot,), self.person)
