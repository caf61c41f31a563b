"""Carrying out what was planned: warnings opened, raised, lowered, ended, gathered, and some of them told.

The week's budget is kept here: what is beyond it is opened and waits, nobody is told and the log is not,
until a later look finds room. Nothing commits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from ledger.canonical import canonical
from priceindex.governance.stating import Operator
from priceindex.warning.alerts.gathering import class_key, class_sightings
from priceindex.warning.alerts.happenings import CLASS_FORM, Event, Happening, Key, Warned
from priceindex.warning.alerts.planning import WEEK_MS, Change, changes, order_of_attention
from priceindex.warning.alerts.statements import is_stated, state_closed, state_opened
from priceindex.warning.alerts.warning_store import add_event, row_of, standing, told_since
from priceindex.warning.alerts.warning_tables import WarningRow
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import RuleBook
from priceindex.warning.sightings import Evidence, Sighting

_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one family: what was seen, from which release, and when."""

    family: str
    release_id: str
    seen: Sequence[Sighting]
    there: frozenset[tuple[str, str]]
    """The (level, node) the index has."""
    at_ms: int
    book: RuleBook
    chance: Callable[[int], bytes]
    scored: Mapping[Key, bool] | None = None
    """Of the keys with a row, which had a score lately; None where that was not looked at."""


@dataclass(slots=True)
class _Desk:
    """What one look works with."""

    session: Session
    operator: Operator
    look: Look
    warned: dict[Key, Warned]
    seen: Mapping[Key, Sighting]
    happened: dict[Happening, list[Warned]] = field(default_factory=dict)


def carry_out(session: Session, operator: Operator, look: Look) -> dict[Happening, list[Warned]]:
    """Bring a family's warnings up to what was seen; returns what happened to which.

    Run again with the same sightings it does nothing, save that there may be room to tell more.
    """
    seen = [*look.seen, *class_sightings(look.seen, look.book.life)]
    warned = standing(session, look.family)
    desk = _Desk(session, operator, look, warned, {one.key: one for one in seen})
    for change in changes(seen, warned, look.book.life, look.at_ms, look.there, look.scored):
        _change(desk, change)
    _gather(desk)
    _tell(desk)
    session.flush()
    return desk.happened


def _change(desk: _Desk, change: Change) -> None:
    if change.kind is Happening.OPENED:
        _open(desk, change)
        return
    old = desk.warned[change.key]
    # What is over keeps the state it had: that is how bad it was.
    state = old.state if change.kind is Happening.ENDED else change.state
    event = _event(desk, old, change.kind, state)
    if change.kind is Happening.ENDED and is_stated(old):
        row = row_of(desk.session, old.warning_id, regulator=True)
        event = _stated(event, state_closed(desk.session, desk.operator, row, event))
    _write(desk, old, event, change.sighting if change.kind is not Happening.ENDED else None)


def _open(desk: _Desk, change: Change) -> None:
    look, before = desk.look, desk.warned.get(change.key)
    row = WarningRow(
        warning_id=f"warning-{look.chance(_ID_BYTES).hex()}",
        family=look.family,
        level=change.key.level,
        node=change.key.node,
        rule=change.key.rule,
        form=change.key.form,
        episode=1 if before is None else before.episode + 1,
        visible=look.book.rule(change.key.rule).visible,
        rules_sha256=look.book.sha256,
        opened_ms=look.at_ms,
        salt=look.chance(_ID_BYTES),
    )
    desk.session.add(row)
    desk.session.flush()
    fresh = Warned(
        warning_id=row.warning_id,
        family=row.family,
        key=change.key,
        episode=row.episode,
        visible=row.visible,
        rules_sha256=row.rules_sha256,
        opened_ms=row.opened_ms,
    )
    _write(desk, fresh, _event(desk, fresh, Happening.OPENED, change.state), change.sighting)


def _gather(desk: _Desk) -> None:
    """Put the herbs of a class beneath its warning, and let them stand by themselves when it is over."""
    tops = {key: one for key, one in desk.warned.items() if key.form == CLASS_FORM}
    for key, one in list(desk.warned.items()):
        sighting = desk.seen.get(key)
        above = None if sighting is None else class_key(sighting)
        top = None if above is None or key.form == CLASS_FORM else tops.get(above)
        # What is worse than its class's warning is not to be buried beneath it.
        into = top.warning_id if top is not None and top.open and one.state <= top.state else None
        if not one.open or one.gathered_into == into or (sighting is None and into is None):
            continue
        kind = Happening.SINGLED if into is None else Happening.GATHERED
        _write(desk, one, _event(desk, one, kind, one.state, into=into), None)


def _tell(desk: _Desk) -> None:
    """Tell as many as there is room for, what deserves attention most first.

    Lesser warnings told earlier take no room from a crisis: a source could open them to bury it.
    """
    ranks = {rule.id: place for place, rule in enumerate(desk.look.book.rules)}
    waiting = [(desk.seen[key], one) for key, one in desk.warned.items() if one.waiting and key in desk.seen]
    waiting.sort(key=lambda pair: order_of_attention(pair[0], ranks))
    room, room_of_crises = _room(desk), _room(desk, State.CRISIS)
    for sighting, one in waiting:
        crisis = one.state == State.CRISIS
        if room <= 0 and not (crisis and room_of_crises > 0):
            continue
        room, room_of_crises = room - 1, room_of_crises - crisis
        row = row_of(desk.session, one.warning_id, regulator=True)
        event = _event(desk, one, Happening.TOLD, one.state)
        evidence = _text(sighting.evidence())
        told = state_opened(desk.session, desk.operator, row, event, evidence)
        private = None if sighting.private is None else _text(sighting.private())
        _write_row(desk, one, _stated(event, told), evidence, private)


def _room(desk: _Desk, state: State | None = None) -> int:
    """How many people may still be told of in these seven days, of all families together.

    With `state` beside those only that were in it when people were told.
    """
    told = told_since(desk.session, desk.look.at_ms - WEEK_MS, state)
    return max(0, desk.look.book.life.told_per_week - told)


def _event(desk: _Desk, one: Warned, kind: Happening, state: State, *, into: str | None = None) -> Event:
    return Event(
        number=one.events + 1,
        kind=kind,
        at_ms=desk.look.at_ms,
        state=state,
        release_id=desk.look.release_id,
        into=into,
    )


def _write(desk: _Desk, one: Warned, event: Event, sighting: Sighting | None) -> None:
    evidence = None if sighting is None else _text(sighting.evidence())
    private = None if sighting is None or sighting.private is None else _text(sighting.private())
    _write_row(desk, one, event, evidence, private)


def _write_row(desk: _Desk, one: Warned, event: Event, evidence: str | None, private: str | None) -> None:
    now = add_event(desk.session, one, event, evidence=evidence, evidence_private=private)
    desk.warned[one.key] = now
    desk.happened.setdefault(event.kind, []).append(now)


def _stated(event: Event, statement_id: str) -> Event:
    return replace(event, statement_id=statement_id)


def _text(evidence: Evidence) -> str:
    return canonical(evidence).decode()
