"""Log lines: one event per fact, JSON on a pipe and readable on a terminal, with the request's id.

No line holds a personal value, a token, a query string or a request body. Addresses of callers are not
logged; paths are, as the route's template where there is one.
"""

import json
import logging
import sys
from collections.abc import Callable

import orjson
import structlog
from structlog.typing import EventDict, Processor

from api.settings import Settings

_HIDDEN = frozenset({"authorization", "token", "secret", "password", "cookie", "seed"})


def configure(settings: Settings) -> None:
    """Send the lines of this process, and of the libraries in it, to standard output."""
    pretty = settings.log_format == "pretty" or (settings.log_format == "auto" and sys.stdout.isatty())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    last: list[Processor] = _pretty() if pretty else _json()
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _adopt_libraries(level, shared, last)


def hide_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace the value of every member whose name speaks of a secret.

    >>> hide_secrets(None, "info", {"event": "x", "token": "daodi_1"})
    {'event': 'x', 'token': '…'}
    """
    for name in event:
        if name.lower() in _HIDDEN:
            event[name] = "…"
    return event


def _pretty() -> list[Processor]:
    # The default shows the values of local variables: never in a service.
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _line(event: EventDict, *, default: Callable[[object], object]) -> str:
    # A value orjson cannot write, such as an integer beyond 64 bits, must not cost the line.
    try:
        return orjson.dumps(event, default=default).decode()
    except TypeError:
        return json.dumps(event, default=default, ensure_ascii=False)


def _json() -> list[Processor]:
    plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [
        structlog.processors.ExceptionRenderer(plain),
        structlog.processors.JSONRenderer(_line),
    ]


def _adopt_libraries(level: int, shared: list[Processor], last: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("uvicorn").setLevel(level)
