"""A subject's newest entry, or its absence, checked without the log: the answer of /v1/log/subjects/….

The file holds the leaf or the two neighbours, and the receipt of the entry that states the index over them.
No database and no network. It speaks of entries below the index's size and of none above.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.errors import BadProof, Said
from ledger.keyring.key_errors import NotALogKey
from ledger.proofs.bundle import Receipt, VerifiedEntry, verify_receipt
from ledger.subjects.subject_index import (
    KIND,
    IndexedSubject,
    SubjectHead,
    SubjectIndex,
    verify_absent,
    verify_newest,
)
from ledger.witnessing.policy import Policy

FORMAT: Final = "daodi-subject@v1"
_FORM: Final = Said("不是主题证明的格式", "it does not have the form of a subject proof")
_OTHER: Final = Said("与所附回执的索引不同", "it is not the index that its receipt proves")


@dataclass(frozen=True, slots=True)
class VerifiedSubject:
    """What the log had on a subject when the index was made."""

    subject: str
    size: int
    """Entries with a lower index are covered; nothing is said of later ones."""
    newest: SubjectHead | None
    """How many entries there were and the hash of the last; None when there was none."""
    logged: VerifiedEntry
    """The entry that states the index."""


def verify_subject(answer: Mapping[str, object], policy: Policy) -> VerifiedSubject:
    """Check an answer against the log (and witnesses) of `policy`; nothing else is believed.

    Raises what `verify_receipt` raises, `NotALogKey` when no trusted log key signed the index, `BadProof`
    when the path does not lead to it or the answer says something else than it proves.
    """
    subject, receipt = answer.get("subject"), answer.get("receipt")
    if answer.get("format") != FORMAT or not isinstance(subject, str) or not isinstance(receipt, str):
        raise BadProof(reason=_FORM)
    logged = verify_receipt(Receipt.from_text(receipt), policy)
    statement, actor = logged.entry.statement, logged.entry.signed.actor
    trusted = {key.key.key_id for key in policy.log_keys(logged.checkpoint.origin)}
    if statement.kind != KIND or actor not in trusted:
        raise NotALogKey(kind=KIND, key=actor)
    index = SubjectIndex.of_public(statement.public)
    shown = {name: _leaf(answer.get(name)) for name in ("newest", "before", "after")}
    claimed = {"size": index.size, "count": index.count, "root": index.root.hex()}
    claimed |= {"statement_id": index.statement_id, "entry_index": logged.index}
    claimed |= {"state": "absent" if shown["newest"] is None else "present"}
    if any(answer.get(name) != value for name, value in claimed.items()):
        raise BadProof(reason=_OTHER)
    if shown["newest"] is None:
        verify_absent(index, subject, shown["before"], shown["after"])
        return VerifiedSubject(subject, index.size, None, logged)
    return VerifiedSubject(subject, index.size, verify_newest(index, subject, shown["newest"]), logged)


def _leaf(members: object) -> IndexedSubject | None:
    if members is None:
        return None
    if not isinstance(members, Mapping):
        raise BadProof(reason=_FORM)
    return IndexedSubject.from_json(members)
