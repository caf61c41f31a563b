"""Structures as an SDMX-JSON 2.0.0 structure message: dataflow, data structure, code lists, concepts."""

from collections.abc import Sequence
from typing import Final

from api.sdmx.structure import (
    AGENCY,
    ATTRIBUTES,
    CODE_LISTS,
    COMPONENTS,
    CONCEPTS,
    DIMENSIONS,
    FLOW,
    MEASURE,
    VERSION,
    CodeList,
    Component,
)
from ledger.canonical import JsonValue

MEDIA_TYPE: Final = "application/vnd.sdmx.structure+json;version=2.0.0"
_SCHEMA: Final = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/"
    "structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
)
_URN: Final = "urn:sdmx:org.sdmx.infomodel"
_NAMES: Final = ("中药材价格指数", "TCM herb price index")

PLURALS: Final = {
    "dataflow": "dataflows",
    "datastructure": "dataStructures",
    "codelist": "codelists",
    "conceptscheme": "conceptSchemes",
}
"""Kind of structure in an address -> its list in the message."""


def structures() -> dict[str, dict[str, dict[str, JsonValue]]]:
    """Return every structure by kind and id."""
    return {
        "dataflow": {FLOW: _dataflow()},
        "datastructure": {FLOW: _data_structure()},
        "codelist": {each.id: _code_list(each) for each in CODE_LISTS},
        "conceptscheme": {CONCEPTS: _concept_scheme()},
    }


def message(chosen: Sequence[tuple[str, dict[str, JsonValue]]]) -> dict[str, JsonValue]:
    """Wrap structures, each with its kind, into a message.

    `prepared` is the day this definition was written, not now: the same structures have the same bytes.
    """
    lists: dict[str, list[JsonValue]] = {}
    for kind, structure in chosen:
        lists.setdefault(PLURALS[kind], []).append(structure)
    meta: dict[str, JsonValue] = {
        "schema": _SCHEMA,
        "id": f"{FLOW}-{VERSION}",
        "test": False,
        "prepared": "2026-11-22T00:00:00Z",
        "contentLanguages": ["zh", "en"],
        "sender": {"id": AGENCY},
    }
    return {"meta": meta, "data": {kind: list(found) for kind, found in lists.items()}}


def _named(id_: str, zh: str, en: str) -> dict[str, JsonValue]:
    return {"id": id_, "name": en, "names": {"zh": zh, "en": en}}


def _kept(id_: str, zh: str, en: str) -> dict[str, JsonValue]:
    return {**_named(id_, zh, en), "agencyID": AGENCY, "version": VERSION}


def _dataflow() -> dict[str, JsonValue]:
    urn = f"{_URN}.datastructure.DataStructure={AGENCY}:{FLOW}({VERSION})"
    return {**_kept(FLOW, *_NAMES), "structure": urn}


def _code_list(codes: CodeList) -> dict[str, JsonValue]:
    return {
        **_kept(codes.id, codes.zh, codes.en),
        "codes": [_named(code.id, code.zh, code.en) for code in codes.codes],
    }


def _concept_scheme() -> dict[str, JsonValue]:
    named: list[JsonValue] = [_named(each.id, each.zh, each.en) for each in COMPONENTS]
    return {**_kept(CONCEPTS, "价格指数概念", "concepts of the price index"), "concepts": named}


def _data_structure() -> dict[str, JsonValue]:
    plain: list[JsonValue] = [_component(each) for each in DIMENSIONS if each.part == "dimension"]
    [time] = [_component(each) for each in DIMENSIONS if each.part == "time"]
    relation: dict[str, JsonValue] = {"attributeRelationship": {"observation": {}}}
    attributes: list[JsonValue] = [{**_component(each), **relation} for each in ATTRIBUTES]
    components: dict[str, JsonValue] = {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": plain, "timeDimension": time},
        "measureList": {"id": "MeasureDescriptor", "measures": [_component(MEASURE)]},
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }
    return {**_kept(FLOW, *_NAMES), "dataStructureComponents": components}


def _component(component: Component) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {"dataType": component.kind}
    codes = component.codes
    how: dict[str, JsonValue] = {"format": shown}
    if codes is not None:
        how = {
            "enumeration": f"{_URN}.codelist.Codelist={AGENCY}:{codes.id}({VERSION})",
            "enumerationFormat": shown,
        }
    concept = f"{_URN}.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{component.id}"
    return {"id": component.id, "conceptIdentity": concept, "localRepresentation": how}
