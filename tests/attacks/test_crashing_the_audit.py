"""Somebody owns the database and wants the audit to fail, or to be led astray by a row it trips over."""

from collections.abc import Iterator

import pytest

from ledger.audits.faults import CheckpointFalse
from tests.ledger.small_log import SmallLog

_ENTRY = "INSERT INTO ledger_entry (entry_index, statement_id, subject, seq, leaf_hash, leaf) VALUES "
_NOTE = "INSERT INTO ledger_checkpoint SELECT "
_LINE = "INSERT INTO ledger_cosignature (size, vkey, line, cosigned_ms) VALUES "

_ODD = {
    "a checkpoint of a negative size": "INSERT INTO ledger_checkpoint VALUES (-1, 'x')",
    "a genuine checkpoint at a negative size": _NOTE + "-3, note FROM ledger_checkpoint",
    "a size that is text": "INSERT INTO ledger_checkpoint VALUES ('many', 'x')",
    "a size that is a fraction": "INSERT INTO ledger_checkpoint VALUES (1.5, 'x')",
    "a note of bytes": "UPDATE ledger_checkpoint SET note = x'ff00'",
    "an empty note": "UPDATE ledger_checkpoint SET note = ''",
    "a witness line of bytes": _LINE + "(5, 'v', x'ff', 0)",
    "a witness line of a size that is text": _LINE + "('five', 'v', 'x', 0)",
    "a state of a negative size": "UPDATE ledger_state SET size = -1",
    "a state of a size that is text": "UPDATE ledger_state SET size = 'x'",
    "a state of an endless size": "UPDATE ledger_state SET size = 1e300",
    "a state of another name": "UPDATE ledger_state SET origin = x'ff', vkey = 7",
    "an index that is text": _ENTRY + "('last', 'i', 's', 0, x'00', x'00')",
    "an index that is bytes": _ENTRY + "(x'ff', 'i', 's', 0, x'00', x'00')",
    "an index that is a fraction": _ENTRY + "(2.5, 'i', 's', 0, x'00', x'00')",
    "a column of bytes": "UPDATE ledger_entry SET subject = x'ff', seq = 'x' WHERE entry_index = 3",
    "a leaf that is a number": "UPDATE ledger_entry SET leaf = 7, leaf_hash = 7 WHERE entry_index = 3",
    "a tile at an index that is text": "INSERT INTO ledger_tile VALUES (0, 'x', x'00')",
    "a tile of a level that is text": "INSERT INTO ledger_tile VALUES ('x', 0, x'00')",
    "a tile of a level that is a fraction": "INSERT INTO ledger_tile VALUES (0.5, 0, x'00')",
    "a tile of half a hash": "UPDATE ledger_tile SET hashes = x'00'",
}  # fmt: skip


@pytest.fixture
def log(sqlite_url: str) -> Iterator[SmallLog]:
    """A sound log of twelve entries."""
    made = SmallLog(sqlite_url)
    made.grow(10)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("odd", _ODD)
def test_a_row_of_another_type_or_sign_is_named_and_stops_nothing(log: SmallLog, odd: str) -> None:
    log.sql(_ODD[odd])
    report = log.audit()
    assert not report.ok
    assert report.entries == 12
    for fault in report.faults:
        assert fault.message("zh")
        assert fault.message("en")


def test_a_checkpoint_below_nothing_makes_no_true_root_look_false(log: SmallLog) -> None:
    log.sql("INSERT INTO ledger_checkpoint VALUES (-1, 'x')")
    report = log.audit()
    assert [(type(fault), fault.index) for fault in report.faults] == [(CheckpointFalse, -1)]
