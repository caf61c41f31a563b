"""Mock recalls 模拟召回: what a recall of these lots would find, found without freezing anything.

The parts are functions of their own so that whoever runs the drill times each; how long they took is
told to `state_drill`, since nothing here reads a clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.errors import Location
from trace.declaring import Declarer
from trace.errors import UnknownLot
from trace.recalls.closure import Closure, closure_of
from trace.recalls.drill_applying import apply_recall_drilled
from trace.recalls.hold_stating import acting, new_id, state
from trace.recalls.hold_targets import maker_of
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.persons import Person
from trace.recalls.portions import Portion, shares
from trace.recalls.recall_errors import NotYourGoods


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillFound:
    """What a recall would have found."""

    named: tuple[str, ...]
    closure: Closure
    portions: tuple[Portion, ...]

    @property
    def holders(self) -> int:
        """Parties that would have been notified."""
        return len({portion.holder for portion in self.portions if portion.holder})


def find_closure(session: Session, named: Sequence[str]) -> Closure:
    """Return the lots a recall of `named` would cover; raises `UnknownLot`."""
    for lot in named:
        if maker_of(session, lot) is None:
            raise UnknownLot(lot=lot, at=Location(field="lots", value=lot))
    return closure_of(session, named)


def require_part(session: Session, found: DrillFound, person: Person) -> None:
    """Raise `NotYourGoods` for an owner who neither made a named lot nor has any of the goods.

    How much of a rival's goods is where would otherwise be anybody's to ask.
    """
    if person.role is not Role.OWNER:
        return
    parties = {portion.holder for portion in found.portions} | {maker_of(session, lot) for lot in found.named}
    if person.party not in parties:
        kind = HoldKind.LOT
        raise NotYourGoods(party=person.party, kind_zh=kind.zh, kind_en=kind.en, target=found.named[0])


def state_drill(
    session: Session,
    declarer: Declarer,
    found: DrillFound,
    phases_us: Mapping[str, int],
    person: Person,
    at_ms: int,
) -> str:
    """State that a mock recall was held, what it found and how long each part took; returns its id."""
    drill_id = new_id(declarer)
    every: Iterable[Portion] = found.portions
    held = shares(every).values()
    named: list[JsonValue] = [*found.named]
    public: dict[str, JsonValue] = {
        "drill": drill_id,
        "named": named,
        "root": found.closure.root,
        "lots": len(found.closure.lots),
        "packs": sum(share.packs for share in held),
        "grams": sum(share.grams for share in held),
        "holders": found.holders,
        "phases_us": dict(phases_us),
        **acting(person),
    }
    state(
        session,
        declarer,
        apply_recall_drilled,
        kind="recall.drilled",
        subject=f"drill/{drill_id}",
        public=public,
        person=person,
        at_ms=at_ms,
    )
    return drill_id
