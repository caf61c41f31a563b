"""What the log's order tells of the time a statement was made: not before what its signer had stated earlier.

A statement's own time is its signer's word. But the log is one sequence, and whoever signed something dated
29 April did not sign the next entry on the 10th. The service states an index of all subjects every day
(`ledger.subjects`), so that no more than a day can be gained where it works.
"""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, select

from ledger import log
from ledger.entry import parse_leaf
from ledger.keyring.key_statements import KEY_KINDS
from ledger.log import LoggedEntry
from ledger.subjects.subject_index import SUBJECT as DAILY
from ledger.tables import EntryRow

NEIGHBOURS: Final = 64
"""Entries directly before a statement that are looked at, whatever they are about."""


def not_before(session: Session, asked: Sequence[LoggedEntry], subjects: Sequence[str]) -> list[int]:
    """For each entry the latest time its signer had stated before it in the log; 0 where there is none.

    Looked at are all entries on `subjects`, the daily ones of the service, and the neighbours of each; those
    about keys are not, since a log may be founded with keys before the past is put into it.
    """
    stated = [each for subject in [DAILY, *subjects] for each in log.history(session, subject)]
    return [_latest(each, [*stated, *_neighbours(session, each.index)]) for each in asked]


def _latest(one: LoggedEntry, stated: Sequence[LoggedEntry]) -> int:
    signer = one.entry.signed.actor
    times = (
        each.entry.statement.at_ms
        for each in stated
        if each.index < one.index
        and each.entry.signed.actor == signer
        and each.entry.statement.kind not in KEY_KINDS
    )
    return max(times, default=0)


def _neighbours(session: Session, index: int) -> list[LoggedEntry]:
    asked = select(EntryRow.entry_index, EntryRow.leaf).where(
        col(EntryRow.entry_index) < index, col(EntryRow.entry_index) >= index - NEIGHBOURS
    )
    return [LoggedEntry(place, parse_leaf(leaf)) for place, leaf in session.exec(asked).all()]
