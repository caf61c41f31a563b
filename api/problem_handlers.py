"""How the application answers an exception: a problem for programs, a page for people."""

from http import HTTPStatus
from typing import Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.accounts.leading import way_to_sign_in
from api.errors import BodyTypeUnsupported, InternalFault, NoSuchAddress
from api.faults_of import error_of, is_wrong_media_type
from api.languages import language_of
from api.problems import problem_response, status_of
from ledger.errors import DaodiError

_log = structlog.get_logger(__name__)
_KEPT_FROM_HTTP: Final = ("Allow",)
_KEPT_FROM_PROBLEM: Final = ("Retry-After", "WWW-Authenticate", "Cache-Control")


def told(fault: Exception, request_id: str) -> DaodiError:
    """Return the error the caller is told of; what is the program's own fault is logged instead."""
    error = error_of(fault)
    if error is None or status_of(error) is HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("internal_fault", error=type(fault).__name__, exc_info=fault)
        return InternalFault(request_id=request_id)
    if status_of(error) is HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("unavailable", error=error.key(), cause=type(fault.__cause__ or fault).__name__)
    return error


def answer_to(fault: Exception, request: Request, request_id: str) -> Response:
    """Return the answer to what no handler caught: a page where a person asks, else a problem.

    Where the page itself cannot be drawn the problem is the answer: a fault must not hide another.
    """
    error = told(fault, request_id)
    problem = problem_response(error, language_of(request))
    if "app" not in request.scope or not _wants_page(request):
        return problem
    try:
        page = _page(request, error)
    except Exception as second:  # noqa: BLE001  the last answer there is needs no template
        _log.error("page_of_fault_failed", error=type(second).__name__, exc_info=second)
        return problem
    page.headers["Cache-Control"] = problem.headers.get("Cache-Control", "no-store")
    return page


def install(app: FastAPI) -> None:
    """Let `app` answer our errors, refused input and HTTP errors as problems or pages.

    Anything else rises to the gate, which answers it with `answer_to`.
    """
    app.add_exception_handler(DaodiError, _answer)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)


async def _answer(request: Request, fault: Exception) -> Response:
    error = told(fault, request.state.request_id)
    problem = problem_response(error, language_of(request))
    if not _wants_page(request):
        return problem
    if (way := way_to_sign_in(request, error)) is not None:
        return RedirectResponse(way, HTTPStatus.SEE_OTHER.value, {"Cache-Control": "no-store"})
    page = _page(request, error)
    for name in _KEPT_FROM_PROBLEM:
        if name in problem.headers:
            page.headers[name] = problem.headers[name]
    return page


async def _answer_validation(request: Request, fault: Exception) -> Response:
    content_type = request.headers.get("content-type", "")
    if isinstance(fault, RequestValidationError) and is_wrong_media_type(fault, content_type):
        return await _answer(request, BodyTypeUnsupported(wanted="application/json"))
    if isinstance(fault, RequestValidationError) and _wants_page(request) and _mistyped(fault):
        return await _answer(request, NoSuchAddress())
    return await _answer(request, fault)


async def _answer_http(request: Request, fault: Exception) -> Response:
    answer = await _answer(request, fault)
    for name in _KEPT_FROM_HTTP:
        if isinstance(fault, HTTPException) and fault.headers and name in fault.headers:
            answer.headers[name] = fault.headers[name]
    return answer


def _page(request: Request, error: DaodiError) -> Response:
    # The templates are loaded for people only: commands and programs start faster without them.
    from api.web.site import not_found_page, problem_page

    if isinstance(error, NoSuchAddress):
        return not_found_page(request)
    return problem_page(request, error, status_of(error).value)


def _mistyped(fault: RequestValidationError) -> bool:
    """Tell whether nothing is wrong but the address itself: a person then asked for a page there is not."""
    return all(error["loc"][0] == "path" for error in fault.errors())


def _wants_page(request: Request) -> bool:
    """Tell whether a person's browser asks: it names text/html before any JSON."""
    accepted = request.headers.get("accept", "")
    return not request.url.path.startswith("/v1/") and "text/html" in accepted.partition("json")[0]
