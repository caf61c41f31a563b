"""How a page of the desk is answered: as the page, or one of its tables as a file."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import Request, Response

from api.callers import Caller
from api.languages import language_of
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE
from api.web.desk_areas import way_down
from api.web.desk_asked import Asked
from api.web.desk_table import DeskTable
from api.web.pictures import Pictures
from api.web.step_faults import wrongs
from api.web.work_frame import work_page
from ledger.errors import DaodiError


def desk_page(
    request: Request,
    caller: Caller,
    asked: Asked,
    area: str,
    *,
    template: str = "desk_list.html",
    tables: Sequence[DeskTable] = (),
    pictures: Sequence[Pictures] = (),
    faults: Sequence[DaodiError] = (),
    parts: Mapping[str, object] | None = None,
    said: str = "",
    files: Mapping[str, Callable[[], bytes]] | None = None,
) -> Response:
    """Answer a page of the desk; with ``?as=csv&table=`` that table of it as CSV.

    `area` is the key of its entry in the navigation; `faults` stand above it, and make it a 422. A picture
    that has the name of a table stands above it; `files` makes the CSV of drawings without such a table.
    """
    if asked.file and not faults:
        chosen = next((each for each in tables if each.name == asked.file), None)
        if chosen is not None:
            name = f"{chosen.name}-{asked.quarter.name}{'-' + asked.area if asked.area else ''}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return conditional(request, chosen.csv, MEDIA_TYPE, headers=headers)
    language = language_of(request)
    framed = {
        "asked": asked,
        "way": way_down(asked.area, language),
        "tables": tables,
        "pictures": {each.name: each for each in pictures},
        "wrongs": wrongs(faults, language),
        **(parts or {}),
    }
    status = 422 if faults else 200
    return work_page(
        request, caller, template, area=area, status=status, parts=framed, said=said, files=files
    )
