"""A request's key: read from its header, bound to who sent it and to a digest of what it said."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from api.callers import Caller
from api.repeats.repeat_errors import RequestKeyMalformed

HEADER: Final = "idempotency-key"
PUBLIC: Final = "public"
"""Whoever sends no token: its keys have to be hard to guess, as UUIDs are."""
_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)
_STATE: Final = "sent_request"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What tells a repeated request from a new one."""

    caller: str
    key: str
    digest: bytes
    """SHA-256 over method, path, query and body."""

    def derived_id(self) -> str:
        """Return an id of 36 characters for what the request makes: the same for a repeated request.

        >>> RequestKey("token 1", "8e03978e", b"").derived_id()
        'key-762075e73ce2063e19124c2a376606f7'
        """
        named = f"{self.caller}\n{self.key}".encode()
        return f"key-{hashlib.sha256(named).hexdigest()[:32]}"


def read_key(sent: str) -> str:
    """Return the key of an `Idempotency-Key` header.

    The draft has a quoted string (RFC 9651, section 3.3.3); widespread clients send it bare. Raises
    `RequestKeyMalformed`.

    >>> read_key('"8e03978e-40d5"') == read_key("8e03978e-40d5")
    True
    """
    bare = sent.strip()
    if len(bare) >= 2 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if not _KEY.fullmatch(bare):
        raise RequestKeyMalformed
    return bare


def name_of(caller: Caller | None) -> str:
    """Return under which name a caller's keys are kept: one token's or account's are nobody else's.

    The party too: a person may hold keys bound to several.
    """
    if caller is None or caller.token is None:
        return PUBLIC
    return f"token {caller.token} {caller.party or '-'} {caller.source or '-'}"


class SentRequest:
    """A keyed request on its way in: its digest grows as its body is read."""

    def __init__(self, scope: Scope, headers: Headers, receive: Receive) -> None:
        """Read `receive` through; raises `RequestKeyMalformed`."""
        keys = headers.getlist(HEADER)
        if len(keys) != 1:
            raise RequestKeyMalformed
        self._key = read_key(keys[0])
        self._receive = receive
        self._body = _body_digest(headers.get("content-type", ""))
        head = (scope["method"].encode(), scope["path"].encode(), scope["query_string"])
        self._head = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in head))
        scope["state"][_STATE] = self

    async def receive(self) -> Message:
        """Hand on one part of the request."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._body.add(message.get("body", b""))
        return message

    def key_of(self, caller: Caller | None) -> RequestKey:
        """Return the key as `caller` sent it; the body has to be read."""
        whole = self._head.copy()
        whole.update(self._body.digest())
        return RequestKey(name_of(caller), self._key, whole.digest())


def wants_key(scope: Scope, headers: Headers) -> bool:
    """Tell whether a request is one whose answer is kept: a POST to the API that names a key."""
    return scope["method"] == "POST" and HEADER in headers and scope["path"].startswith("/v1/")


def sent_with_key(scope: Scope) -> SentRequest | None:
    """Return the keyed request that came by `SentRequest`; None for one without a key."""
    found: SentRequest | None = scope["state"].get(_STATE)
    return found


def _body_digest(content_type: str) -> "_BodyDigest":
    kind, parameters = parse_options_header(content_type)
    return _BodyDigest(parameters.get(b"boundary", b"") if kind == b"multipart/form-data" else b"")


class _BodyDigest:
    """SHA-256 of a body; a form's boundary, which clients draw anew each time, counts as empty."""

    def __init__(self, boundary: bytes) -> None:
        self._mark = b"--" + boundary if boundary else b""
        self._hash = hashlib.sha256()
        self._held = b""

    def add(self, part: bytes) -> None:
        if not self._mark:
            self._hash.update(part)
            return
        *whole, rest = (self._held + part).split(self._mark)
        for each in whole:
            self._hash.update(each + b"--")
        # What may be the beginning of a boundary is held back until more has come.
        kept = len(self._mark) - 1
        self._hash.update(rest[:-kept])
        self._held = rest[-kept:]

    def digest(self) -> bytes:
        whole = self._hash.copy()
        whole.update(self._held)
        return whole.digest()
