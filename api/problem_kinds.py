"""What the `type` of a problem leads to: its words in both languages and its status."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.callers import Anyone
from api.errors import NoSuchAddress
from api.problems import problems
from api.statuses import STATUS
from ledger.errors import DaodiError

router = APIRouter(prefix="/problems", tags=["problems"])

Slug = Annotated[str, Path(max_length=80, pattern=r"^[a-z0-9-]+$", examples=["unknown-code"])]


class ProblemKind(BaseModel):
    """One kind of problem; words in braces are filled in when it happens."""

    slug: str = Field(description="The last part of a problem's `type`.")
    status: int = Field(description="The HTTP status it is answered with.")
    zh: str = Field(description="What is wrong, in Chinese.")
    en: str = Field(description="What is wrong, in English.")
    remedy_zh: str = Field(description="What to do about it, in Chinese.")
    remedy_en: str = Field(description="What to do about it, in English.")


@router.get("", summary="List every kind of problem", operation_id="list_problem_kinds")
async def list_problem_kinds(_: Anyone) -> list[ProblemKind]:
    """Return all kinds in the order of their slugs."""
    return sorted((_kind(error) for error in STATUS), key=lambda kind: kind.slug)


@router.get(
    "/{slug}",
    summary="Explain one kind of problem",
    operation_id="read_problem_kind",
    responses=problems(NoSuchAddress),
)
async def read_problem_kind(slug: Slug, _: Anyone) -> list[ProblemKind]:
    """Return what goes by this slug: one kind, or one for each part of the service that uses the word."""
    found = [_kind(error) for error in STATUS if error.key() == slug]
    if not found:
        raise NoSuchAddress
    return found


def _kind(error: type[DaodiError]) -> ProblemKind:
    return ProblemKind(
        slug=error.key(),
        status=STATUS[error].value,
        zh=error.zh,
        en=error.en,
        remedy_zh=error.remedy_zh,
        remedy_en=error.remedy_en,
    )
