"""What became of many rows taken in at once, as the page after it says it: only counts travel there."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Caller
from api.importing import StepsTaken
from api.web.work_frame import reader_of, work_page

Count = Annotated[int, Field(ge=0, le=10**9)]


class Took(BaseModel):
    """Counts of an import."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    accepted: Count = 0
    """Steps written."""
    flagged: Count = 0
    """Of these, steps with findings."""
    duplicates: Count = 0
    """Steps on record before."""
    parties: Count = 0
    places: Count = 0
    codes: Count = 0
    """Trace codes activated."""
    mark: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,40}$")] = ""
    """The id the browser keeps its draft under, to be forgotten now."""

    @classmethod
    def of(cls, taken: StepsTaken, mark: str = "") -> "Took":
        """Count what was taken in; a `mark` that is none of ours is left out."""
        known = mark if mark.replace("-", "").isalnum() and mark.isascii() else ""
        return cls(
            accepted=taken.accepted,
            flagged=taken.flagged,
            duplicates=taken.duplicates,
            parties=taken.parties,
            places=taken.places,
            codes=len(taken.codes),
            mark=known,
        )


def recorded_path(request: Request, caller: Caller, path: str, took: Took) -> str:
    """Return the address that says what became of it."""
    said = {name: str(value) for name, value in took.model_dump(exclude_defaults=True).items()}
    return reader_of(request, caller).link(path, **said)


def recorded_page(request: Request, caller: Caller, took: Took, area: str) -> Response:
    """Draw what became of it."""
    return work_page(request, caller, "work_taken_in.html", area=area, parts={"took": took})
