"""The page of governance: the compliance table, declarations, complaints and their form, assessments."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError

from api import governing
from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.family_names import family_names
from api.routes.pages import PAGE
from api.station import Station
from api.web.governance_page import governance_parts
from api.web.site import page
from api.web.words import words_in
from priceindex.governance.assessments import assessments
from priceindex.governance.compliance import compliance
from priceindex.governance.declarations import declarations
from priceindex.governance.index_complaints import IndexComplaintNew, index_complaints

router = APIRouter(include_in_schema=False)

_FIRST = "bozhou"
"""The family shown when none is named."""
_NOTHING = {"category": "", "subject": "", "words": "", "contact": ""}
Typed = Annotated[str, Form(max_length=8000)]


@router.api_route("/governance", methods=PAGE)
def governance_page(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=10_000)] = None,
) -> Response:
    """Show how the indices are governed; the family named, or the first."""
    return _shown(request, station, family, _NOTHING, [])


@router.post("/governance/complaints")
def complain_about_index(
    request: Request,
    caller: Anyone,
    station: TheStation,
    category: Typed = "",
    subject: Typed = "",
    words: Typed = "",
    contact: Typed = "",
) -> Response:
    """File a complaint; what is missing is asked for again, and nothing typed is lost."""
    typed = {"category": category, "subject": subject, "words": words, "contact": contact}
    stated = {**typed, "words": " ".join(words.split()), "contact": contact.strip() or None}
    try:
        new = IndexComplaintNew.model_validate(stated)
    except ValidationError as error:
        wrong = [str(each["loc"][0]) for each in error.errors()]
        return _shown(request, station, subject, typed, wrong, status=422)
    filed = governing.complained(station, new, caller.address)
    return page(request, "index_complained.html", parts={"number": filed.complaint_id})


def _shown(
    request: Request,
    station: Station,
    family_id: str | None,
    typed: dict[str, str],
    wrong: list[str],
    *,
    status: int = 200,
) -> Response:
    known = {each.id: each for each in governing.newest_families()}
    chosen = known.get(family_id or "", known[_FIRST])
    now_ms, words = station.clock(), words_in(language_of(request))
    with station.database.read() as session:
        parts = governance_parts(
            family_names(session, words.language, now_ms),
            chosen.id,
            compliance(session, chosen, now_ms),
            declarations(session),
            index_complaints(session),
            assessments(session),
            words,
            now_ms,
        )
    return page(
        request, "governance.html", status=status, wide=True, parts={**parts, "typed": typed, "wrong": wrong}
    )
