"""The parts that EPCIS events are made of: quantities, parties, documents, sensors, declarations."""

from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from trace.epcis.forms import (
    BizTransactionType,
    Component,
    ErrorReason,
    HexBinary,
    MeasurementType,
    Number,
    SensorAlertType,
    SourceDestType,
    Time,
    UniqueDispositions,
    Uom,
    Uri,
    is_uri,
)


class Part(BaseModel):
    """Anything in an EPCIS document: names in camelCase, extensions kept, absent is not null.

    Build one with `model_validate` from the JSON form; `json_form` gives back what came in.
    """

    model_config = ConfigDict(
        extra="allow", frozen=True, strict=True, alias_generator=to_camel, serialize_by_alias=True
    )
    free_names: ClassVar[bool] = False
    """Whether extension members may have any name; else they need a URI or CURIE."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_nulls(cls, value: Any) -> Any:  # noqa: ANN401  whatever the document holds here
        if isinstance(value, dict):
            known = {field.alias for field in cls.model_fields.values()}
            for name, member in value.items():
                if member is None and name in known:
                    raise PydanticCustomError("null", "null is not a value", {"member": name})
        return value

    @model_validator(mode="after")
    def _name_extensions(self) -> Self:
        for name in self.model_extra or ():
            if not self.free_names and not is_uri(name):
                raise PydanticCustomError("extension", "not a member of the standard", {"member": name})
        return self

    def json_form(self) -> dict[str, JsonValue]:
        """Return the JSON form: the members that were set, and every extension."""
        return self.model_dump(exclude_unset=True)


_CLOSED: Final = ConfigDict(extra="forbid")


class QuantityElement(Part):
    """An amount of a class of objects: a lot and how much of it."""

    model_config = _CLOSED
    epc_class: Uri
    quantity: Number | None = None
    uom: Uom | None = None
    """Absent means the quantity counts pieces."""


class BizTransaction(Part):
    """A business document the event belongs to."""

    model_config = _CLOSED
    type: BizTransactionType | None = None
    biz_transaction: Uri


class Source(Part):
    """Who or where the objects came from."""

    model_config = _CLOSED
    type: SourceDestType
    source: Uri


class Destination(Part):
    """Who or where the objects went to."""

    model_config = _CLOSED
    type: SourceDestType
    destination: Uri


class Whereabouts(Part):
    """A read point or business location; partners may add what they like to it."""

    free_names = True
    id: Uri


class PersistentDisposition(Part):
    """States that hold until unset, such as recalled; at least one list is given."""

    model_config = _CLOSED
    set: Annotated[UniqueDispositions, Field(min_length=1)] | None = None
    unset: Annotated[UniqueDispositions, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.set is None and self.unset is None:
            raise PydanticCustomError("incomplete", "needs set or unset")
        return self


class ErrorDeclaration(Part):
    """That an earlier event was wrong, why, and which events stand in its place."""

    declaration_time: Time
    reason: ErrorReason | None = None
    corrective_event_ids: list[Uri] | None = Field(default=None, alias="correctiveEventIDs")


class SensorMetadata(Part):
    """What holds for all reports of one sensor element."""

    time: Time | None = None
    start_time: Time | None = None
    end_time: Time | None = None
    device_id: Uri | None = Field(default=None, alias="deviceID")
    device_metadata: Uri | None = None
    raw_data: Uri | None = None
    data_processing_method: Uri | None = None
    biz_rules: Uri | None = None


class SensorReport(Part):
    """One measured property, single or summed up over a time."""

    type: MeasurementType
    exception: SensorAlertType | None = None
    time: Time | None = None
    device_id: Uri | None = Field(default=None, alias="deviceID")
    device_metadata: Uri | None = None
    raw_data: Uri | None = None
    data_processing_method: Uri | None = None
    biz_rules: Uri | None = None
    microorganism: Uri | None = None
    chemical_substance: Uri | None = None
    coordinate_reference_system: Uri | None = None
    component: Component | None = None
    value: Number | None = None
    min_value: Number | None = None
    max_value: Number | None = None
    mean_value: Number | None = None
    s_dev: Number | None = None
    perc_rank: Number | None = None
    perc_value: Number | None = None
    uom: str | None = None
    string_value: str | None = None
    boolean_value: bool | None = None
    hex_binary_value: HexBinary | None = None
    uri_value: Uri | None = None


class SensorElement(Part):
    """What sensors reported, with what holds for all of it."""

    sensor_metadata: SensorMetadata | None = None
    sensor_report: Annotated[list[SensorReport], Field(min_length=1)]


class Attribute(Part):
    """One attribute of a master data element."""

    free_names = True
    id: Uri
    attribute: Number | str | dict[str, JsonValue] | None = None


class VocabularyElement(Part):
    """One master data element: a place, a party, a product."""

    free_names = True
    id: Uri
    attributes: list[Attribute] | None = None
    children: list[Uri] | None = None


class Vocabulary(Part):
    """Master data elements of one type."""

    free_names = True
    type: Uri
    vocabulary_element_list: list[VocabularyElement] | None = None


class MasterData(Part):
    """The master data a document carries in its header."""

    free_names = True
    vocabulary_list: list[Vocabulary] | None = None


class Header(Part):
    """The header of a document."""

    epcis_master_data: MasterData | None = None
