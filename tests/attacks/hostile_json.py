"""Hostile JSON: a good body with its parts replaced, repeated, nested or misspelt, from a seed.

The dictionary is that of the fuzzing reports in docs/decisions: what once made stock servers answer 500.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

CANARY = "canary-7f3a"
"""Stands in hostile texts: no answer may repeat it."""

RAW = (
    r'"\u0000"',
    r'"\ud800"',
    r'"\udfff\ud800"',
    "NaN",
    "-Infinity",
    "-0.0",
    "0.1",
    "1e400",
    "1e308",
    str(2**63),
    str(2**63 - 1),
    str(-(2**63)),
    str(2**53),
    "1" * 5000,
    "null",
    "true",
    "[]",
    "{}",
    '""',
    '" "',
    r'"\u202e\u2066abc"',
    r'"\u0007\u001b[31m"',
    r'"\r\nSet-Cookie: a=b"',
    r'"\ufeff\uffff"',
    r'"\ud83d\ude00"',
    '"' + CANARY * 450 + '"',
    f'"{CANARY}"',
    f'"\'; DROP TABLE ledger_entry; -- {CANARY}"',
    f'"<script>{CANARY}</script>"',
    f'"=cmd|{CANARY}!A0"',
    '"{0.__class__}"',
    '"%s%n"',
    '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-14:00"',
    '"2024-02-30T00:00:00Z"',
    '"0001-01-01"',
    '"9999-12-31"',
    '"1e5"',
    '"١٢٣"',
    "[" * 200 + "]" * 200,
    '{"a":' * 31 + "1" + "}" * 31,
    "[" + ",".join(['"x"'] * 101) + "]",
    '{"a":1,"a":2}',
    '{"' + CANARY * 450 + '":1}',
    r'{"\ud800":1}',
    r'{"\u0000":1}',
)
"""JSON texts that take the place of a value."""

_MARK = "@@hostile@@"


def hostile_bodies(good: Any, seed: int, count: int) -> Iterator[bytes]:
    """Yield `count` bodies, each `good` with one to three of its parts made hostile."""
    chance = random.Random(seed)
    for _ in range(count):
        body = json.loads(json.dumps(good))
        for _ in range(chance.randint(1, 3)):
            _spoil(body, chance)
        raw = json.dumps(body, ensure_ascii=chance.random() < 0.5)
        while f'"{_MARK}"' in raw:
            raw = raw.replace(f'"{_MARK}"', chance.choice(RAW), 1)
        yield _break(raw.encode("utf-8", "surrogatepass"), chance)


def _spoil(body: Any, chance: random.Random) -> None:
    holders = [one for one in _holders(body) if one]
    if not holders:
        return
    holder = chance.choice(holders)
    if isinstance(holder, list):
        holder[chance.randrange(len(holder))] = _MARK
        return
    name = chance.choice(sorted(holder))
    what = chance.random()
    if what < 0.75:
        holder[name] = _MARK
    elif what < 0.85:
        del holder[name]
    else:
        holder[chance.choice(["extra", "__proto__", "party\u202e", "", "a" * 300])] = _MARK


def _holders(value: Any) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    inside = value.values() if isinstance(value, dict) else value
    return [value, *(found for one in inside for found in _holders(one))]


def _break(raw: bytes, chance: random.Random) -> bytes:
    what = chance.random()
    if what < 0.03:
        return raw[: chance.randrange(len(raw) + 1)]
    if what < 0.06:
        place = chance.randrange(len(raw) + 1)
        return raw[:place] + bytes([chance.randrange(256)]) + raw[place:]
    if what < 0.07:
        return b"\xef\xbb\xbf" + raw
    return raw
