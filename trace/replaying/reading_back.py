"""From the event of a logged step back to the step: the inverse of `trace.events.event_of`.

What comes back is the step as it was resolved and stated. What only the party sent (its own id, the
codes as typed, private values) is in no event and does not come back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from ledger.canonical import JsonValue
from trace.profiles import profile
from trace.replaying.replaying_errors import UnreadableStatement
from trace.sensors.sensing import sensed_of
from trace.steps import Amount, FieldValue, Measured, Step
from trace.vocabulary import Form, Stage

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_USCC: Final = 18
_Read = TypeVar("_Read")


def step_of(event: Mapping[str, JsonValue], statement_id: str) -> Step:
    """Return the step an event tells of; raises `UnreadableStatement` naming the member at fault."""
    return _Event(event, statement_id).step()


@dataclass(frozen=True, slots=True)
class _Event:
    """An event being read; every fault names the statement it stands in."""

    members: Mapping[str, JsonValue]
    statement_id: str

    def step(self) -> Step:
        """Return the whole step."""
        stage = self._read("tcm:stage", lambda found: Stage(_text(found)))
        inputs, outputs, lots = self._lots(stage)
        at = self._read("eventTime", lambda found: datetime.fromisoformat(_text(found)))
        return Step(
            step_id=self._read("eventID", lambda found: _text(found).removeprefix("urn:uuid:")),
            client_id=None,
            stage=stage,
            party=self._party(self.members.get("tcm:party")),
            place=self._read("readPoint", lambda found: self._named("place", _members(found)["id"])),
            counterparty=self._counterparty(),
            event_ms=(at - _EPOCH) // timedelta(milliseconds=1),
            offset_minutes=self._read("eventTimeZoneOffset", lambda found: _minutes(_text(found))),
            inputs=inputs,
            outputs=outputs,
            lots=lots,
            public=self._maybe("tcm:fields", _fields) or {},
            private={},
            results=self._maybe("tcm:results", _results) or (),
            packs=self._maybe("tcm:packs", _whole),
            grams_per_pack=self._maybe("tcm:gramsPerPack", _whole),
            batch=self._maybe("tcm:codeBatch", _text),
            packs_named=self._maybe("tcm:codes", _ranges) or (),
            container=self._maybe("tcm:container", _whole),
            sensors=sensed_of([_members(each) for each in _list(self.members.get("sensorElementList", []))]),
        )

    def _lots(self, stage: Stage) -> tuple[tuple[Amount, ...], tuple[Amount, ...], tuple[Amount, ...]]:
        """Return inputs, outputs and lots; an observation has but one of them, which its stage tells."""
        described = self._maybe("tcm:lots", self._described) or {}
        if self.members.get("type") == "TransformationEvent":
            inputs = self._maybe("inputQuantityList", self._amounts) or ()
            return inputs, self._made(self._maybe("outputQuantityList", self._amounts) or (), described), ()
        listed = "childQuantityList" if self.members.get("type") == "AggregationEvent" else "quantityList"
        amounts = self._maybe(listed, self._amounts) or ()
        if described:
            return (), self._made(amounts, described), ()
        flow = profile(stage).flow
        return (amounts, (), ()) if flow.inputs[1] and not flow.lots[1] else ((), (), amounts)

    def _amounts(self, found: JsonValue) -> tuple[Amount, ...]:
        return tuple(
            Amount(
                lot=self._named("lot", each["epcClass"]),
                grams=_whole(each["quantity"]) if "quantity" in each else None,
            )
            for each in map(_members, _list(found))
        )

    def _described(self, found: JsonValue) -> Mapping[str, Mapping[str, JsonValue]]:
        return {self._named("lot", each["lot"]): each for each in map(_members, _list(found))}

    @staticmethod
    def _made(
        amounts: Sequence[Amount], described: Mapping[str, Mapping[str, JsonValue]]
    ) -> tuple[Amount, ...]:
        return tuple(_with_words(amount, described.get(amount.lot, {})) for amount in amounts)

    def _counterparty(self) -> str | None:
        """Of the giver and the taker the one that is not the party itself."""
        named = [
            self._party(_members(each)[member])
            for lists, member in (("sourceList", "source"), ("destinationList", "destination"))
            for each in _list(self.members.get(lists, []))
        ]
        own = self._party(self.members.get("tcm:party"))
        return next((uscc for uscc in named if uscc != own), None)

    def _party(self, found: JsonValue) -> str:
        return self._read("tcm:party", lambda _: _text(found)[-_USCC:])

    def _named(self, kind: str, found: JsonValue) -> str:
        """Return the id in a link of ours: what follows its kind under this deployment's stem."""
        stem = _text(self.members["tcm:party"])[: -_USCC - len("/party/")]
        start = f"{stem}/{kind}/"
        link = _text(found)
        if not link.startswith(start):
            raise ValueError(link)
        return link.removeprefix(start)

    def _maybe(self, member: str, read: Callable[[JsonValue], _Read]) -> _Read | None:
        """Read a member that need not be there."""
        return self._read(member, read) if member in self.members else None

    def _read(self, member: str, read: Callable[[JsonValue], _Read]) -> _Read:
        try:
            return read(self.members[member])
        except (KeyError, TypeError, ValueError, OverflowError) as fault:
            raise UnreadableStatement(statement=self.statement_id, member=member) from fault


def _with_words(amount: Amount, words: Mapping[str, JsonValue]) -> Amount:
    form, herb, grade = words.get("form"), words.get("herb"), words.get("grade")
    return Amount(
        lot=amount.lot,
        grams=amount.grams,
        herb=None if herb is None else _text(herb),
        form=None if form is None else Form(_text(form)),
        grade=None if grade is None else _text(grade),
    )


def _fields(found: JsonValue) -> dict[str, FieldValue]:
    fields = _members(found)
    if not all(isinstance(value, str | int) for value in fields.values()):
        raise TypeError
    return {name: value for name, value in fields.items() if isinstance(value, str | int)}


def _results(found: JsonValue) -> tuple[Measured, ...]:
    return tuple(
        Measured(
            measurand=_text(each["measurand"]),
            value=_text(each["value"]),
            unit=_text(each["unit"]),
            method=_text(each["method"]) or None,
        )
        for each in map(_members, _list(found))
    )


def _ranges(found: JsonValue) -> tuple[tuple[int, int], ...]:
    return tuple((_whole(first), _whole(last)) for first, last in map(_list, _list(found)))


def _minutes(offset: str) -> int:
    """Return the minutes of an offset as EPCIS writes it.

    >>> _minutes("+08:00"), _minutes("-03:30")
    (480, -210)
    """
    hours, minutes = offset[1:].split(":")
    total = 60 * int(hours) + int(minutes)
    return -total if offset[0] == "-" else total


def _text(found: JsonValue) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def _whole(found: JsonValue) -> int:
    if type(found) is not int:
        raise TypeError
    return found


def _list(found: JsonValue) -> Sequence[JsonValue]:
    if not isinstance(found, list | tuple):
        raise TypeError
    return found


def _members(found: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(found, dict):
        raise TypeError
    return found
