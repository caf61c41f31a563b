"""Answers kept with the keys of the requests they were given to: bytes, status and headers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col
from starlette.responses import Response

from api.repeats.repeat_errors import AnswerNotKept, RequestKeyReused
from api.repeats.repeat_tables import RequestKeyRow
from api.repeats.request_keys import RequestKey

REPLAYED: Final = "Idempotent-Replayed"
"""On an answer that was given before: nothing was done again."""
_HEADERS: Final = ("content-type", "content-language", "location", "cache-control", "vary", "etag")
_LONGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a request."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    replayed: bool = False

    @classmethod
    def of(cls, response: Response) -> "Answer":
        """Return what `response` will send."""
        named = [(name, value) for name, value in response.headers.items() if name in _HEADERS]
        return cls(response.status_code, named, bytes(response.body))

    @property
    def done(self) -> bool:
        """Whether it tells that something was done: what was refused may be tried again under its key."""
        return 200 <= self.status < 300

    def response(self) -> Response:
        """Return it as it is sent."""
        response = Response(self.body, status_code=self.status, headers=dict(self.headers))
        if self.replayed:
            response.headers[REPLAYED] = "true"
        return response


def kept_answer(session: Session, key: RequestKey, since_ms: int) -> Answer | None:
    """Return the answer given to this request before, and not before `since_ms`; None for a new request.

    Raises `RequestKeyReused` where another request was sent under the key, and `AnswerNotKept`.
    """
    row = session.get(RequestKeyRow, (key.caller, key.key))
    if row is None or row.done_ms < since_ms:
        return None
    if row.digest != key.digest:
        raise RequestKeyReused
    if row.body is None:
        raise AnswerNotKept
    headers = [(name, value) for name, value in json.loads(row.headers)]
    return Answer(row.status, headers, row.body, replayed=True)


def keep_answer(session: Session, key: RequestKey, answer: Answer, now_ms: int, *, secret: bool) -> None:
    """Keep the answer to a request; the body not where it is `secret` or longer than a mebibyte."""
    row = RequestKeyRow(
        caller=key.caller,
        request_key=key.key,
        digest=key.digest,
        done_ms=now_ms,
        status=answer.status,
        headers=json.dumps([list(each) for each in answer.headers]),
        body=None if secret or len(answer.body) > _LONGEST else answer.body,
    )
    session.add(row)
    session.flush()


def forget_answers(session: Session, before_ms: int) -> None:
    """Delete what was kept before `before_ms`."""
    old = col(RequestKeyRow.done_ms) < before_ms
    session.execute(delete(RequestKeyRow).where(old).execution_options(synchronize_session=False))
