"""The release calendar as an iCalendar file (RFC 5545), for anybody's calendar program."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from priceindex.releases.publication_calendar import DueMoment

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_LINE: Final = 75
"""Octets of a line; longer ones are folded (RFC 5545, section 3.1)."""


def calendar_file(
    family: str, host: str, due: Sequence[tuple[DueMoment, str]], name: str, made_ms: int
) -> bytes:
    """Return every due moment as an event without length, with its summary; `made_ms` stamps them."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//daodi//release calendar//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for moment, summary in due:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{family}-{moment.last.isoformat()}@{host}",
            f"DTSTAMP:{_utc(made_ms)}",
            f"DTSTART:{_utc(moment.due_ms)}",
            f"SUMMARY:{_text(summary)}",
            *([f"DESCRIPTION:{_text(moment.reason)}"] if moment.reason else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(at_ms: int) -> str:
    """Write a moment as RFC 5545 section 3.3.5 has it.

    >>> _utc(1_772_267_400_000)
    '20260228T083000Z'
    """
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    r"""Escape a text (RFC 5545, section 3.3.11).

    >>> _text("a, b; c")
    'a\\, b\\; c'
    """
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 octets, never within a character."""
    parts, taken, part = [], 0, ""
    for letter in line:
        size = len(letter.encode())
        if taken + size > _LINE:
            parts.append(part)
            part, taken = " ", 1
        part += letter
        taken += size
    return "\r\n".join([*parts, part])
