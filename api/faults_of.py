"""What an exception of a library means to the caller, as one of our own errors.

Stock behaviour would be a 500 with a traceback for several of these, and an echo of the input for others.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.errors import (
    BodyTypeUnsupported,
    DatabaseUnreachable,
    FieldWrong,
    MethodUnsupported,
    NoSuchAddress,
    NumberTooLarge,
    RequestRefused,
    TextNotStorable,
)
from api.field_words import field_words
from ledger.errors import DaodiError, Location, ManyFaults

_SQLITE_AWAY: Final = frozenset({5, 6, 10, 13, 14})
"""Primary result codes BUSY, LOCKED, IOERR, FULL, CANTOPEN (https://sqlite.org/rescode.html)."""
_POSTGRESQL_AWAY: Final = ("08", "53", "57")
"""SQLSTATE classes: connection, resources, operator intervention (PostgreSQL, appendix A)."""

_LONGEST_NAME: Final = 64
"""No field of ours has a longer name."""


def error_of(fault: BaseException) -> DaodiError | None:
    """Return our error for `fault`, or None when it is a fault of the program."""
    if isinstance(fault, DaodiError):
        return fault
    if isinstance(fault, RequestValidationError):
        return _validation(fault.errors())
    if isinstance(fault, HTTPException):
        return _http(fault)
    if isinstance(fault, DBAPIError | PoolTimeout):
        return _database(fault)
    if isinstance(fault, OverflowError) and "SQLite INTEGER" in str(fault):
        return NumberTooLarge()
    return None


def _validation(errors: Sequence[Mapping[str, Any]]) -> DaodiError:
    faults = [_field(error) for error in errors]
    if len(faults) == 1:
        return faults[0]
    return ManyFaults(faults)


def _field(error: Mapping[str, Any]) -> DaodiError:
    words = field_words(error)
    where, *inside = error["loc"]
    if where == "body":
        name = "/" + "/".join(_name(part).replace("~", "~0").replace("/", "~1") for part in inside)
    else:
        name = ".".join(_name(part) for part in inside)
    by_pattern = error["type"] == "string_pattern_mismatch"
    return FieldWrong(reason_zh=words.zh, reason_en=words.en, by_pattern=by_pattern, at=Location(field=name))


def _name(part: object) -> str:
    """Return a step of the way to a field; a name the caller made up is not handed back at its length."""
    name = str(part)
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"


def is_wrong_media_type(fault: RequestValidationError, content_type: str) -> bool:
    """Tell whether a body was refused only because its media type is not JSON.

    FastAPI hands such a body on as bytes, which then fit no model.
    """
    if content_type.partition(";")[0].strip().lower().endswith(("/json", "+json")):
        return False
    return any(
        error["loc"] == ("body",) and isinstance(error.get("input"), bytes) for error in fault.errors()
    )


def _http(fault: HTTPException) -> DaodiError:
    if isinstance(fault.__cause__, DaodiError):
        return fault.__cause__
    if fault.status_code == HTTPStatus.NOT_FOUND:
        return NoSuchAddress()
    if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodUnsupported()
    if fault.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return BodyTypeUnsupported(wanted="application/json")
    return RequestRefused()


def _database(fault: DBAPIError | PoolTimeout) -> DaodiError | None:
    if isinstance(fault, PoolTimeout) or fault.connection_invalidated:
        return DatabaseUnreachable()
    if isinstance(fault, DataError):
        return TextNotStorable()
    code = getattr(fault.orig, "sqlite_errorcode", None)
    if code is not None:
        return DatabaseUnreachable() if code & 0xFF in _SQLITE_AWAY else None
    state = getattr(fault.orig, "sqlstate", None)
    # psycopg gives no SQLSTATE when the server never answered.
    away = type(fault).__name__ == "OperationalError" if state is None else state.startswith(_POSTGRESQL_AWAY)
    return DatabaseUnreachable() if away else None
