"""Waiting for a finished receipt within one request: `Prefer: wait=N` (RFC 7240, section 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from api.preferences import wait_seconds
from api.routes.proofs import ReceiptAnswer, receipt_answer
from api.station import Station

WAIT_HEADER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": (
        "`wait=N`: answer 201 with the finished receipt once a published checkpoint covers the statement, "
        "or 202 after N seconds (RFC 7240)."
    ),
    "schema": {"type": "string", "maxLength": 200, "examples": ["wait=10"]},
}
"""The header of the routes that wait, for OpenAPI."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What waiting came to."""

    receipt: ReceiptAnswer | None
    """The finished receipt; None where nobody waited or the time was not enough."""
    headers: Mapping[str, str]
    """`Preference-Applied` when the preference was honoured."""


async def receipt_within(request: Request, station: Station, statement_id: str) -> Awaited:
    """Wait for the receipt of `statement_id` as long as `request` prefers and the settings allow.

    Holds no thread meanwhile. Raises `StatementHeld` when the statement was set aside.
    """
    sent = request.headers.getlist("prefer")
    seconds = wait_seconds(sent, station.settings.longest_wait_seconds) if sent else None
    if seconds is None:
        return Awaited(None, {})
    receipt = await station.receipt_waits.wait(statement_id, seconds)
    told = None if receipt is None else receipt_answer(statement_id, receipt)
    return Awaited(told, {"Preference-Applied": f"wait={seconds}"})
