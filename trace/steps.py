"""A step as it arrives (`StepNew`) and as the trace believes it (`Step`).

Only shapes are judged here: `profiles` knows which fields a stage must carry, `rules` knows
whether the step can be true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ledger.plain_text import PlainText
from trace.sensors.sensing import Sensed, SensorNew
from trace.vocabulary import BY_CODE, Form, Stage

FieldValue: TypeAlias = str | int | bool
"""What a field may hold. Decimals travel as text: a float would not hash the same everywhere."""

LOT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
"""A lot id is part of addresses and of GS1 keys (AI 10): letters, digits, dot, dash, underscore."""

MAX_GRAMS = 10**12
"""A million tonnes: more than any lot of any herb, small enough for exact JSON integers."""

_FURTHEST_OFFSET = timedelta(hours=14)
_YEARS = range(1900, 3000)
"""A year outside is a slip of the key; its ends cannot be written in every offset."""

LotId = Annotated[str, Field(pattern=LOT_PATTERN, examples=["BS-24-0001"])]
Grams = Annotated[int, Field(gt=0, le=MAX_GRAMS, strict=True)]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[\x21-\x7e]+$")]
"""A trace code as printed or typed; whether it is one is judged where the codes are known."""
Words = Annotated[str, Field(min_length=1, max_length=400)]


def _whole_minutes(time: datetime) -> datetime:
    """EPCIS writes an offset as ±hh:mm up to 14:00 (eventTimeZoneOffset)."""
    if time.year not in _YEARS:
        raise PydanticCustomError(
            "year_out_of_range",
            "the year must be from {first} to {last}",
            {"first": _YEARS.start, "last": _YEARS.stop - 1},
        )
    offset = time.utcoffset()
    if offset is None or abs(offset) > _FURTHEST_OFFSET or offset % timedelta(minutes=1):
        raise PydanticCustomError(
            "offset_out_of_range", "the offset must be whole minutes within 14 hours of UTC"
        )
    return time


class LotAmount(BaseModel):
    """A lot in a step, with the mass that goes in, comes out or was seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    lot: LotId
    """Lot id 批次号: letters, digits, dot, dash and underscore."""
    grams: Grams | None = None
    """Mass in whole grams; left out for all there is of an input and for a standing crop."""
    herb: PlainText | None = Field(default=None, max_length=40)
    """Chinese name of the herb 药材, excipient or medicine: needed for what no input names."""
    form: Form | None = None
    """Form of an output, only where it differs from what the stage usually makes."""
    grade: PlainText | None = Field(default=None, max_length=60)
    """Grade 规格等级 of an output."""


class TestResultNew(BaseModel):
    """One result of a test report: a measurand 检测项目 and what was found."""

    __test__ = False  # pytest would collect it by its name

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    measurand: PlainText = Field(min_length=1, max_length=80, examples=["二氧化硫残留量"])
    """What was measured 检测项目, as the laboratory names it."""
    value: str = Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["86.5"])
    """What was found: a decimal, as text."""
    unit: PlainText = Field(default="", max_length=20, examples=["mg/kg"])
    """Unit of the value; empty for a bare number."""
    method: PlainText | None = Field(default=None, max_length=80)
    """Method of the test, such as 通则2331."""


class StepNew(BaseModel):
    """One step as a party sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str | None = Field(default=None, min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")
    """The party's own id for this step: sending it twice records it once."""
    stage: Stage
    """Stage 环节: which fields and lots the step carries follows from it."""
    party: str = Field(min_length=18, max_length=18)
    """Unified social credit code 统一社会信用代码 of who did it."""
    place: str = Field(min_length=1, max_length=64)
    """Id of the registered place where it happened."""
    time: Annotated[AwareDatetime, AfterValidator(_whole_minutes)]
    """When it happened, with its offset: 2026-03-05T08:00:00+08:00."""
    inputs: tuple[LotAmount, ...] = Field(default=(), max_length=100)
    """Lots used up, in whole or in part."""
    outputs: tuple[LotAmount, ...] = Field(default=(), max_length=100)
    """Lots made."""
    lots: tuple[LotAmount, ...] = Field(default=(), max_length=100)
    """Lots that neither go in nor come out: field work, test, shipment, receipt, sale."""
    codes: tuple[Code, ...] = Field(default=(), max_length=1000)
    """Packs by their codes instead of lots: to ship, receive, sell, return, dispense, destroy or box them."""
    container: Code | None = None
    """Code of the box, bag or large pack that is packed or unpacked 箱码."""
    counterparty: str | None = Field(default=None, min_length=18, max_length=18)
    """USCC of the other side, such as the receiver of a shipment; none for a sale to the end user."""
    fields: dict[str, FieldValue] = Field(default_factory=dict, max_length=60)
    """Fields of the stage by name; whatever is not public enters the log as a salted digest only."""
    results: tuple[TestResultNew, ...] = Field(default=(), max_length=100)
    """Results of a test 检验, one for each measurand 检测项目."""
    sensors: tuple[SensorNew, ...] = Field(default=(), max_length=20)
    """What instruments measured, summed up over a time 环境数据."""
    packs: int | None = Field(default=None, gt=0, le=100_000, strict=True)
    """How many packs a packing made."""
    grams_per_pack: Grams | None = None
    """Mass of one pack in whole grams."""
    batch: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """Codes issued earlier to be activated by this packing; new ones are issued when absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A lot in a step, inside. `grams` is resolved: None only for what has no weight."""

    lot: str
    grams: int | None
    herb: str | None = None
    form: Form | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One result of a test report."""

    measurand: str
    value: str
    unit: str
    method: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, its fields sorted into public and private by the stage's profile."""

    step_id: str
    """A UUID, derived from the party's own id where it gave one."""
    client_id: str | None
    stage: Stage
    party: str
    place: str
    counterparty: str | None
    event_ms: int
    offset_minutes: int
    inputs: tuple[Amount, ...]
    outputs: tuple[Amount, ...]
    lots: tuple[Amount, ...]
    public: Mapping[str, FieldValue]
    private: Mapping[str, FieldValue]
    results: tuple[Measured, ...]
    packs: int | None
    grams_per_pack: int | None
    batch: str | None
    codes: tuple[str, ...] = ()
    """Packs as the party named them; a step read back from its event has `packs_named` only."""
    container_code: str | None = None
    packs_named: tuple[tuple[int, int], ...] = ()
    """The same packs as ranges of serials, both ends included; filled in when the step is resolved."""
    container: int | None = None
    """Serial of the box that is packed or unpacked."""
    sensors: tuple[Sensed, ...] = ()

    @property
    def by_code(self) -> bool:
        """Whether its goods are named pack by pack."""
        named = self.codes or self.packs_named or self.container_code or self.container is not None
        return bool(named) and self.stage in BY_CODE

    @property
    def touched(self) -> tuple[str, ...]:
        """Every lot the step names, each once, in the order named."""
        return tuple(dict.fromkeys(amount.lot for amount in (*self.inputs, *self.lots, *self.outputs)))

    @property
    def subject_lot(self) -> str:
        """The lot whose chain in the ledger the statement joins: what it made, else what it touched first."""
        return (self.outputs or self.lots or self.inputs)[0].lot

    @property
    def subject(self) -> str:
        """The chain in the ledger the statement joins: its lot's, or its place's where it names no lot."""
        return f"lot/{self.subject_lot}" if self.touched else f"place/{self.place}"


def event_ms(time: datetime) -> int:
    """Return epoch milliseconds of an aware time.

    >>> from datetime import UTC
    >>> event_ms(datetime(2026, 3, 5, tzinfo=UTC))
    1772668800000
    """
    return int(time.timestamp() * 1000)


def offset_minutes(time: datetime) -> int:
    """Return how far local time stood from UTC, in minutes.

    >>> offset_minutes(datetime.fromisoformat("2026-03-05T08:00:00+08:00"))
    480
    """
    offset = time.utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)
