"""Rules of sensors: are the sums those of the raw series, is it whole, was the store as it should be.

Readings are held against the storage the step itself names (`standards.storage_rules`); where it names
none, or no rule is known for it, nothing is judged. A gap is a time without readings longer than ten times
the mean time between them: our own measure, stated as such in the rule.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from trace.findings import Finding
from trace.rulebook import broken
from trace.sensors.sensing import Quantity, Sensed
from trace.sensors.series import Summary, stated
from trace.standards.storage_rules import StorageRule, storage_named
from trace.steps import Step

if TYPE_CHECKING:
    from trace.world import Before

GAP_FACTOR: Final = 10
_SHOWN: Final = 16
_HOUR_MS: Final = 3_600_000
_NAMES_STORAGE: Final = ("storage", "warehouse")
"""Fields in which a step may say how goods are kept, in a word of the pharmacopoeia."""


def _known(step: Step, before: "Before") -> Iterator[tuple[Sensed, Summary | None]]:
    series = before.documents.series if before.documents is not None else {}
    for said in step.sensors:
        summaries = series.get(said.document or "", ())
        yield said, next((each for each in summaries if each.quantity is said.quantity), None)


def _unproven(step: Step, before: "Before") -> Iterator[Finding]:
    for said, summary in _known(step, before):
        words = {"quantity_zh": said.quantity.zh, "quantity_en": said.quantity.en}
        if summary is None:
            yield broken("sensor.no_series", None, **words)
        elif (differing := differences(said, summary)) != ():
            document = (said.document or "")[:_SHOWN]
            yield broken("sensor.mismatch", None, **words, document=document, members=", ".join(differing))


def _gaps(step: Step, before: "Before") -> Iterator[Finding]:
    for said, summary in _known(step, before):
        if summary is not None and has_gap(summary):
            yield broken(
                "sensor.gap",
                None,
                quantity_zh=said.quantity.zh,
                quantity_en=said.quantity.en,
                minutes=summary.gap_ms // 60_000,
            )


def _thresholds(step: Step, before: "Before") -> Iterator[Finding]:
    rule = storage_of(step)
    if rule is None:
        return
    for said, summary in _known(step, before):
        least, most = bounds(rule, said.quantity)
        for bound, code, beyond in (
            (most, _TOO_HIGH[said.quantity], Decimal(said.most)),
            (least, _TOO_LOW[said.quantity], Decimal(said.least)),
        ):
            if bound is not None and code and (beyond > bound if bound is most else beyond < bound):
                yield broken(
                    code,
                    None,
                    reached=str(beyond),
                    limit=str(bound),
                    rule_zh=rule.zh,
                    rule_en=rule.en,
                    hours=_hours_beyond(summary, bound, above=bound is most),
                    note_zh=rule.confidence.note("zh"),
                    note_en=rule.confidence.note("en"),
                )


_TOO_HIGH: Final = {
    Quantity.TEMPERATURE: "sensor.too_warm",
    Quantity.HUMIDITY: "sensor.too_humid",
    Quantity.ILLUMINANCE: "",
}
_TOO_LOW: Final = {
    Quantity.TEMPERATURE: "sensor.too_cold",
    Quantity.HUMIDITY: "sensor.too_dry",
    Quantity.ILLUMINANCE: "",
}


def differences(said: Sensed, summary: Summary) -> tuple[str, ...]:
    """Return which members of the aggregates are not those of the series, in the order they are sent."""
    proven = stated(summary)
    wanted = {"start": summary.start_ms, "end": summary.end_ms, "count": summary.count}
    claimed = {"start": _ms(said.start), "end": _ms(said.end), "count": said.count}
    found = [name for name, value in wanted.items() if claimed[name] != value]
    for name in ("least", "most", "mean", "sdev"):
        text = getattr(said, name)
        if text is not None and not _same(text, str(proven[name])):
            found.append(name)
    return tuple(found)


def has_gap(summary: Summary) -> bool:
    """Say whether the longest time without a reading is more than ten times the mean time between two."""
    if summary.count < GAP_FACTOR:
        return False
    return summary.gap_ms * (summary.count - 1) > GAP_FACTOR * (summary.end_ms - summary.start_ms)


def storage_of(step: Step) -> StorageRule | None:
    """Return the storage a step says its goods are kept in; None where it says none that is known."""
    said = (step.public.get(name) for name in _NAMES_STORAGE)
    return next((rule for text in said if text and (rule := storage_named(str(text)))), None)


def bounds(rule: StorageRule, quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most a rule allows of a quantity."""
    if quantity is Quantity.TEMPERATURE:
        return rule.temperature_min, rule.temperature_max
    if quantity is Quantity.HUMIDITY:
        return rule.humidity_min, rule.humidity_max
    return None, None


def _hours_beyond(summary: Summary | None, bound: Decimal, *, above: bool) -> int:
    """Return for how many hours the mean of a window lay beyond a bound, rounded up; 0 when unknown."""
    if summary is None:
        return 0
    means = (Decimal(each.mean) for each in summary.windows)
    beyond = sum(mean > bound if above else mean < bound for mean in means)
    return -(-beyond * summary.window_ms // _HOUR_MS)


def _same(claimed: str, proven: str) -> bool:
    """Say whether a claimed decimal is the proven one, rounded to the places it was claimed with."""
    places = Decimal(claimed).as_tuple().exponent
    exact = Decimal(proven)
    return Decimal(claimed) == (exact.quantize(Decimal(1).scaleb(int(places))) if int(places) < 0 else exact)


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


SENSOR_RULES: "Final[tuple[Callable[[Step, Before], Iterator[Finding]], ...]]" = (
    _unproven,
    _gaps,
    _thresholds,
)
