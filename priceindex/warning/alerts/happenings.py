"""What can happen to a warning, and where it stands after all that did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from priceindex.warning.hysteresis import State

Form: TypeAlias = str
SINGLE: Final = "single"
CLASS_FORM: Final = "class"
"""A warning that gathers those of a class's herbs."""


class Happening(StrEnum):
    """Everything that can happen to a warning, by the rules or by people."""

    OPENED = "opened"
    TOLD = "told"
    RAISED = "raised"
    LOWERED = "lowered"
    ENDED = "ended"
    UNJUDGED = "unjudged"
    JUDGED = "judged"
    GATHERED = "gathered"
    SINGLED = "singled"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    EXPLAINED = "explained"
    CLOSED = "closed"
    REOPENED = "reopened"

    def words(self, language: str) -> str:
        """Name it for people.

        >>> Happening.SNOOZED.words("zh"), Happening.TOLD.words("en")
        ('暂缓', 'told')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final[Mapping[Happening, tuple[str, str]]] = {
    Happening.OPENED: ("开启", "opened"),
    Happening.TOLD: ("通知", "told"),
    Happening.RAISED: ("升级", "raised"),
    Happening.LOWERED: ("降级", "lowered"),
    Happening.ENDED: ("自动解除", "ended by itself"),
    Happening.UNJUDGED: ("暂无法判断", "cannot be judged for now"),
    Happening.JUDGED: ("恢复判断", "is judged again"),
    Happening.GATHERED: ("并入类别预警", "gathered beneath its class's"),
    Happening.SINGLED: ("脱离类别预警", "stands by itself again"),
    Happening.ESCALATED: ("逾期未签收", "not acknowledged in time"),
    Happening.ACKNOWLEDGED: ("签收", "acknowledged"),
    Happening.SNOOZED: ("暂缓", "snoozed"),
    Happening.EXPLAINED: ("说明", "explained"),
    Happening.CLOSED: ("关闭", "closed"),
    Happening.REOPENED: ("撤销关闭", "reopened"),
}


class Reason(StrEnum):
    """Why a person closes a warning: by these each rule's precision is measured."""

    TRUE = "true"
    POLICY = "policy"
    PRICE_ERROR = "price_error"
    SEASONAL = "seasonal"
    OTHER = "other"

    def words(self, language: str) -> str:
        """Name it for people.

        >>> Reason.PRICE_ERROR.words("zh")
        '价格有误'
        """
        zh, en = _REASON_WORDS[self]
        return zh if language == "zh" else en


_REASON_WORDS: Final = {
    Reason.TRUE: ("情况属实", "it was true"),
    Reason.POLICY: ("政策所致", "caused by policy"),
    Reason.PRICE_ERROR: ("价格有误", "a wrong price"),
    Reason.SEASONAL: ("季节性变动", "seasonal"),
    Reason.OTHER: ("其他", "something else"),
}


class Key(NamedTuple):
    """What one open warning there may be of, within a family."""

    level: str
    node: str
    rule: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, without its evidence."""

    number: int
    kind: Happening
    at_ms: int
    state: State
    release_id: str | None = None
    reason: Reason | None = None
    words: str | None = None
    by_name: str | None = None
    until_ms: int | None = None
    into: str | None = None
    statement_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning as it stands."""

    warning_id: str
    family: str
    key: Key
    episode: int
    visible: str
    """`public` or `regulator`."""
    rules_sha256: str
    opened_ms: int
    state: State = State.NORMAL
    """How bad it is, or was when it ended."""
    worst: State = State.NORMAL
    told_ms: int | None = None
    """When people were told; None while it waits for the budget or stands beneath its class's."""
    gathered_into: str | None = None
    changed_ms: int = 0
    """When it was told, raised or reopened last: from then on it is to be acknowledged."""
    acknowledged_ms: int | None = None
    acknowledged_by: str | None = None
    snoozed_until_ms: int | None = None
    escalated_ms: int | None = None
    unjudged_ms: int | None = None
    """Since when its rule has had nothing to judge its subject by; None where it has."""
    ended_ms: int | None = None
    reason: Reason | None = None
    """Why a person closed it; None where it ended by itself, or is open."""
    release_id: str | None = None
    """The release whose numbers were the last to change it."""
    events: int = 0

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.ended_ms is None

    @property
    def waiting(self) -> bool:
        """Whether it is open and nobody was told: beyond the week's budget."""
        return self.open and self.told_ms is None and self.gathered_into is None

    def snoozed(self, now_ms: int) -> bool:
        """Whether somebody put it off."""
        return self.snoozed_until_ms is not None and now_ms < self.snoozed_until_ms


def fold(opened: Warned, happened: Iterable[Event]) -> Warned:
    """Where a warning stands after its events, in order."""
    now = opened
    for event in happened:
        now = replace(_after(now, event), events=event.number)
        if event.release_id is not None:
            now = replace(now, release_id=event.release_id)
    return now


def _after(now: Warned, event: Event) -> Warned:
    worst = max(now.worst, event.state)
    match event.kind:
        case Happening.OPENED | Happening.LOWERED:
            return replace(now, state=event.state, worst=worst, unjudged_ms=None)
        case Happening.RAISED:
            return _to_acknowledge(
                replace(now, state=event.state, worst=worst, unjudged_ms=None), event.at_ms
            )
        case Happening.TOLD:
            return replace(now, told_ms=event.at_ms, changed_ms=event.at_ms)
        case Happening.UNJUDGED | Happening.JUDGED:
            return replace(now, unjudged_ms=event.at_ms if event.kind is Happening.UNJUDGED else None)
        case Happening.GATHERED | Happening.SINGLED:
            return replace(now, gathered_into=event.into)
        case Happening.ENDED | Happening.CLOSED:
            return replace(now, ended_ms=event.at_ms, reason=event.reason)
        case Happening.REOPENED:
            return _to_acknowledge(replace(now, ended_ms=None, reason=None), event.at_ms)
        case Happening.ACKNOWLEDGED:
            return replace(now, acknowledged_ms=event.at_ms, acknowledged_by=event.by_name)
        case Happening.SNOOZED:
            return replace(now, snoozed_until_ms=event.until_ms)
        case Happening.ESCALATED:
            return replace(now, escalated_ms=event.at_ms)
        case Happening.EXPLAINED:
            return now


def _to_acknowledge(now: Warned, at_ms: int) -> Warned:
    """It has grown worse, or is back: whoever knew of it has to look again."""
    return replace(
        now,
        changed_ms=at_ms,
        acknowledged_ms=None,
        acknowledged_by=None,
        snoozed_until_ms=None,
        escalated_ms=None,
    )
