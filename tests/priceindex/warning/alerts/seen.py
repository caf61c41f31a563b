"""Sightings and facts made by hand, so that a test says in one line what a rule saw."""

from collections.abc import Sequence

import numpy as np

from priceindex.governance.stating import Operator
from priceindex.releases.series import last_days
from priceindex.warning.alerts.carrying_out import Look, carry_out
from priceindex.warning.alerts.facts import Facts, NodeValues
from priceindex.warning.alerts.happenings import SINGLE, Happening, Key, Warned
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import RuleBook, rule_book
from priceindex.warning.sightings import Sighting
from tests.priceindex.small_market import KEY, NOW_MS, ORIGIN, SmallMarket

DAY_MS = 86_400_000
LAST_DAY = 20_455
"""2026-01-02, a Friday: the day of `NOW_MS` in China."""
OPERATOR = Operator(ORIGIN, KEY)


def seen(
    node: str = "白芍",
    state: State = State.ALERT,
    *,
    rule: str = "growth-up",
    level: str = "herb",
    parent: str | None = "root",
    past: Sequence[int] = (0, 0),
    last_day: int = LAST_DAY,
    stale: bool = False,
    listed: bool = False,
    beyond: float = 1.0,
) -> Sighting:
    """One rule at one subject: `past` are its states in the weeks before."""
    walked = np.array([*past, int(state)], dtype=np.int64)
    days = last_day - 7 * np.arange(len(walked), dtype=np.int64)[::-1]
    return Sighting(
        key=Key(level, node, rule, SINGLE),
        parent=parent,
        state=state,
        score=0.2,
        beyond=beyond,
        day=last_day,
        days=days,
        states=walked,
        stale=stale,
        listed=listed,
        evidence=lambda: {"score": "0.2", "node": node},
        private=(lambda: {"sources": [{"source": "secret-source", "share": "0.9"}]}),
    )


class Watcher:
    """A market that is looked at, with its chance counted up."""

    def __init__(self, market: SmallMarket, book: RuleBook | None = None) -> None:
        self.market = market
        self.book = book or rule_book()
        self.now_ms = NOW_MS
        self._drawn = 0

    def chance(self, count: int) -> bytes:
        """Different bytes at each call."""
        self._drawn += 1
        return self._drawn.to_bytes(count, "big")

    def look(self, *found: Sighting, family: str = "bozhou") -> dict[Happening, list[Warned]]:
        """Bring the warnings up to what was seen."""
        with self.market.write() as session:
            return carry_out(
                session,
                OPERATOR,
                Look(
                    family=family,
                    release_id=f"{family}-2026-01-02",
                    seen=found,
                    there=frozenset((one.key.level, one.key.node) for one in found) | {("class", "root")},
                    at_ms=self.now_ms,
                    book=self.book,
                    chance=self.chance,
                ),
            )

    def later(self, days: float) -> None:
        """Let days go by."""
        self.now_ms += int(days * DAY_MS)


def weekly_node(
    values: Sequence[float], *, level: str = "herb", node: str = "白芍", parent: str | None = "root"
) -> NodeValues:
    """A node published on every Friday, the last on `LAST_DAY`."""
    days = LAST_DAY - 7 * np.arange(len(values), dtype=np.int64)[::-1]
    return NodeValues(
        level=level,
        node=node,
        parent=parent,
        weight=1.0,
        days=last_days("day", days),
        values=np.asarray(values, dtype=np.float64),
        quoted=np.ones(len(values), dtype=np.int64),
        stale_bp=np.zeros(len(values)),
    )


def facts(*nodes: NodeValues, today: int = LAST_DAY, listed: frozenset[str] = frozenset()) -> Facts:
    """A family that publishes these nodes."""
    return Facts(
        family="bozhou",
        release_id="bozhou-2026-01-02",
        values_sha256="0" * 64,
        bundle_sha256="1" * 64,
        frequency="day",
        until=LAST_DAY,
        today=today,
        nodes=nodes,
        listed=listed,
    )
