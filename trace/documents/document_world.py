"""What is known of the documents a step names, read before it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from sqlmodel import Session, col, select

from trace.documents.document_tables import DocumentRow, SeriesRow
from trace.documents.references import named_documents
from trace.sensors.series import Summary, summary_of
from trace.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWorld:
    """The documents a step names."""

    kept: frozenset[str] = frozenset()
    """Hashes of those that were stated, whether or not their bytes were erased since."""
    series: Mapping[str, tuple[Summary, ...]] = field(default_factory=dict)
    """What the raw series among them say, by hash."""


def documents_named(step: Step) -> tuple[str, ...]:
    """Return the hashes a step names in its fields and its sensors, each once."""
    raw = (said.document for said in step.sensors if said.document is not None)
    fields = named_documents((*step.public.values(), *step.private.values()))
    return tuple(dict.fromkeys((*fields, *raw)))


def gather_documents(session: Session, step: Step) -> DocumentWorld | None:
    """Read what the rules need of the documents `step` names; None where it names none."""
    named = documents_named(step)
    if not named and not step.sensors:
        return None
    kept = session.exec(select(DocumentRow.sha256).where(col(DocumentRow.sha256).in_(named)).distinct())
    rows = session.exec(
        select(SeriesRow.sha256, SeriesRow.summary)
        .where(col(SeriesRow.sha256).in_(named))
        .order_by(SeriesRow.sha256, SeriesRow.statement_id)
    )
    series: dict[str, tuple[Summary, ...]] = {}
    for sha256, text in rows:
        series[sha256] = (*series.get(sha256, ()), summary_of(orjson.loads(text)))
    return DocumentWorld(kept=frozenset(kept), series=series)
