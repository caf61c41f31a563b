"""Writing an entry's canonical bytes, against rfc8785, on the same entries with identical bytes."""

import base64
import hashlib
from collections.abc import Callable

import rfc8785
from figures.measure import Spread, rates_in_turn
from figures.row import Row

from ledger.canonical import JsonValue, canonical, serialise


def rows(*, quick: bool) -> list[Row]:
    """The two figures of the issue."""
    entries = [_entry(number) for number in range(200 if quick else 1000)]
    for entry in entries:
        if not rfc8785.dumps(entry) == canonical(entry) == serialise(entry):
            raise SystemExit("the bytes differ from rfc8785's")
    length = sum(len(serialise(entry)) for entry in entries) // len(entries)
    repeats = 5
    theirs, bare, checked = rates_in_turn(
        (
            _each(rfc8785.dumps, entries),
            _each(serialise, entries, repeats),
            _each(canonical, entries, repeats),
        ),
        len(entries),
        3 if quick else 9,
    )
    note = f"{len(entries)} entries of {length} bytes on average, Chinese and Latin text, identical bytes."
    return [
        _row("serialising a checked entry", _times(bare, repeats), theirs, 20, note),
        _row("with the profile check included", _times(checked, repeats), theirs, 4, note),
    ]


def _each(
    write: Callable[..., bytes], entries: list[dict[str, JsonValue]], repeats: int = 1
) -> Callable[[], None]:
    def work() -> None:
        for _ in range(repeats):
            for entry in entries:
                write(entry)

    return work


def _times(spread: Spread, repeats: int) -> Spread:
    return Spread(tuple(value * repeats for value in spread.values))


def _row(what: str, ours: Spread, theirs: Spread, least: int, note: str) -> Row:
    ratio = ours.median / theirs.median
    return Row(
        what=what,
        ours=ours.text("/s"),
        baseline=f"rfc8785 {theirs.text('/s')}",
        ratio=ratio,
        target=f"at least {least}x",
        met=ratio >= least,
        note=note,
    )


def _entry(number: int) -> dict[str, JsonValue]:
    """An entry like those of the log: a step with its event, three salted digests, a signature."""
    digest = hashlib.sha256(number.to_bytes(8, "big")).digest()
    text = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return {
        "v": 1,
        "log": "log.example/bozhou",
        "id": f"step/{digest.hex()[:32]}",
        "kind": "step",
        "subject": f"lot/BS-24-{number:04d}",
        "at_ms": 1_735_689_600_000 + number,
        "actor": digest.hex()[:32],
        "public": {
            "event": {
                "type": "ObjectEvent",
                "action": "OBSERVE",
                "bizStep": "commissioning",
                "eventTime": "2025-01-01T08:00:00+08:00",
                "readPoint": {"id": "https://log.example/bozhou/place/341602"},
                "herb": "白芍",
                "note": "第三批，晴，无异常",
                "quantityList": [
                    {"epcClass": f"https://log.example/lot/BS-{number}", "grams": 12_500 + number},
                    {"epcClass": f"https://log.example/lot/BS-{number}-2", "grams": 300},
                ],
            }
        },
        "digests": [text, text[::-1], text.swapcase()],
        "refs": [f"step/{digest.hex()[32:]}"],
        "sig": base64.b64encode(digest * 2).decode(),
        "seq": number % 20,
        "prev": digest.hex(),
    }
