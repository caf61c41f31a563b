"""What the second person looks at: a draft computed again, beside what is public, with its checks."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from priceindex.classification import Level
from priceindex.engine.index_run import IndexRun
from priceindex.engine.movers import last_day
from priceindex.governance.outcome import CheckOutcome
from priceindex.governance.release_checks import judge_release
from priceindex.releases import release_store
from priceindex.releases.drafts import draft, draft_run
from priceindex.releases.release_errors import DraftDiffers
from priceindex.releases.series import digest

_SHOWN = (Level.COMPOSITE, Level.CLASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeReview:
    """One node's newest value beside the one that is public."""

    level: str
    node: str
    value: str | None
    published: str | None
    contribution: str | None
    """Points of the composite's last change that come from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReview:
    """All that a person needs to know before approving."""

    release_id: str
    last_day: datetime.date
    values_sha256: str
    change_points: Decimal
    quotes: int
    left_out: int
    outliers: int
    entered: int
    left: int
    nodes: tuple[NodeReview, ...]
    checks: tuple[CheckOutcome, ...]


def review_of(session: Session, release_id: str, at_ms: int) -> DraftReview:
    """Compute a draft again from its kept inputs; raises `UnknownDraft` and `DraftDiffers`."""
    made = draft(session, release_id)
    run = draft_run(session, release_id)
    found = digest(run.all_series())
    if found != made.values_sha256:
        raise DraftDiffers(release=release_id, found=found, made=made.values_sha256)
    moved = last_day(run)
    return DraftReview(
        release_id=release_id,
        last_day=made.last_day,
        values_sha256=found,
        change_points=moved.change_points,
        quotes=len(run.inputs.quotes),
        left_out=len(run.inputs.left_out),
        outliers=len(run.outliers),
        entered=len(run.entered),
        left=len(run.left),
        nodes=tuple(_nodes(session, run, {(p.level, p.node): p.points for p in moved.contributions})),
        checks=judge_release(session, run, made.status, at_ms),
    )


def _nodes(
    session: Session, run: IndexRun, contributed: dict[tuple[Level, str], Decimal]
) -> list[NodeReview]:
    newest = release_store.latest(session, run.family.id)
    lines = [] if newest is None else release_store.nodes(session, newest.release_id)
    public = {(line.level, line.node): line.last_value for line in lines}
    return [
        NodeReview(
            level=str(level),
            node=node,
            value=_text(run.series(level, node).last.value),
            published=_text(public.get((level, node))),
            contribution=_text(contributed.get((level, node))),
        )
        for level in _SHOWN
        for node in run.keys(level)
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
