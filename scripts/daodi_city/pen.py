"""The pen that writes one lot's way: steps in order, each recorded a little after it happened."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

from daodi_city.almanac import OFFSET_MINUTES, at_ms
from daodi_city.parties import Household
from trace.sensors.sensing import SensorNew
from trace.steps import FieldValue, LotAmount, StepNew, TestResultNew
from trace.vocabulary import Stage

HOUR_MS = 3_600_000
CHINA = timezone(timedelta(minutes=OFFSET_MINUTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """Goods named by code, before the codes are known: they depend on the keys of the service that loads."""

    lot: str | None = None
    """The lot whose packs are meant; None for boxes."""
    first: int = 0
    count: int = 0
    """How many packs of the lot, from the pack `first` on, in the order of their codes."""
    boxes: tuple[int, ...] = ()
    """Boxes of the roll of box labels, by their place on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedStep:
    """A step and the moment its record arrives."""

    step: StepNew
    recorded_ms: int
    picked: Picked | None = None
    """Packs or boxes it names; its `codes` are filled in when the city is loaded."""
    container: int | None = None
    """The box that is packed or unpacked, by its place on the roll of box labels."""
    roll: str | None = None
    """Name of the label roll a packing takes its codes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a step is about, before the pen gives it an id and a time."""

    stage: Stage
    who: Household
    day: date
    place: str | None = None
    """Where; None: where `who` usually works."""
    inputs: tuple[LotAmount, ...] = ()
    outputs: tuple[LotAmount, ...] = ()
    lots: tuple[LotAmount, ...] = ()
    other: Household | None = None
    """The counterparty."""
    fields: dict[str, FieldValue] = field(default_factory=dict)
    results: tuple[TestResultNew, ...] = ()
    packs: int | None = None
    grams_per_pack: int | None = None
    roll: str | None = None
    """The label roll a packing uses up; None: codes of its own."""
    sensors: tuple[SensorNew, ...] = ()
    picked: Picked | None = None
    container: int | None = None


class Pen:
    """Writes the steps of one way; never records a step before the one it follows."""

    def __init__(self, rng: np.random.Generator, name: str) -> None:
        self.rng = rng
        self.name = name
        self.written: list[DatedStep] = []
        self._last_ms = 0

    def write(self, deed: Deed, *, delay_hours: float | None = None) -> DatedStep:
        """Write one step at a working hour of its day; its record arrives within a day, or as told."""
        event_ms = at_ms(deed.day, int(self.rng.integers(7, 18)), int(self.rng.integers(0, 60)))
        event_ms = max(event_ms, self._last_event_ms() + 60_000)
        late = self.rng.uniform(0.1, 14.0) if delay_hours is None else delay_hours
        recorded_ms = max(event_ms + int(late * HOUR_MS), self._last_ms + 1_000)
        dated = DatedStep(
            step=self._step(deed, event_ms),
            recorded_ms=recorded_ms,
            picked=deed.picked,
            container=deed.container,
            roll=deed.roll,
        )
        self._last_ms = recorded_ms
        self.written.append(dated)
        return dated

    def follow(self, other: "Pen") -> None:
        """Let this way go on only after everything `other` has written: their lots are about to meet."""
        self._last_ms = max(self._last_ms, other._last_ms)  # noqa: SLF001  the same class

    def pause(self, day: date, hour: int = 15) -> int:
        """Return a moment on `day`, after everything written so far and before all that follows."""
        self._last_ms = max(at_ms(day, hour), self._last_ms + 60_000)
        return self._last_ms

    def days_later(self, day: date, least: int, most: int) -> date:
        """Return a day between `least` and `most` days after `day`."""
        return day + timedelta(int(self.rng.integers(least, most + 1)))

    def _last_event_ms(self) -> int:
        if not self.written:
            return 0
        return int(self.written[-1].step.time.timestamp() * 1000)

    def _step(self, deed: Deed, event_ms: int) -> StepNew:
        return StepNew(
            id=f"{self.name}-{len(self.written) + 1:02d}-{deed.stage}",
            stage=deed.stage,
            party=deed.who.uscc,
            place=deed.place or deed.who.place,
            time=datetime.fromtimestamp(event_ms / 1000, tz=UTC).astimezone(CHINA),
            inputs=deed.inputs,
            outputs=deed.outputs,
            lots=deed.lots,
            counterparty=deed.other.uscc if deed.other else None,
            fields=deed.fields,
            results=deed.results,
            packs=deed.packs,
            grams_per_pack=deed.grams_per_pack,
            sensors=deed.sensors,
        )
