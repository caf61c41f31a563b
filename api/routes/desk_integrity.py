"""The ranking of integrity on the desk: by area and node type, each score explained, with its movement."""

from fastapi import APIRouter, Request, Response

from api.callers import Supervisor, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.desk_asked import asked_of
from api.web.desk_frame import desk_page
from api.web.desk_integrity import explained, ranking_table
from api.web.desk_table import paged, turned
from api.web.words import words_in
from api.web.work_frame import reader_of
from trace.integrity.ranking import Ranked, ranking, scored_periods
from trace.vocabulary import NodeType

router = APIRouter(include_in_schema=False)


@router.api_route("/desk/integrity", methods=PAGE)
def ranking_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show the scores of a period from the best down; of the latest one unless another is asked for."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader, named = reader_of(request, caller), request.query_params.get("scores", "")
    kind = NodeType.named(request.query_params.get("kind", ""))
    with station.database.read() as session:
        scored = scored_periods(session)
        chosen = named if named in scored else (scored[0] if scored else "")
        before = _before(chosen, scored)
        found: list[Ranked] = []
        if chosen:
            found = ranking(
                session,
                chosen,
                before,
                area=asked.area,
                node_type=kind,
                offset=asked.start,
                limit=asked.limit,
            )
    shown = paged(found, asked)
    parts = {
        "scored": scored,
        "chosen": chosen,
        "before": before,
        "kind": kind,
        "kinds": [(each.value, each.words(words.language)) for each in NodeType],
        "explained": [(each, explained(each, words)) for each in shown],
    }
    table = turned(ranking_table(shown, reader, words), len(found), asked, reader)
    return desk_page(
        request, caller, asked, "integrity", template="desk_integrity.html", tables=(table,), parts=parts
    )


def _before(chosen: str, scored: list[str]) -> str | None:
    """Return the latest period of the same kind (year or quarter) that was scored before `chosen`."""
    alike = [each for each in scored if len(each) == len(chosen) and each < chosen]
    return max(alike, default=None)
