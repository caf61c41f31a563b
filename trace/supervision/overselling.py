"""超售: firms that gave away more of a herb than came in, in a window of time (MOFCOM 超售).

Counted for each form by itself, since a step of processing takes from one form and adds to the other.
Beside the shortfall stand what was in stock before the window, and how much the firm's stock of other
forms could have become at the very most by the yield bounds, had the processing only not been recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from trace.errors import UnknownHerb
from trace.standards.yields import yield_bounds
from trace.supervision.movements import Moved, StockKey, moved
from trace.vocabulary import Form, Stage

_WAYS: Final[Mapping[Form, tuple[tuple[Form, Stage], ...]]] = {
    Form.HERB: ((Form.FRESH, Stage.PRIMARY_PROCESSING),),
    Form.SLICE: ((Form.HERB, Stage.PAOZHI), (Form.FRESH, Stage.PAOZHI)),
}
"""From which form, by which stage, a form can come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversell:
    """More went out than came in."""

    party: str
    herb: str
    form: Form
    came: int
    """Grams in, in the window."""
    went: int
    """Grams out."""
    before: int
    """Grams in stock when the window began, by the record."""
    could_come: int | None
    """Grams that the stock of other forms could have become at most; None where no bound is known."""

    @property
    def short(self) -> int:
        """Grams that went out and are not accounted for by the window: MOFCOM's 超售."""
        return self.went - self.came

    @property
    def covered(self) -> bool | None:
        """Whether stock from before explains it, or processing not recorded; None when nobody can say."""
        left = self.short - max(0, self.before)
        if left <= 0:
            return True
        return None if self.could_come is None else left <= self.could_come


def oversold(
    session: Session, since_ms: int, until_ms: int, *, party: str | None = None, herb: str | None = None
) -> list[Oversell]:
    """List what was oversold in the window, by far the most first; of one party or herb where given.

    Two queries: what moved in the window, and, only where something is short, what had moved before.
    """
    now = moved(session, since_ms, until_ms, party=party, herb=herb)
    short = [key for key, each in now.items() if each.net < 0]
    if not short:
        return []
    before = moved(session, 0, since_ms, party=party or _only(short, 0), herb=herb or _only(short, 1))
    found = [
        Oversell(
            party=key.party,
            herb=key.herb,
            form=Form(key.form),
            came=now[key].came,
            went=now[key].went,
            before=_net(before, key),
            could_come=_could_come(key, now, before),
        )
        for key in short
    ]
    return sorted(found, key=lambda each: (-each.short, each.party, each.herb, each.form.value))


def _only(keys: list[StockKey], part: int) -> str | None:
    """Return the one party or herb that all keys share, to keep the second query small."""
    named = {key[part] for key in keys}
    return named.pop() if len(named) == 1 else None


def _net(moves: Mapping[StockKey, Moved], key: StockKey) -> int:
    return moves[key].net if key in moves else 0


def _could_come(key: StockKey, now: Mapping[StockKey, Moved], before: Mapping[StockKey, Moved]) -> int | None:
    """Return the most that stock of other forms could have become; None when a bound for some is missing."""
    most = 0
    for source, stage in _WAYS.get(Form(key.form), ()):
        other = StockKey(key.party, key.herb, source.value)
        at_hand = max(0, _net(before, other)) + _net(now, other)
        if at_hand <= 0:
            continue
        high = _highest(stage, key.herb, source, Form(key.form))
        if high is None:
            return None
        most += at_hand * high // 1000
    return most


def _highest(stage: Stage, herb: str, source: Form, target: Form) -> int | None:
    try:
        bound = yield_bounds(stage, herb, source, target)
    except UnknownHerb:  # lots recorded by other systems may carry names we do not know: no bound then
        return None
    return None if bound is None else bound.high_per_mille
