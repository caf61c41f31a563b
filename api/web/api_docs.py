"""The API documents: the OpenAPI description arranged for reading, without a script from elsewhere."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape

from api.languages import HTML_LANG
from api.web.site import environment
from api.web.words import words_in
from ledger.errors import Language

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_BACKTICKS: Final = re.compile("`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    """`path`, `query`, `header` or `body`."""
    kind: str
    meaning: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One status an operation can answer with."""

    status: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    name: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[Markup, ...]
    needs_token: bool
    parameters: tuple[Parameter, ...]
    body: str
    """Media type of the request body; empty without one. Its members stand among the parameters."""
    answers: tuple[Answer, ...]


class DrawnOperations:
    """All operations as HTML, drawn once a language: what they are never changes while a process runs."""

    def __init__(self, openapi: Callable[[], Mapping[str, Any]]) -> None:
        """Draw nothing yet; `openapi` makes the description, which takes a second the first time."""
        self._openapi = openapi
        self._lock = threading.Lock()
        self._drawn: dict[Language, Markup] = {}

    def drawn(self, language: Language) -> Markup:
        """Return the contents and the operations; whoever asks first makes the others wait."""
        with self._lock:
            if language not in self._drawn:
                template = environment().get_template("api_operations.html")
                groups = operations(self._openapi())
                words, lang = words_in(language), HTML_LANG[language]
                self._drawn[language] = Markup(template.render(t=words, html_lang=lang, groups=groups))  # noqa: S704  the template escapes
            return self._drawn[language]


def operations(openapi: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """Return the operations of an OpenAPI description by their first tag, in the order they stand there."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in openapi["paths"].items():
        for method in _METHODS:
            if method in methods:
                told = methods[method]
                operation = _operation(method, path, told, openapi["components"]["schemas"])
                groups.setdefault(told.get("tags", ["service"])[0], []).append(operation)
    return groups


def with_code(text: str) -> Markup:
    """Return escaped text in which `words between backticks` are marked as code.

    >>> with_code("`id` < 3")
    Markup('<code>id</code> &lt; 3')
    """
    return Markup(_BACKTICKS.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped just before


def kind_words(schema: Mapping[str, Any]) -> str:
    """Say the type of a schema in a few words.

    >>> kind_words({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})
    'date'
    >>> kind_words({"type": "integer", "minimum": 1, "maximum": 200})
    'integer 1–200'
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if choices := schema.get("anyOf"):
        return " | ".join(kind_words(each) for each in choices if each.get("type") != "null")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{kind_words(schema.get('items', {}))}]"
    words = str(schema.get("format") or schema.get("type") or "")
    if "minimum" in schema and "maximum" in schema:
        words += f" {schema['minimum']}–{schema['maximum']}"
    return words


def _operation(method: str, path: str, told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    body = told.get("requestBody", {}).get("content", {})
    given = [_parameter(each) for each in told.get("parameters", ())]
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        paragraphs=tuple(with_code(each) for each in told.get("description", "").split("\n\n") if each),
        needs_token=bool(told.get("security")),
        parameters=(*given, *_members(body, schemas)),
        body=", ".join(body),
        answers=_answers(told["responses"]),
    )


def _parameter(told: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=told["name"],
        place=told["in"],
        kind=kind_words(told.get("schema", {})),
        meaning=told.get("description", ""),
        required=told.get("required", False),
    )


def _members(body: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[Parameter]:
    """Return the members of a request body that is an object, as parameters."""
    found = []
    for told in body.values():
        schema = schemas.get(kind_words(told.get("schema", {})), {})
        for name, member in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            meaning = member.get("description", "")
            found.append(
                Parameter(
                    name=name, place="body", kind=kind_words(member), meaning=meaning, required=required
                )
            )
    return found


def _answers(responses: Mapping[str, Mapping[str, Any]]) -> tuple[Answer, ...]:
    return tuple(
        Answer(status=status, meaning=told["description"]) for status, told in sorted(responses.items())
    )
