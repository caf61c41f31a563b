"""The input bundle: what is not one byte for byte is refused, with the reason."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ledger.canonical import canonical
from priceindex import service
from priceindex.errors import MalformedBundle
from priceindex.releases.bundle import decode, encode, form_of
from tests.priceindex.releases.issuing import computed, fill
from tests.priceindex.small_market import SmallMarket

Told = dict[str, Any]


@pytest.fixture
def raw(sqlite_market: SmallMarket) -> bytes:
    fill(sqlite_market)
    return computed(sqlite_market).bundle


def test_a_bundle_comes_back_byte_for_byte(raw: bytes) -> None:
    assert encode(decode(raw)) == raw
    assert form_of(raw) == 2


@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b"1", b"null", b'{"format":"daodi-index-inputs/3"}'])
def test_what_is_no_bundle_is_refused(broken: bytes) -> None:
    with pytest.raises(MalformedBundle):
        service.verify_bundle(broken)


def test_bytes_that_are_not_canonical_are_refused(raw: bytes) -> None:
    for broken in (raw + b" ", raw[:-1], json.dumps(json.loads(raw)).encode()):
        with pytest.raises(MalformedBundle):
            service.verify_bundle(broken)


def _swap(told: Told) -> None:
    quotes = told["quotes"]
    for column in quotes.values():
        column[0], column[1] = column[1], column[0]


def _cut(told: Told) -> None:
    told["quotes"]["fen"].pop()


def _empty(told: Told) -> None:
    for column in told["quotes"].values():
        column.clear()


CHANGES: dict[str, Callable[[Told], None]] = {
    "another method": lambda told: told.update(method="bozhou@1"),
    "another text": lambda told: told["family"].append("# softer"),
    "another format": lambda told: told.update(format="daodi-index-inputs/1"),
    "a price of nothing": lambda told: told["quotes"]["fen"].__setitem__(0, 0),
    "a price below nothing": lambda told: told["quotes"]["fen"].__setitem__(0, -5),
    "no deal": lambda told: told["quotes"]["deals"].__setitem__(0, 0),
    "a price in words": lambda told: told["quotes"]["fen"].__setitem__(0, "8500"),
    "a cell that is not there": lambda told: told["quotes"]["cell"].__setitem__(-1, 99),
    "a cell before the first": lambda told: told["quotes"]["cell"].__setitem__(0, -1),
    "a source that is not there": lambda told: told["quotes"]["source"].__setitem__(0, 7),
    "a tier that is not there": lambda told: told["quotes"]["tier"].__setitem__(0, 4),
    "quotes out of order": _swap,
    "columns of several lengths": _cut,
    "no quotes": _empty,
    "a cell twice": lambda told: told["cells"].append(told["cells"][0]),
    "a cell without a quote": lambda told: told["cells"].append(["黄芪", "统", "甘肃", "亳州"]),
    "a source twice": lambda told: told["sources"].append(told["sources"][0]),
    "a year before the first": lambda told: told["sources"][0].__setitem__(2, -1),
    "a source that weighs nothing": lambda told: told["sources"][0].__setitem__(1, 0),
    "a source that weighs too much": lambda told: told["sources"][0].__setitem__(1, 10_001),
    "a name with a bar": lambda told: told["cells"][0].__setitem__(1, "统|选"),
    "something more": lambda told: told.update(more=1),
    "something less": lambda told: told.pop("left_out"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_bundle_that_breaks_its_own_rules_is_refused(raw: bytes, change: Callable[[Told], None]) -> None:
    told = json.loads(raw)
    change(told)
    with pytest.raises(MalformedBundle):
        service.verify_bundle(canonical(told))
