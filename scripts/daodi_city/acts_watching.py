"""Acts of those who watch over the trade: scores, a draw, inspections, a complaint."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from daodi_city.pen import Picked
from daodi_city.town import Town, picked_codes
from trace.coding.code_reading import code_state
from trace.integrity.complaints import ComplaintNew, DecisionNew, answer, decide, file_complaint
from trace.integrity.drawing import commitment
from trace.integrity.draws import DrawNew, announce, make
from trace.integrity.inspections import InspectionNew, find
from trace.integrity.periods import period
from trace.integrity.scoring import score_period

_DRAW = "draw"
_SEED = hashlib.sha256(b"daodi demo city: the seed of its one draw").digest()
"""A real draw's seed is random and secret until it is made; this one is the same in every demonstration."""
MARGIN = 8
"""Entries between the announcement and the root it awaits: the fewest the product allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePeriod:
    """Everybody is scored for a year or a quarter."""

    at_ms: int
    period: str

    def do(self, town: Town) -> None:
        """Score and state it."""
        declarer = town.station.recorder.declarer
        town.write(lambda session: score_period(session, declarer, period(self.period), self.at_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceDraw:
    """The regulator states whom it may draw, with what odds, and the hash of its seed."""

    at_ms: int
    by: str
    period: str
    parties: int
    inspectors: tuple[str, ...]

    def do(self, town: Town) -> None:
        """Announce it, once everything stated so far is in the log."""
        new = DrawNew(
            period=self.period,
            commitment=commitment(_SEED),
            inspectors=self.inspectors,
            parties=self.parties,
            margin=MARGIN,
        )
        declarer = town.station.recorder.declarer
        town.station.settle()
        town.noted[_DRAW] = town.write(lambda session: announce(session, declarer, new, self.by, self.at_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDraw:
    """The seed is revealed and the parties are drawn, by a root that nobody knew when it was announced."""

    at_ms: int
    by: str

    def do(self, town: Town) -> None:
        """Draw; whom it hit is noted as `drawn/0` and so on."""
        declarer, draw = town.station.recorder.declarer, town.noted[_DRAW]
        town.station.settle()
        made = town.write(lambda session: make(session, declarer, draw, _SEED, self.by, self.at_ms))
        for place, picked in enumerate(made.picks):
            town.noted[f"drawn/{place}"] = picked.party


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect:
    """A drawn party is inspected."""

    at_ms: int
    by: str
    drawn: int
    """Which of those drawn."""
    outcomes: tuple[tuple[str, str], ...]
    """What was looked at, and what was found."""
    points: int = 0
    due_ms: int | None = None
    follows: int | None = None
    """The drawn party whose earlier inspection this one follows up."""

    def do(self, town: Town) -> None:
        """Enter what was found."""
        new = InspectionNew.model_validate(
            {
                "party": town.noted[f"drawn/{self.drawn}"],
                "subjects": [{"subject": subject, "outcome": outcome} for subject, outcome in self.outcomes],
                "points": self.points,
                "role": "示例·监管所流通科",
                "inspectors": "检查员甲、检查员乙",
                "due_ms": self.due_ms,
                "draw": town.noted[_DRAW],
                "follows": None if self.follows is None else town.noted[f"inspected/{self.follows}"],
            }
        )
        declarer = town.station.recorder.declarer
        found = town.write(lambda session: find(session, declarer, new, self.by, self.at_ms))
        town.noted[f"inspected/{self.drawn}"] = found


@dataclass(frozen=True, slots=True)
class Replied:
    """What the firm says to a complaint."""

    at_ms: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How the regulator decides a complaint: it was right."""

    at_ms: int
    regulator: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complain:
    """Somebody complains about a pack by its code; the firm may answer, the regulator may decide."""

    at_ms: int
    pack: Picked
    category: str
    words: str
    by: str
    """USCC of the firm."""
    replied: Replied | None = None
    judged: Judged | None = None

    def do(self, town: Town) -> None:
        """File it, have it answered and decided."""
        declarer = town.station.recorder.declarer
        filed = town.write(lambda session: self._file(session, town))
        replied, judged = self.replied, self.judged
        if replied is not None:
            town.write(
                lambda session: answer(session, declarer, filed, replied.words, self.by, replied.at_ms)
            )
        if judged is not None:
            decision = DecisionNew(upheld=True, points=judged.points, reason=judged.reason)
            town.write(
                lambda session: decide(session, declarer, filed, decision, judged.regulator, judged.at_ms)
            )

    def _file(self, session: Session, town: Town) -> str:
        keys = town.station.code_keys
        code = picked_codes(session, self.pack, town.boxes, keys)[0]
        new = ComplaintNew.model_validate(
            {"category": self.category, "words": self.words, "code": code, "party": self.by}
        )
        lot = code_state(session, code, keys).lot_id
        declarer = town.station.recorder.declarer
        return file_complaint(session, declarer, new, self.at_ms, lot_of_code=lot)
