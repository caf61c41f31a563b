"""Codes of the first version, a row for each, come over as runs with all they had."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session

from api import migrations
from api.database import Database
from ledger.merkle import leaf_hash, verify_inclusion
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.coding.code_tree import batch_root
from trace.coding.code_words import CodeStatus, Level
from trace.coding.membership import membership
from trace.coding.runs import runs_in
from trace.coding.serials import take_serials
from trace.coding.trace_code import encode_many

from .season import GROWER

KEYS = CodeKeys.from_secrets([bytes(32), b"\x01" * 32])
OLD = CodeKeys.from_secrets([bytes(32)])
FIRST, SECOND = 600, 5
"""Codes of two batches; the second was made after the keys were rotated."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    migrations.upgrade(opened, "0004")
    yield opened
    opened.dispose()


def old_codes(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO trace_party (uscc, name, node_types, division, key_id, statement_id, frozen, "
            "registered_ms) VALUES (:uscc, '社', 'grower', '341602', 'k', 'party/1', :no, 1)"
        ),
        {"uscc": GROWER, "no": False},
    )
    batches = (encode_many(0, FIRST, OLD), encode_many(FIRST, SECOND, KEYS))
    first = 0
    for codes in batches:
        root = batch_root(codes).hex()
        session.execute(
            text(
                "INSERT INTO trace_code_batch "
                '(batch_id, party, "count", first_serial, issued_ms, statement_id) '
                "VALUES (:root, :party, :count, :first, 7, :statement)"
            ),
            {
                "root": root,
                "party": GROWER,
                "count": len(codes),
                "first": first,
                "statement": f"codes/{root}",
            },
        )
        session.execute(
            text(
                "INSERT INTO trace_code (code, batch_id, serial, status, frozen, grams, activated_ms) "
                "VALUES (:code, :batch_id, :serial, :status, :frozen, :grams, :activated_ms)"
            ),
            [
                {"code": code, "batch_id": root, "serial": first + place} | _state(first + place)
                for place, code in enumerate(codes)
            ],
        )
        first += len(codes)


def _state(serial: int) -> dict[str, object]:
    packed = serial < 400
    return {
        "status": "activated" if packed else "reserved",
        "grams": 500 if packed else None,
        "activated_ms": 9 if packed else None,
        "frozen": serial == 17,
    }


def test_rows_become_runs_with_tiles_and_keys(database: Database) -> None:
    with database.write() as session:
        old_codes(session)
    migrations.upgrade(database, "0005")
    codes = [*encode_many(0, FIRST, OLD), *encode_many(FIRST, SECOND, KEYS)]
    with database.write() as session:
        found = [
            (run.first_serial, run.last_serial, run.status, run.status_ms, run.grams, run.frozen)
            for run in runs_in(session, [(0, 10_000)])
        ]
        assert found == [
            (0, 16, CodeStatus.ACTIVATED, 9, 500, False),
            (17, 17, CodeStatus.ACTIVATED, 9, 500, True),
            (18, 399, CodeStatus.ACTIVATED, 9, 500, False),
            (400, 599, CodeStatus.RESERVED, 7, None, False),
            (600, 604, CodeStatus.RESERVED, 7, None, False),
        ]
        for place in (0, 399, 599, 604):
            assert code_state(session, codes[place], KEYS).level is Level.PACK
            shown = membership(session, codes[place], KEYS)
            root = bytes.fromhex(code_state(session, codes[place], KEYS).batch_id)
            verify_inclusion(leaf_hash(codes[place].encode()), shown.place, shown.count, shown.path, root)
        assert take_serials(session, 1) == FIRST + SECOND


def test_an_empty_service_comes_over_and_goes_back(database: Database) -> None:
    migrations.upgrade(database, "0005")
    migrations.downgrade(database, "0004")
    with database.write() as session:
        old_codes(session)
    migrations.upgrade(database, "0005")
