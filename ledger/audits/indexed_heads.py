"""Judges the subject indexes a log states: computes each again from the heads a replay holds."""

from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import TypeAlias

from ledger.entry import Entry
from ledger.errors import BadProof, Said
from ledger.subjects.subject_index import SUBJECT, SubjectHead, SubjectIndex, index_of

Head: TypeAlias = tuple[str, int, bytes]
"""A subject, how many entries it has, and the leaf hash of the last."""
Trail: TypeAlias = deque[Head]
"""For each of the entries passed last, the head its subject had before it."""


def index_fault(index: int, entry: Entry, heads: Mapping[str, Head], trail: Trail) -> Said | BadProof | None:
    """Say why the index stated by the entry at `index`, passed last, is not the one its log gives.

    It speaks of the log's first `size` entries: the trail is followed back from the newest heads.
    """
    try:
        stated = SubjectIndex.of_public(entry.statement.public)
        if entry.statement.subject != SUBJECT or entry.statement.id != stated.statement_id:
            return Said("编号或主题与内容不一致", "its id or subject does not fit its content")
        back = index + 1 - stated.size
        if back < 1:
            return Said("它声称覆盖尚未入账的记录", "it claims to cover entries that were not logged yet")
        if back > len(trail):
            return Said(f"它落后 {back} 条，未予核对", f"it lies {back} entries back and was not checked")
        if index_of(_heads_before(back, heads, trail), stated.size) != stated:
            return Said("与重算的索引不同", "it differs from the recomputed index")
    except BadProof as error:
        return error
    return None


def _heads_before(back: int, heads: Mapping[str, Head], trail: Trail) -> list[SubjectHead]:
    """Return every subject's head as it was `back` entries ago."""
    # Of a subject's several entries the one furthest back has the last word: it comes last.
    then = {head[0]: head for head in islice(reversed(trail), back)}
    return [SubjectHead(*head) for head in {**heads, **then}.values() if head[1]]
