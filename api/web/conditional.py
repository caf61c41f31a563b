"""Answers that are sent once: a strong ETag from the bytes, and 304 when the reader already has them.

Whoever read something may change it on condition that it still is what was read: 412 otherwise.

RFC 9110, sections 8.8.3 and 13.1.2. The tag is a hash of exactly what would be sent, so it can never
be right for other bytes: a recall, a new scan or another language all change it.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, TypeAlias

from pydantic import BaseModel
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from api.web.precondition_errors import ChangedMeanwhile

REVALIDATE: Final = "no-cache"
"""Keep it, but ask before every use: what a recall can change."""

IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""Never changes under this address."""

Check: TypeAlias = Callable[[Session], None]
"""What has to hold in the transaction of a change: it raises where it does not."""

MATCH_HEADER: Final = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": (
        "The `ETag` of what was read: 412, and nothing is changed, where it is another by now (RFC 9110)."
    ),
    "schema": {"type": "string", "maxLength": 400, "examples": ['"47DEQpj8HBSa-_TImW-5"']},
}
"""The header of changes that may be bound to what was read, for OpenAPI."""


def entity_tag(body: bytes) -> str:
    """Return the strong entity tag of `body`.

    >>> entity_tag(b"")
    '"47DEQpj8HBSa-_TImW-5"'
    """
    digest = hashlib.sha256(body).digest()[:15]
    return f'"{base64url(digest)}"'


def base64url(raw: bytes) -> str:
    """Write bytes in the URL-safe alphabet without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def conditional(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    cache: str = REVALIDATE,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with `body`, or with 304 when `If-None-Match` names it; only a 200 can become a 304."""
    tag = entity_tag(body)
    sent = {"ETag": tag, "Cache-Control": cache, **(headers or {})}
    if status == HTTPStatus.OK and matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=sent)
    return Response(body, status_code=status, media_type=media_type, headers=sent)


def conditional_model(
    request: Request, model: BaseModel, *, cache: str = REVALIDATE, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a response model as JSON, or with 304."""
    body = model.model_dump_json().encode()
    named = {"Vary": "Accept-Language", **(headers or {})}
    return conditional(request, body, "application/json", cache=cache, headers=named)


def require_match(request: Request, present: Callable[[], BaseModel]) -> None:
    """Raise `ChangedMeanwhile` when `If-Match` names another state than what is `present`ly read.

    A change without the header goes through, as ever under /v1. Compares strongly (RFC 9110, section
    13.1.1): call it in the transaction that changes.
    """
    named = request.headers.get("if-match")
    if named is None or named.strip() == "*":
        return
    tag = entity_tag(present().model_dump_json().encode())
    if tag not in {each.strip() for each in named.split(",")}:
        raise ChangedMeanwhile


def matches(if_none_match: str, tag: str) -> bool:
    """Compare weakly, as RFC 9110 section 13.1.2 asks for `If-None-Match`."""
    if if_none_match.strip() == "*":
        return True
    return any(each.strip().removeprefix("W/") == tag for each in if_none_match.split(","))
