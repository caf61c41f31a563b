"""The five EPCIS 2.0 event types, extension events, and the document that carries them.

The models accept exactly what GS1's JSON Schema accepts and give it back unchanged. What the
standard demands beyond its schema is in `trace.epcis.reading`.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from trace.epcis.forms import BizStep, Context, Disposition, Ilmd, Offset, Time, UniqueUris, Uri
from trace.epcis.parts import (
    BizTransaction,
    Destination,
    ErrorDeclaration,
    Header,
    Part,
    PersistentDisposition,
    QuantityElement,
    SensorElement,
    Source,
    Whereabouts,
)

Action = Literal["ADD", "OBSERVE", "DELETE"]
"""Whether the objects are new in their place or group, merely seen, or gone from it."""


class Event(Part):
    """What every event has: when it happened and, if need be, that it was declared wrong."""

    context: Context | None = Field(default=None, alias="@context")
    type: str
    event_time: Time
    event_time_zone_offset: Offset
    record_time: Time | None = None
    """Set by the repository that captured it; a client's own is not believed."""
    event_id: Uri | None = Field(default=None, alias="eventID")
    certification_info: Uri | list[Uri] | None = None
    error_declaration: ErrorDeclaration | None = None


class PlacedEvent(Event):
    """What the five standard types share: where, why and how."""

    biz_step: BizStep | None = None
    disposition: Disposition | None = None
    read_point: Whereabouts | None = None
    biz_location: Whereabouts | None = None
    biz_transaction_list: list[BizTransaction] | None = None
    source_list: list[Source] | None = None
    destination_list: list[Destination] | None = None
    sensor_element_list: list[SensorElement] | None = None


class ObjectEvent(PlacedEvent):
    """Something happened to objects or lots as they are."""

    type: Literal["ObjectEvent"]
    action: Action
    epc_list: UniqueUris | None = None
    quantity_list: list[QuantityElement] | None = None
    persistent_disposition: PersistentDisposition | None = None
    ilmd: Ilmd | None = None

    @model_validator(mode="after")
    def _names_objects(self) -> Self:
        sensed = self.sensor_element_list and self.read_point
        if self.epc_list is None and not self.quantity_list and not sensed:
            raise PydanticCustomError(
                "incomplete", "needs epcList, quantityList or a sensor reading at a place"
            )
        if self.ilmd is not None and self.action != "ADD":
            raise PydanticCustomError("ilmd", "only an ADD event carries ilmd", {"member": "ilmd"})
        return self


class AggregationEvent(PlacedEvent):
    """Objects were put into, seen in or taken out of a parent, such as packs in a box."""

    type: Literal["AggregationEvent"]
    action: Action
    parent_id: Uri | None = Field(default=None, alias="parentID")
    child_epcs: list[Uri] | None = Field(default=None, alias="childEPCs")
    child_quantity_list: list[QuantityElement] | None = None

    @model_validator(mode="after")
    def _names_children(self) -> Self:
        if self.action != "DELETE" and not self.child_epcs and not self.child_quantity_list:
            raise PydanticCustomError("incomplete", "needs childEPCs or childQuantityList")
        return self


class AssociationEvent(PlacedEvent):
    """Objects were tied to a parent for good, such as a sensor to a store house."""

    type: Literal["AssociationEvent"]
    action: Action
    parent_id: Uri = Field(alias="parentID")
    child_epcs: list[Uri] | None = Field(default=None, alias="childEPCs")
    child_quantity_list: list[QuantityElement] | None = None

    @model_validator(mode="after")
    def _names_children(self) -> Self:
        if self.action != "DELETE" and not self.child_epcs and not self.child_quantity_list:
            raise PydanticCustomError("incomplete", "needs childEPCs or childQuantityList")
        return self


class TransactionEvent(PlacedEvent):
    """Objects were tied to a business document, such as lots to an order."""

    type: Literal["TransactionEvent"]
    action: Action
    biz_transaction_list: Annotated[list[BizTransaction], Field(min_length=1)]
    parent_id: Uri | None = Field(default=None, alias="parentID")
    epc_list: list[Uri] | None = None
    quantity_list: list[QuantityElement] | None = None

    @model_validator(mode="after")
    def _names_objects(self) -> Self:
        if self.action != "DELETE" and self.epc_list is None and not self.quantity_list:
            raise PydanticCustomError("incomplete", "needs epcList or quantityList")
        return self


class TransformationEvent(PlacedEvent):
    """Inputs were used up and outputs came to be: harvest, processing, splitting, merging."""

    type: Literal["TransformationEvent"]
    transformation_id: Uri | None = Field(default=None, alias="transformationID")
    input_epc_list: UniqueUris | None = Field(default=None, alias="inputEPCList")
    input_quantity_list: list[QuantityElement] | None = None
    output_epc_list: UniqueUris | None = Field(default=None, alias="outputEPCList")
    output_quantity_list: list[QuantityElement] | None = None
    persistent_disposition: PersistentDisposition | None = None
    ilmd: Ilmd | None = None

    @model_validator(mode="after")
    def _names_both_sides(self) -> Self:
        inputs = bool(self.input_epc_list or self.input_quantity_list)
        outputs = bool(self.output_epc_list or self.output_quantity_list)
        enough = inputs and outputs if self.transformation_id is None else inputs or outputs
        if not enough:
            raise PydanticCustomError(
                "incomplete", "needs inputs and outputs, or one of them and a transformationID"
            )
        return self


class ExtensionEvent(Event):
    """An event of a type of its own, named by a URI or CURIE; kept as it is."""

    free_names = True
    type: Uri


STANDARD_TYPES: Final = (
    "ObjectEvent",
    "AggregationEvent",
    "AssociationEvent",
    "TransactionEvent",
    "TransformationEvent",
)


def _type_of(event: object) -> str:
    named = event.get("type") if isinstance(event, dict) else getattr(event, "type", None)
    return named if named in STANDARD_TYPES else "extension"


AnyEvent = Annotated[
    Annotated[ObjectEvent, Tag("ObjectEvent")]
    | Annotated[AggregationEvent, Tag("AggregationEvent")]
    | Annotated[AssociationEvent, Tag("AssociationEvent")]
    | Annotated[TransactionEvent, Tag("TransactionEvent")]
    | Annotated[TransformationEvent, Tag("TransformationEvent")]
    | Annotated[ExtensionEvent, Tag("extension")],
    Discriminator(_type_of),
]
"""An event, told apart by its `type`."""


class Body(Part):
    """The body of a document: its events."""

    free_names = True
    event_list: list[AnyEvent]


class EpcisDocument(Part):
    """A document of events, as it is captured and exported."""

    context: Context = Field(alias="@context")
    id: Uri | None = None
    type: Literal["EPCISDocument"]
    schema_version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")]
    creation_date: Time
    instance_identifier: str | None = None
    sender: str | None = None
    receiver: str | None = None
    epcis_header: Header | None = None
    epcis_body: Body
