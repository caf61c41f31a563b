"""An example of each answer and parameter, made from its own schema and the words of `example_words`.

What a schema says of itself goes first: its example, its one value, its enumeration, its default.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from api.described.example_words import ENDINGS, NUMBERS, OF_SCHEMA, TEXTS

Schema: TypeAlias = Mapping[str, Any]
Example: TypeAlias = "dict[str, Example] | list[Example] | str | float | bool | None"

_FORMATS: Final = {
    "date-time": "2025-12-31T16:30:00+08:00",
    "date": "2025-12-31",
    "uuid": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    "binary": "%PDF-1.7 …",
}
_DECIMAL: Final = "1.25"


class Examples:
    """Makes examples of the schemas of one description."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        """Make them of the description's `components.schemas`."""
        self._schemas = schemas

    def of(self, schema: Schema, name: str = "", above: tuple[str, ...] = ()) -> Example:
        """Return an example of what `schema` describes, as the member `name`; `above` are those it is in.

        >>> Examples({}).of({"type": "object", "properties": {"herb": {"type": "string"}}})
        {'herb': '白芍'}
        """
        referred = schema.get("$ref", "").rpartition("/")[2]
        if referred:
            return None if referred in above else self.of(self._schemas[referred], name, (*above, referred))
        told = _told(schema)
        if told:
            return told[0]
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                chosen = [each for each in schema[several] if each.get("type") != "null"]
                return self.of(chosen[0], name, above)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind == "array":
            return self._array(schema, name, above)
        if kind == "object":
            return self._object(schema, name, above)
        inside = OF_SCHEMA.get(above[-1].rpartition("__")[2], {}) if above else {}
        return inside[name] if kind == "string" and name in inside else _plain(kind, schema, name)

    def _array(self, schema: Schema, name: str, above: tuple[str, ...]) -> list[Example]:
        if "prefixItems" in schema:
            return [self.of(each, name, above) for each in schema["prefixItems"]]
        one = self.of(schema.get("items", {}), _single(name), above)
        return [] if one is None or one == {} else [one] * int(schema.get("minItems", 1))

    def _object(self, schema: Schema, name: str, above: tuple[str, ...]) -> dict[str, Example]:
        made = {key: self.of(each, key, above) for key, each in schema.get("properties", {}).items()}
        more = schema.get("additionalProperties")
        if not made and isinstance(more, Mapping):
            key = self.of(schema["propertyNames"], "", above) if "propertyNames" in schema else "lot"
            made[str(key)] = self.of(more, _single(name), above)
        return made


def _told(schema: Schema) -> Sequence[Example]:
    """Return what a schema itself says its value may be, the best first; empty where it says nothing."""
    alone = [schema[word] for word in ("example", "const") if word in schema]
    several = [each for word in ("examples", "enum") for each in schema.get(word, ())]
    usual = schema.get("default")
    return [*alone, *several, *([] if usual is None else [usual])]


def _plain(kind: str | None, schema: Schema, name: str) -> Example:
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        return _within(NUMBERS.get(name, NUMBERS.get(name.rpartition("_")[2], 12)), schema)
    return _text(schema, name) if kind == "string" or "format" in schema else {}


def _text(schema: Schema, name: str) -> str:
    if "format" in schema:
        return _FORMATS.get(schema["format"], TEXTS["address"])
    ending = next((text for end, text in ENDINGS if name.endswith(end)), None)
    best = TEXTS.get(name) or ending or TEXTS.get(name.rpartition("_")[2], _DECIMAL)
    fit = re.compile(schema.get("pattern", ""))
    return next((text for text in (best, *TEXTS.values()) if fit.search(text)), best)


def _within(number: int, schema: Schema) -> int:
    lowest, highest = int(schema.get("minimum", number)), int(schema.get("maximum", number))
    return max(lowest, min(highest, number))


def _single(name: str) -> str:
    return name.removesuffix("s") if name.removesuffix("s") in TEXTS else name
