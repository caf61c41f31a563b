"""The JSON Schema of a step of each stage, written from its profile: the same words that judge it.

Draft 2020-12. A schema judges shapes: whether the lots exist and the step can be true, the rules say.
Members `x-…` tell what JSON Schema has no word for: unit, visibility and source of a field.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ledger.canonical import JsonValue
from ledger.errors import Language
from trace.flow_faults import SENSED
from trace.flows import Counterparty, Flow
from trace.profiles import Field, Kind, profile
from trace.steps import MAX_GRAMS, StepNew
from trace.vocabulary import BY_CODE, Stage

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_Schema = dict[str, JsonValue]
_OWN_MEMBERS: Final = ("inputs", "outputs", "lots")
_BOXES: Final = frozenset({Stage.NEST, Stage.UNNEST})


def step_schema(stage: Stage, language: Language = "zh") -> _Schema:
    """Return the schema of what `POST /v1/steps` takes for `stage`, its titles in `language`.

    >>> step_schema(Stage.PRIMARY_PROCESSING)["properties"]["fields"]["required"]
    ['method']
    """
    whole = StepNew.model_json_schema()
    members: dict[str, JsonValue] = dict(whole["properties"])
    rules = profile(stage)
    wanted = _members(stage, rules.flow)
    found: _Schema = {
        "$schema": DIALECT,
        "title": stage.words(language),
        "description": rules.flow.wanted_zh if language == "zh" else rules.flow.wanted_en,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{name: members[name] for name in wanted},
            "stage": {"const": stage.value},
            **{
                name: _lots(members[name], getattr(rules.flow, name))
                for name in wanted
                if name in _OWN_MEMBERS
            },
            "fields": _fields(rules.fields, language),
        },
        "required": _required(stage, rules.flow, rules.fields),
        "$defs": whole["$defs"],
    }
    if stage in BY_CODE - _BOXES:
        found["oneOf"] = [{"required": ["lots"]}, {"required": ["codes"]}]
    if stage is Stage.PURCHASE:
        found["oneOf"] = [{"required": ["lots", "counterparty"]}, {"required": ["outputs"]}]
    return found


def field_schema(field: Field, language: Language = "zh") -> _Schema:
    """Return the schema of the value of one field."""
    return {
        **_KINDS[field.kind](field),
        "title": field.label(language),
        "description": field.meaning(language),
        "x-visibility": field.visibility.value,
        "x-source": field.source,
        **({"x-unit": field.unit} if field.unit else {}),
    }


def _members(stage: Stage, flow: Flow) -> list[str]:
    """Return the members a step of `stage` may have, in the order people fill them in."""
    told = {
        "inputs": bool(flow.inputs[1]),
        "outputs": bool(flow.outputs[1]),
        "lots": bool(flow.lots[1]),
        "codes": stage in BY_CODE,
        "container": stage in _BOXES,
        "counterparty": flow.counterparty is not Counterparty.NONE,
        "results": stage is Stage.TEST,
        "sensors": stage in SENSED,
        "packs": stage is Stage.PACK,
        "grams_per_pack": stage is Stage.PACK,
        "batch": stage is Stage.PACK,
    }
    return [
        "id",
        "stage",
        "party",
        "place",
        "time",
        *(name for name, there in told.items() if there),
        "fields",
    ]


def _required(stage: Stage, flow: Flow, fields: tuple[Field, ...]) -> list[JsonValue]:
    by_code = stage in BY_CODE
    told = {
        "inputs": flow.inputs[0] > 0,
        "outputs": flow.outputs[0] > 0,
        "lots": flow.lots[0] > 0 and not by_code,
        "container": stage in _BOXES,
        "codes": stage is Stage.NEST,
        "counterparty": flow.counterparty is Counterparty.REQUIRED,
        "results": stage is Stage.TEST,
        "sensors": stage is Stage.SENSING,
        "packs": stage is Stage.PACK,
        "grams_per_pack": stage is Stage.PACK,
        "fields": any(field.required for field in fields),
    }
    return ["stage", "party", "place", "time", *(name for name, there in told.items() if there)]


def _lots(member: JsonValue, least_and_most: tuple[int, int]) -> _Schema:
    least, most = least_and_most
    known = dict(member) if isinstance(member, Mapping) else {}
    return known | {"minItems": least, "maxItems": most}


def _fields(fields: tuple[Field, ...], language: Language) -> _Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: field_schema(field, language) for field in fields},
        "required": [field.name for field in fields if field.required],
    }


def _text(_: Field) -> _Schema:
    return {"type": "string", "minLength": 1, "maxLength": 400}


def _pattern(pattern: str) -> Callable[[Field], _Schema]:
    def typed(_: Field) -> _Schema:
        return {"type": "string", "pattern": pattern}

    return typed


def _whole(least: int, most: int) -> Callable[[Field], _Schema]:
    def typed(_: Field) -> _Schema:
        return {"type": "integer", "minimum": least, "maximum": most}

    return typed


def _choice(field: Field) -> _Schema:
    """A choice is sent by its key; its Chinese and English words are understood as well."""
    words = dict.fromkeys(word for each in field.choices for word in (each.key, each.zh, each.en))
    return {"type": "string", "enum": list(words)}


def _flag(_: Field) -> _Schema:
    return {"type": "boolean"}


def _date(_: Field) -> _Schema:
    return {"type": "string", "format": "date"}


def _time(_: Field) -> _Schema:
    return {"type": "string", "format": "date-time"}


_LARGEST: Final = 10**9
_KINDS: Final[Mapping[Kind, Callable[[Field], _Schema]]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _whole(0, _LARGEST),
    Kind.GRAMS: _whole(1, MAX_GRAMS),
    Kind.AREA_MU: _pattern(r"^[0-9]{1,9}(\.[0-9]{1,4})?$"),
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.PRICE: _whole(1, _LARGEST),
    Kind.MONEY: _whole(1, _LARGEST),
    Kind.DECIMAL: _pattern(r"^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$"),
    Kind.TIME: _time,
    Kind.POSITION: _pattern(r"^-?[0-9]{1,2}(\.[0-9]{1,7})?, *-?[0-9]{1,3}(\.[0-9]{1,7})?$"),
    Kind.DOCUMENT: _pattern(r"^sha256:[0-9a-f]{64}$"),
}
