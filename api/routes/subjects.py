"""How far one subject's history reaches, or that it has none: proved by the logged subject index."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.problems import problems
from ledger import log
from ledger.errors import LogNotFounded, NoCheckpointYet
from ledger.proofs.bundle import Receipt
from ledger.proofs.subject_answer import FORMAT
from ledger.subjects.subject_index_errors import NoSubjectIndexYet
from ledger.subjects.subject_index_proofs import SubjectProof, proof_of

router = APIRouter(prefix="/v1", tags=["ledger"])

SubjectName = Annotated[
    str,
    Path(max_length=200, description="What statements are about: `lot/…`, `key/…`.", examples=["lot/BS-1"]),
]


class IndexedSubjectAnswer(BaseModel):
    """One leaf of the subject index and the way from it to the root."""

    subject: str
    count: int = Field(description="How many entries it has below the index's size.")
    head: str = Field(description="Leaf hash of the newest of them, in hex.")
    position: int = Field(description="Place of the leaf in the index, counted from 0.")
    path: list[str] = Field(description="RFC 9162 inclusion path in the index tree: hashes in base64.")


class SubjectAnswer(BaseModel):
    """Either the newest entry of a subject, or the two neighbours between which it is not."""

    format: Literal["daodi-subject@v1"] = FORMAT
    state: Literal["present", "absent"] = Field(
        description="Whether the subject has an entry below `size`; nothing is said of entries from there on."
    )
    subject: str
    size: int = Field(description="Up to which size this holds: entries with a lower index are covered.")
    count: int = Field(description="How many subjects the index has.")
    root: str = Field(description="Root of the index tree, in hex: what the entry below states.")
    statement_id: str = Field(description="The `subjects.indexed` statement; its receipt is in /v1/receipts.")
    entry_index: int = Field(description="Place of that statement's entry in the log.")
    receipt: str = Field(
        description="That entry's receipt file, so that `daodi verify` checks this answer, saved as a file."
    )
    newest: IndexedSubjectAnswer | None = None
    before: IndexedSubjectAnswer | None = None
    after: IndexedSubjectAnswer | None = None


@router.get(
    "/log/subjects/{subject:path}",
    summary="Prove how far a subject's history reaches",
    response_model=SubjectAnswer,
    response_model_exclude_none=True,
    responses=problems(NoSubjectIndexYet, NoCheckpointYet, LogNotFounded),
)
def prove_subject(
    subject: SubjectName,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    response: Response,
) -> dict[str, Any]:
    """Return the proof under the newest index that the published checkpoint covers."""
    response.headers["Cache-Control"] = "no-store"
    with station.database.read() as session:
        proof = proof_of(session, subject)
        return _members(proof, log.receipt(session, proof.index.statement_id))


def _members(proof: SubjectProof, receipt: Receipt) -> dict[str, Any]:
    shown = {"newest": proof.newest, "before": proof.before, "after": proof.after}
    return {
        "format": FORMAT,
        "state": "absent" if proof.newest is None else "present",
        "subject": proof.subject,
        **proof.index.to_public(),
        "statement_id": proof.index.statement_id,
        "entry_index": proof.entry_index,
        "receipt": receipt.to_text(),
        **{name: leaf.to_json() for name, leaf in shown.items() if leaf is not None},
    }
