"""Errors as RFC 9457 problems, in the caller's language, with what to do about them.

One table (`api.statuses.STATUS`) gives each error class its status; no route decides one. What fails the
form of a request is never repeated; a fault of the trade names the value at fault, shortened, unless the
field is private. An unexpected fault says only the request's id.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.errors import TooManyRequests
from api.statuses import STATUS
from ledger.errors import DaodiError, Language, Location, ManyFaults

MEDIA_TYPE: Final = "application/problem+json"
_MOST_FAULTS = 200
"""Faults of a JSON body listed in one answer; `count` still tells how many there are."""


class Fault(BaseModel):
    """One fault among several, and where it stands."""

    type: str = Field(description="Slug of the fault, the same in every language.")
    detail: str = Field(description="What is wrong.")
    remedy: str = Field(description="What to do about it.")
    pointer: str | None = Field(None, description="JSON pointer (RFC 6901) into the request body.")
    file: str | None = Field(None, description="Name of the uploaded file.")
    row: int | None = Field(None, description="Row of the file; the heading row is 1.")
    field: str | None = Field(None, description="Column, path, query or header name.")
    value: str | None = Field(None, description="The offending value of an uploaded row, shortened.")


class Problem(BaseModel):
    """What went wrong (RFC 9457), in the language of `Content-Language`."""

    type: str = Field(description="Address of the kind of problem: /problems/ and a stable slug.")
    title: str = Field(description="The HTTP status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong, for a person.")
    remedy: str = Field(description="What to do about it.")
    errors: list[Fault] = Field(default_factory=list, description="The faults found, each with its place.")
    count: int | None = Field(None, description="How many faults there are, when there are several.")


def status_of(error: DaodiError | type[DaodiError]) -> HTTPStatus:
    """Return the HTTP status of an error: its own, or that of the nearest class above it."""
    kind = error if isinstance(error, type) else type(error)
    for ancestor in kind.__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem_of(error: DaodiError, language: Language) -> Problem:
    """Return `error` as a problem in `language`."""
    status = status_of(error)
    faults = error.faults if isinstance(error, ManyFaults) else ()
    if not faults and error.at != Location():
        faults = (error,)
    return Problem(
        type=f"/problems/{error.key()}",
        title=_title(status, language),
        status=status.value,
        detail=error.message(language),
        remedy=error.remedy(language),
        errors=[_fault(fault, language) for fault in _listed(faults)],
        count=len(faults) if isinstance(error, ManyFaults) else None,
    )


def _listed(faults: Sequence[DaodiError]) -> Sequence[DaodiError]:
    """Return the faults an answer names: each one of a file, whose rows a person mends one by one."""
    in_file = any(fault.at.row is not None for fault in faults)
    return faults if in_file else faults[:_MOST_FAULTS]


def problem_response(error: DaodiError, language: Language) -> JSONResponse:
    """Return the HTTP answer for `error`."""
    problem = problem_of(error, language)
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Language": "zh-CN" if language == "zh" else "en",
            "Vary": "Accept-Language",
            "Cache-Control": "no-store",
            **_headers(error),
        },
    )


def problems(*kinds: type[DaodiError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may raise `kinds`, for OpenAPI.

    A body or parameter that does not fit (422) belongs to every route and is always listed.
    """
    by_status: dict[int, list[type[DaodiError]]] = {HTTPStatus.UNPROCESSABLE_ENTITY.value: [ManyFaults]}
    for kind in kinds:
        by_status.setdefault(status_of(kind).value, []).append(kind)
    return {status: _documented(listed) for status, listed in sorted(by_status.items())}


def _documented(kinds: Sequence[type[DaodiError]]) -> dict[str, Any]:
    return {
        "model": Problem,
        "description": "; ".join((kind.__doc__ or kind.key()).splitlines()[0].rstrip(".") for kind in kinds),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _fault(fault: DaodiError, language: Language) -> Fault:
    at = fault.at
    is_pointer = at.field is not None and at.field.startswith("/")
    return Fault(
        type=fault.key(),
        detail=fault.message(language),
        remedy=fault.remedy(language),
        pointer=at.field if is_pointer else None,
        file=at.file,
        row=at.row,
        field=None if is_pointer else at.field,
        value=at.value,
    )


def _headers(error: DaodiError) -> Mapping[str, str]:
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.parts["seconds"])}
    if status_of(error) is HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="daodi"'}
    if status_of(error) is HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": "2"}
    return {}


_TITLES_ZH: Final[dict[int, str]] = {
    400: "请求无法理解",
    401: "需要身份凭证",
    403: "没有权限",
    404: "没有找到",
    405: "方法不支持",
    408: "请求超时",
    409: "与现有内容冲突",
    410: "已不再提供",
    413: "内容过大",
    415: "类型不支持",
    421: "主机不符",
    422: "内容不符合要求",
    429: "请求过于频繁",
    500: "服务内部出错",
    503: "服务暂不可用",
    507: "存储空间不足",
}


def _title(status: HTTPStatus, language: Language) -> str:
    return _TITLES_ZH.get(status.value, "请求未完成") if language == "zh" else status.phrase
