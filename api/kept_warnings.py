"""The open warnings and the record of the rules, read once for as long as nothing happens to any warning.

A flood opens thousands, anybody may ask for them, and each is put together from its events. So they are read
by one at a time and kept under the newest event: what is kept can be old, never wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from sqlmodel import Session, col, func, select

from api.evidence_scores import Scored, scores_of
from api.station import Station
from api.web.kept import Kept
from api.web.kept_reading import kept_or_read
from api.web.turns import Turns
from priceindex.warning.alerts.happenings import Warned
from priceindex.warning.alerts.rule_tallies import RuleTally, tallies
from priceindex.warning.alerts.warning_store import Asking, open_warnings
from priceindex.warning.alerts.warning_tables import WarningEventRow
from priceindex.warning.rule_text import rule_book

_Key: TypeAlias = tuple[str, bool, int | None, int]
_Made = TypeVar("_Made")
_OPEN: Final[Kept[_Key, tuple[Warned, ...]]] = Kept(limit=4)
_TALLIES: Final[Kept[_Key, tuple[RuleTally, ...]]] = Kept(limit=4)
_SCORES: Final[Kept[_Key, Mapping[str, Scored]]] = Kept(limit=4)
_TURNS: Final = Turns()
DRAWING: Final = Turns()
"""For what the public has drawn of all open warnings; a regulator's desk waits for nobody."""


def kept_open(station: Station, asking: Asking) -> list[Warned]:
    """Return every open warning asked for, the worst first; raises `TooManyRequests` where many wait."""

    def make(session: Session) -> tuple[Warned, ...]:
        return tuple(open_warnings(session, Asking(asking.regulator)))

    return [one for one in _kept(_OPEN, station, asking.regulator, make) if _is_asked(one, asking)]


def kept_scores(station: Station, standing: Sequence[Warned], *, regulator: bool) -> Mapping[str, Scored]:
    """Return the score of every open warning by its id; raises `TooManyRequests` where many wait.

    `standing` are the open warnings, as `kept_open` gives them.
    """

    def make(session: Session) -> Mapping[str, Scored]:
        return scores_of(session, [one.warning_id for one in standing])

    return _kept(_SCORES, station, regulator, make)


def kept_rules(station: Station, *, regulator: bool) -> list[RuleTally]:
    """Return every rule a reader may see with its record; raises `TooManyRequests` where many wait."""

    def make(session: Session) -> tuple[RuleTally, ...]:
        return tuple(tallies(session, rule_book(), regulator=regulator))

    found: tuple[RuleTally, ...] = _kept(_TALLIES, station, regulator, make)
    return list(found)


def _is_asked(one: Warned, asking: Asking) -> bool:
    pairs = (
        (asking.family, one.family),
        (asking.rule, one.key.rule),
        (asking.level, one.key.level),
        (asking.node, one.key.node),
    )
    return all(wanted is None or wanted == found for wanted, found in pairs)


def _kept(
    kept: Kept[_Key, _Made],
    station: Station,
    regulator: bool,  # noqa: FBT001  part of the key
    make: Callable[[Session], _Made],
) -> _Made:
    with station.database.read() as session:
        asked = select(func.max(col(WarningEventRow.event_id)), func.count())
        newest, events = session.exec(asked.select_from(WarningEventRow)).one()
    key = (str(station.settings.folder), regulator, newest, events)
    return kept_or_read(kept, _TURNS, station, key, make)
