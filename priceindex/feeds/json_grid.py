"""Quotes in JSON as a grid: a list of flat objects, bare or under `quotes`."""

import json
from collections.abc import Iterator
from typing import Final

from ledger.errors import Location, Said
from priceindex.errors import EmptyBody
from priceindex.feeds.csv_grid import decode_text
from priceindex.feeds.feed_errors import TooManyRows, UnreadableJson
from priceindex.feeds.grid import Grid

MAX_ROWS: Final = 200_000
_NESTED: Final = "{…}"
"""What a member reads as that holds a list or an object: no price and no name."""


def json_grid(content: bytes, name: str) -> Grid:
    """Return the objects of a JSON body as rows; raises `UnreadableJson`, `TooManyRows`, `EmptyBody`.

    Numbers keep the digits they are written with: none passes through a float.
    """
    objects = _objects(load(content, name), name)
    if not objects:
        raise EmptyBody(at=Location(file=name), name=name)
    if len(objects) > MAX_ROWS:
        raise TooManyRows(at=Location(file=name), name=name, limit=MAX_ROWS)
    heading = tuple(dict.fromkeys(key for each in objects for key in each))
    return Grid(name=name, heading=heading, rows=_rows(objects, heading))


def load(content: bytes, name: str) -> object:
    """Parse strict JSON, numbers as texts: no duplicate names, NaN, NUL or lone surrogates.

    Raises `UnreadableJson`.

    >>> load(b'{"price": 12.50}', "a.json")
    {'price': '12.50'}
    """
    text = decode_text(content, name)
    try:
        return json.loads(
            text, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_members
        )
    except RecursionError as fault:
        why = Said(zh="嵌套过深", en="it is nested too deeply")
        raise UnreadableJson(at=Location(file=name), name=name, why=why) from fault
    except ValueError as fault:
        why = Said(zh="语法错误、重复的名称或 NaN", en="it has an error of syntax, a repeated name or NaN")
        raise UnreadableJson(at=Location(file=name), name=name, why=why) from fault


def _objects(found: object, name: str) -> list[dict[str, object]]:
    if isinstance(found, dict):
        found = found.get("quotes")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        why = Said(zh="不是对象的列表", en="it is no list of objects")
        raise UnreadableJson(at=Location(file=name), name=name, why=why)
    return found


def _rows(objects: list[dict[str, object]], heading: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    for number, each in enumerate(objects, start=1):
        yield number, [_text(each.get(key)) for key in heading]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _NESTED


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated name")
    texts = "".join(text for pair in pairs for text in pair if isinstance(text, str))
    if b"\x00" in texts.encode():  # which itself refuses lone surrogates
        raise ValueError("NUL")
    return found


def _no_number(word: str) -> object:
    raise ValueError(word)
