"""What a release that waits for its second person says: for that person to look at before approving."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Publisher, TheStation
from api.errors import ScopeMissing, TokenMissing, TokenRefused
from api.problems import problems
from api.routes.releases import ReleaseId
from priceindex.releases.draft_review import DraftReview, review_of
from priceindex.releases.release_errors import DraftDiffers, UnknownDraft

router = APIRouter(prefix="/v1", tags=["prices"])


class NodeReviewed(BaseModel):
    """The newest value of the composite or of a class."""

    level: str
    node: str
    value: str | None
    published: str | None = Field(description="Value of the newest public release; null where it has none.")
    contribution: str | None = Field(
        description="Points of the composite's last change that come from it; null for the composite."
    )


class CheckReviewed(BaseModel):
    """One compliance check, looked at for this release."""

    check: str
    passed: bool
    stops: bool = Field(description="Whether it stops the release.")
    found_zh: str
    found_en: str


class DraftReviewed(BaseModel):
    """A draft computed again from its kept inputs."""

    id: str
    through: date
    values_digest: str = Field(description="Of the values computed again: what an approval names.")
    change_points: str = Field(description="Change of the composite against the index day before.")
    quotes: int
    left_out: int
    outliers: int
    entered: int = Field(description="Grades and herbs that entered the basket in the whole series.")
    left: int
    nodes: list[NodeReviewed]
    checks: list[CheckReviewed]

    @classmethod
    def of(cls, found: DraftReview) -> "DraftReviewed":
        """Return what was found."""
        return cls(
            id=found.release_id,
            through=found.last_day,
            values_digest=found.values_sha256,
            change_points=format(found.change_points, "f"),
            quotes=found.quotes,
            left_out=found.left_out,
            outliers=found.outliers,
            entered=found.entered,
            left=found.left,
            nodes=[
                NodeReviewed(
                    level=node.level,
                    node=node.node,
                    value=node.value,
                    published=node.published,
                    contribution=node.contribution,
                )
                for node in found.nodes
            ],
            checks=[
                CheckReviewed(
                    check=each.code,
                    passed=each.passed,
                    stops=each.stops,
                    found_zh=each.found_zh,
                    found_en=each.found_en,
                )
                for each in found.checks
            ],
        )


@router.get(
    "/drafts/{release_id}",
    summary="Look at a release before approving it",
    response_model=DraftReviewed,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, UnknownDraft, DraftDiffers),
)
def review_draft(
    release_id: ReleaseId,
    caller: Publisher,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> DraftReviewed:
    """Compute a draft again from its kept inputs and return its values, its change, its checks."""
    with station.database.read() as session:
        return DraftReviewed.of(review_of(session, release_id, station.clock()))
