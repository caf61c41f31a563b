"""Our EPCIS models against GS1's JSON Schema and the documents others publish."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from ledger.errors import DaodiError, ManyFaults
from trace.epcis import cbv
from trace.epcis.model import STANDARD_TYPES, EpcisDocument
from trace.epcis.reading import read_document, read_event
from trace.errors import BadEvent

pytestmark = pytest.mark.shared

# These give an inline sensor attribute twice, which TCR-53 (set3) tells a repository to refuse.
DOUBLED_ATTRIBUTES = {
    "AggregationEvent_all_possible_fields.json",
    "AssociationEvent_all_possible_fields.json",
    "JumbledFieldsOrder.json",
    "ObjectEvent_all_possible_fields.json",
    "TransactionEvent_all_possible_fields.json",
    "TransformationEvent_all_possible_fields.json",
}
Accepts = Callable[[Any], bool]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors" / "epcis"


@pytest.fixture(scope="module")
def schema(folder: Path) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(_parsed(folder / "EPCIS-JSON-Schema.json"), validate_formats=True)


def _parsed(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _documents(folder: Path) -> list[Path]:
    return sorted((folder / "openepcis" / "Capture" / "Documents").glob("*.json"))


def _model_accepts(document: Any) -> bool:
    try:
        EpcisDocument.model_validate(document)
    except ValidationError:
        return False
    return True


def test_models_and_schema_agree_on_every_published_document(
    folder: Path, schema: jsonschema_rs.Draft7Validator
) -> None:
    paths = [*_documents(folder), *sorted((folder / "openepcis").rglob("Invalid/*.json"))]
    paths += sorted((folder / "eventhash").glob("*.jsonld"))
    documents = {path.name: _parsed(path) for path in paths}
    documents = {name: parsed for name, parsed in documents.items() if parsed.get("type") == "EPCISDocument"}
    assert len(documents) > 50
    assert {name: _model_accepts(parsed) for name, parsed in documents.items()} == {
        name: schema.is_valid(parsed) for name, parsed in documents.items()
    }


def test_35_documents_are_accepted_and_given_back_equal_and_valid(
    folder: Path, schema: jsonschema_rs.Draft7Validator
) -> None:
    accepted = [parsed for path in _documents(folder) if schema.is_valid(parsed := _parsed(path))]
    assert len(accepted) == 35
    for document in accepted:
        given_back = json.loads(json.dumps(EpcisDocument.model_validate(document).json_form()))
        assert given_back == document
        assert schema.is_valid(given_back)


def test_single_events_are_read_and_given_back_equal(
    folder: Path, schema: jsonschema_rs.Draft7Validator
) -> None:
    paths = sorted((folder / "openepcis" / "Capture" / "Events").glob("*.json"))
    assert {_parsed(path)["type"] for path in paths} == set(STANDARD_TYPES)
    for path in paths:
        assert schema.is_valid(_parsed(path))
        assert read_event(_parsed(path)).json_form() == _parsed(path)


def test_every_deliberately_invalid_document_is_refused_in_both_languages(folder: Path) -> None:
    paths = sorted((folder / "openepcis" / "Capture" / "Invalid").glob("*.json"))
    assert len(paths) == 8
    for path in paths:
        with pytest.raises((BadEvent, ManyFaults)) as refused:
            read_document(_parsed(path))
        for fault in _faults(refused.value):
            assert fault.at.field is not None
            assert fault.at.field.startswith("/epcisBody/eventList/")
            assert fault.message("zh") != fault.message("en")


def _faults(error: DaodiError) -> tuple[DaodiError, ...]:
    return error.faults if isinstance(error, ManyFaults) else (error,)


def test_documents_that_give_a_sensor_attribute_twice_are_refused_as_tcr_53_asks(
    folder: Path, schema: jsonschema_rs.Draft7Validator
) -> None:
    refused = set()
    for path in _documents(folder):
        if schema.is_valid(document := _parsed(path)):
            try:
                read_document(document)
            except BadEvent:
                refused.add(path.name)
    assert refused == DOUBLED_ATTRIBUTES


def test_the_herb_stages_example_is_read_whole(folder: Path) -> None:
    example = _parsed(folder / "tcm_mapping_example.jsonld")
    document = read_document(example)
    assert len(document.epcis_body.event_list) == 12
    assert document.json_form() == example


def test_the_vocabularies_are_those_of_the_schema(folder: Path) -> None:
    definitions = _parsed(folder / "EPCIS-JSON-Schema.json")["definitions"]
    ours = {
        "bizStep": cbv.BIZ_STEPS,
        "disposition": cbv.DISPOSITIONS,
        "bizTransaction-type": cbv.BIZ_TRANSACTION_TYPES,
        "source-dest-type": cbv.SOURCE_DEST_TYPES,
        "error-reason": cbv.ERROR_REASONS,
        "measurementType": cbv.MEASUREMENT_TYPES,
        "sensorAlertType": cbv.SENSOR_ALERT_TYPES,
        "component": cbv.COMPONENTS,
    }
    assert [len(words) for words in ours.values()] == [41, 33, 13, 3, 2, 72, 2, 14]
    for name, words in ours.items():
        theirs = next(branch["enum"] for branch in definitions[name]["anyOf"] if "enum" in branch)
        assert words == set(theirs)
