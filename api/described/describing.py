"""The description of the API finished: parts of the API in words, an example of each body, keys, limits."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from fastapi import FastAPI

from api.described.example_answers import Examples
from api.described.example_bodies_prices import PRICES_BODIES
from api.described.example_bodies_trace import TRACE_BODIES
from api.errors import TooManyRequests
from api.problems import problems
from api.repeats.repeat_errors import AnswerNotKept, RequestKeyMalformed, RequestUnderWay
from api.repeats.repeat_table import SECRET

Description: TypeAlias = dict[str, Any]

TAGS: Final[Mapping[str, str]] = {
    "access": "Who used what: the notes of access and their daily digests 访问记录",
    "accounts": "People, roles, keys and short tokens 账号",
    "codes": "Trace codes, their batches and labels 追溯码",
    "documents": "Reports, photos and series, by their hash 文件",
    "forecasts": "Forecasts and their track record 预测",
    "governance": "Declarations, complaints and assessments of the indices 治理",
    "health": "Whether the service lives and can work 健康",
    "imports": "Files of steps and of quotes 导入",
    "integrity": "Scores, inspections, draws, credit, complaints 诚信",
    "ledger": "The log: proofs, keys, tiles, statements 账本",
    "links": "Codes of other systems, GS1 Digital Link 外部编码",
    "prices": "Quotes, releases, indices and their method 价格与指数",
    "privacy": "Private values: read, disclosed, erased 私有值",
    "problems": "Every kind of problem 问题类型",
    "recalls": "Holds, recalls, notices, drills 冻结与召回",
    "registers": "Parties, places, licences, gates 主体与地点",
    "supervision": "Figures and lists of a regulator 监管",
    "trace": "Steps, lots and their way 追溯",
    "vocabulary": "Herbs, markets, standards, stages 词表",
    "warnings": "Early warnings and the decisions about them 预警",
    "webhooks": "Who is told of what, and every try 推送",
}
"""What each part of the API is about, English and Chinese."""

KEY_HEADER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A UUID of the caller's for this request: sent again under it, the request is done once and answered "
        "alike (`Idempotent-Replayed: true`). 422 for another request under it, 409 while it is under way."
    ),
    "schema": {"type": "string", "minLength": 8, "maxLength": 130},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
_BODIES: Final[Mapping[str, Any]] = {**TRACE_BODIES, **PRICES_BODIES}


def finish_description(app: FastAPI) -> None:
    """Let `app.openapi()` say all of this too."""
    plain = app.openapi

    def finished() -> Description:
        fresh = app.openapi_schema is None
        described: Description = plain()
        if fresh:
            _finish(described)
        return described

    # FastAPI's documented way ("Extending OpenAPI").
    app.openapi = finished  # type: ignore[method-assign]


def _finish(described: Description) -> None:
    used = {tag for _, _, operation in _operations(described) for tag in operation.get("tags", ())}
    described["tags"] = [{"name": name, "description": words} for name, words in TAGS.items() if name in used]
    for path, method, operation in _operations(described):
        if path.startswith("/v1/"):
            _add_answers(operation, TooManyRequests)
        if path.startswith("/v1/") and method == "post":
            operation.setdefault("parameters", []).append(KEY_HEADER)
            _add_answers(operation, RequestKeyMalformed, RequestUnderWay)
            if path in SECRET:
                _add_answers(operation, AnswerNotKept)
        if path in _BODIES and "application/json" in operation.get("requestBody", {}).get("content", {}):
            operation["requestBody"]["content"]["application/json"]["example"] = _BODIES[path]
    _add_examples(described)


def _add_examples(described: Description) -> None:
    """Give every JSON answer and every parameter that must be sent an example."""
    examples = Examples(described["components"]["schemas"])
    for _, _, operation in _operations(described):
        for parameter in operation.get("parameters", ()):
            if parameter.get("required") and not {"example", "examples"} & parameter.keys():
                parameter["example"] = examples.of(parameter["schema"], parameter["name"])
        for status, answer in operation["responses"].items():
            told = answer.get("content", {}).get("application/json")
            if status.startswith("2") and told is not None and "example" not in told:
                told["example"] = examples.of(told.get("schema", {}))


def _add_answers(operation: Description, *kinds: type[Any]) -> None:
    for status, answer in problems(*kinds).items():
        told = operation["responses"].setdefault(
            str(status), {name: each for name, each in answer.items() if name != "model"}
        )
        if str(status) != "422" and answer["description"] not in told["description"]:
            told["description"] += f"; {answer['description']}"


def _operations(described: Description) -> Iterator[tuple[str, str, Description]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation
