"""Checking a PIN: counted before it is judged, and counted against guessers' addresses too."""

from api.callers import Caller
from api.station import Station
from trace.coding.code_reading import CodeState
from trace.coding.pins import check_pin
from trace.scanning.pin_attempts import PinAnswer, PinOutcome, try_pin


def check(station: Station, known: CodeState, pin: str, caller: Caller) -> PinAnswer:
    """Say what an attempt at the PIN of a code came to; raises `TooManyRequests` for who guesses often."""
    station.limiter.require("unknown_code", caller.address)
    right = check_pin(known.code, pin, station.code_keys)
    answer = station.writer.submit(
        lambda session: try_pin(session, known.serial, right=right, at_ms=station.clock())
    )
    if answer.outcome is not PinOutcome.MATCHES:
        station.limiter.count("unknown_code", caller.address)
    return answer
