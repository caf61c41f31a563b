"""Acts about early warning: families watched, days digested, warnings decided about, a release held."""

from dataclasses import dataclass
from datetime import date

from api import releasing, warning_work
from api.callers import Caller
from api.tokens import Scope
from daodi_city.acts_index import MAKER
from daodi_city.stories import Story
from daodi_city.town import Town
from priceindex.releases.drafts import Draft
from priceindex.warning.alerts.deciding import Act, Decision
from priceindex.warning.alerts.happenings import Reason
from priceindex.warning.alerts.warning_store import Asking, open_warnings

REGULATOR = Caller(
    address="127.0.0.1",
    name="监测员甲",
    token="demo-w",  # noqa: S106  the prefix that tells persons apart, and no secret
    scopes=frozenset({Scope.WARNINGS_DECIDE}),
)
"""Who decides about warnings: known by role and letter only."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A family's newest release is looked at by every rule."""

    at_ms: int
    family: str

    def do(self, town: Town) -> None:
        """Look at it."""
        warning_work.watch_family(town.station, self.family)


@dataclass(frozen=True, slots=True)
class WatchAll:
    """Every family whose newest release was not looked at today is."""

    at_ms: int

    def do(self, town: Town) -> None:
        """Look at them; raises what kept a family from it."""
        for _, fault in warning_work.watch_due(town.station):
            if fault is not None:
                raise fault


@dataclass(frozen=True, slots=True)
class BeginDay:
    """What nobody acknowledged in time is marked, and yesterday's digest goes out."""

    at_ms: int

    def do(self, town: Town) -> None:
        """Do the day's work."""
        warning_work.daily(town.station)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """The regulator decides about the open warnings of a story."""

    at_ms: int
    story: Story
    act: Act
    words: str | None = None
    reason: Reason | None = None

    def do(self, town: Town) -> None:
        """Decide about each of them; where a story's warning did not come, its check says so."""
        story = self.story
        asking = Asking(regulator=True, family=story.family, rule=story.rule, level=story.level)
        with town.station.database.read() as session:
            found = [one for one in open_warnings(session, asking) if story.is_of(one.key.node)]
        decision = Decision(act=self.act, words=self.words, reason=self.reason, until=None)
        for one in found:
            warning_work.decide(town.station, one.warning_id, decision, REGULATOR)


@dataclass(frozen=True, slots=True)
class HoldRelease:
    """A family is released with the switch on that holds what one source dominates: a draft, if it does."""

    at_ms: int
    family: str
    until: date

    def do(self, town: Town) -> None:
        """Switch it on for this release; the draft is noted for the second person."""
        station = town.station
        before = station.settings
        station.settings = before.model_copy(update={"hold_dominated_releases": True})
        try:
            made = releasing.release_or_make(station, self.family, self.until, MAKER)
        finally:
            station.settings = before
        if isinstance(made, Draft):
            town.noted[f"draft/{self.family}"] = f"{made.release_id} {made.values_sha256}"
