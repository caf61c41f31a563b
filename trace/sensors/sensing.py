"""What a step says of its sensors: aggregates over a window, and the hash of the raw series behind them.

In the event they stand as EPCIS sensor elements. The log holds no floats, so the aggregates travel as
exact decimals in `tcm:` members; the standard's own members are set beside them where a value is whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.canonical import JsonValue
from trace.vocabulary import Word

_RAW: Final = "urn:sha256:"
_DECIMAL = r"^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$"
Exact = Annotated[str, Field(pattern=_DECIMAL, examples=["18.4"])]
"""A decimal as text."""


class Quantity(Word):
    """What storage and transport are watched for; keys are CBV 2.0 measurement types."""

    TEMPERATURE = "Temperature", "温度", "temperature"
    HUMIDITY = "RelativeHumidity", "相对湿度", "relative humidity"
    ILLUMINANCE = "Illuminance", "光照度", "illuminance"

    @property
    def uom(self) -> str:
        """Unit of its values, UN/ECE Recommendation 20."""
        return _UOM[self.value]


_UOM: Final[Mapping[str, str]] = {
    "Temperature": "CEL",
    "RelativeHumidity": "P1",
    "Illuminance": "LUX",
}


class SensorNew(BaseModel):
    """Aggregates of one quantity over one window, as a party sends them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    quantity: Quantity
    """Measurement type of CBV 2.0, such as Temperature."""
    start: AwareDatetime
    """Begin of the window, with its offset."""
    end: AwareDatetime
    """End of the window."""
    least: Exact
    """Lowest value."""
    most: Exact
    """Highest value."""
    mean: Exact
    """Arithmetic mean."""
    sdev: Exact | None = None
    """Standard deviation of the readings (divided by their count)."""
    count: Annotated[int, Field(gt=0, le=10_000_000, strict=True)]
    """How many readings."""
    device: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,60}$")] | None = None
    """The instrument's own id."""
    document: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """SHA-256 of the raw series, kept as a document."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start or not Decimal(self.least) <= Decimal(self.mean) <= Decimal(self.most):
            raise PydanticCustomError("disordered", "start, end, least, mean and most must be in order")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """Aggregates of one quantity over one window, inside."""

    quantity: Quantity
    start: str
    """ISO 8601 with offset, as it stands in the event."""
    end: str
    least: str
    most: str
    mean: str
    sdev: str | None
    count: int
    device: str | None
    document: str | None


def sensed(new: SensorNew) -> Sensed:
    """Return what was sent, inside."""
    return Sensed(
        quantity=new.quantity,
        start=_iso(new.start),
        end=_iso(new.end),
        least=new.least,
        most=new.most,
        mean=new.mean,
        sdev=new.sdev,
        count=new.count,
        device=new.device,
        document=new.document,
    )


def sensor_elements(listed: Sequence[Sensed], base_url: str) -> list[JsonValue]:
    """Return the event's `sensorElementList` (EPCIS 2.0), exact values in `tcm:` members."""
    return [_element(each, base_url.rstrip("/")) for each in listed]


def sensed_of(elements: object) -> tuple[Sensed, ...]:
    """Read back what `sensor_elements` wrote; the inverse, for replaying events."""
    return tuple(_read_element(each) for each in elements) if isinstance(elements, list) else ()


def _element(said: Sensed, base_url: str) -> dict[str, JsonValue]:
    metadata: dict[str, JsonValue] = {"startTime": said.start, "endTime": said.end}
    if said.device is not None:
        metadata["deviceID"] = f"{base_url}/device/{said.device}"
    if said.document is not None:
        metadata["rawData"] = f"{_RAW}{said.document}"
    report: dict[str, JsonValue] = {"type": said.quantity.value, "uom": said.quantity.uom}
    for standard, ours, text in (
        ("minValue", "tcm:least", said.least),
        ("maxValue", "tcm:most", said.most),
        ("meanValue", "tcm:mean", said.mean),
        ("sDev", "tcm:sdev", said.sdev),
    ):
        if text is not None:
            report[ours] = text
            if (number := Decimal(text)) == number.to_integral_value():
                report[standard] = int(number)
    report["tcm:count"] = said.count
    return {"sensorMetadata": metadata, "sensorReport": [report]}


def _read_element(element: Any) -> Sensed:  # noqa: ANN401  JSON of an event of ours
    metadata, report = element["sensorMetadata"], element["sensorReport"][0]
    device, raw = metadata.get("deviceID"), metadata.get("rawData")
    return Sensed(
        quantity=Quantity(report["type"]),
        start=metadata["startTime"],
        end=metadata["endTime"],
        least=report["tcm:least"],
        most=report["tcm:most"],
        mean=report["tcm:mean"],
        sdev=report.get("tcm:sdev"),
        count=report["tcm:count"],
        device=None if device is None else device.rpartition("/device/")[2],
        document=None if raw is None else raw.removeprefix(_RAW),
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
