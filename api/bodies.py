"""Request bodies at the gate: their type, their length, their time, and strict JSON.

JSON and form bodies are short, so they are read whole and checked before any route sees them. Uploads
stream through; their length is counted on the way.
"""

import asyncio
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from api.errors import AddressNotText, BodyTooSlow, BodyTypeUnsupported, RequestTooLarge
from api.settings import Settings
from api.strict_json import parse_strict

_UPLOAD: Final = "multipart/form-data"
_FORM: Final = "application/x-www-form-urlencoded"
_WANTED: Final = "application/json"


def refuse_early(headers: Headers, settings: Settings) -> None:
    """Raise `RequestTooLarge` for a declared length over the limit, before a byte of it is read."""
    declared = headers.get("content-length", "0")
    limit = _limit(_media_type(headers), settings)
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise RequestTooLarge(limit=limit)


async def read_body(headers: Headers, receive: Receive, settings: Settings) -> Receive:
    """Return what the application shall receive from: the checked body, or a guarded upload.

    Raises `RequestTooLarge`, `BodyTooSlow`, `BodyTypeUnsupported`, `BodyNotJson`, or `AddressNotText` for a
    NUL in a form.
    """
    if "content-length" not in headers and "transfer-encoding" not in headers:
        return receive
    media_type = _media_type(headers)
    guarded = _Guarded(receive, _limit(media_type, settings), settings.body_seconds)
    if media_type == _UPLOAD:
        _check_charset(headers)
        return guarded.receive
    body = await guarded.read_all()
    if body:
        _check(media_type, body)
    return _Replay(body, receive).receive


def _check(media_type: str, body: bytes) -> None:
    if media_type == _WANTED or (media_type.startswith("application/") and media_type.endswith("+json")):
        parse_strict(body)
    elif media_type != _FORM:
        raise BodyTypeUnsupported(wanted=_WANTED)
    elif b"%00" in body or b"\0" in body:
        raise AddressNotText


def _check_charset(headers: Headers) -> None:
    """Refuse a charset: RFC 7578 knows none here, and Python has some that make lone surrogates of ASCII."""
    _, parameters = parse_options_header(headers.get("content-type", ""))
    if parameters.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise BodyTypeUnsupported(wanted=_UPLOAD)


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _limit(media_type: str, settings: Settings) -> int:
    return settings.max_upload_bytes if media_type == _UPLOAD else settings.max_body_bytes


class _Guarded:
    """A body that must stay below a length and arrive within a time."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._length = 0
        self._whole = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise BodyTooSlow(seconds=self._seconds) from None
        if message["type"] == "http.request":
            self._length += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._length > self._limit:
                raise RequestTooLarge(limit=self._limit)
        return message

    async def read_all(self) -> bytes:
        parts: list[bytes] = []
        while not self._whole:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                break
            parts.append(message.get("body", b""))
        return b"".join(parts)


class _Replay:
    """A body already read, handed on as one message."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def receive(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
