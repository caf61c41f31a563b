"""The release calendar of a family as a page and as an iCalendar file."""

from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.family_names import family_names
from api.routes.family_standing import RULE
from api.routes.pages import PAGE
from api.station import Station
from api.web.calendar_file import MEDIA_TYPE, calendar_file
from api.web.conditional import conditional
from api.web.formats import Formats
from api.web.site import page
from api.web.words import Words, words_in
from ledger.errors import Language
from priceindex import service
from priceindex.calendar import china_day
from priceindex.families import Family, all_families
from priceindex.releases.publication_calendar import AHEAD_DAYS, DueMoment, closed_days, due_moments
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

_FIRST: Final = "bozhou"
"""The family shown when none is named."""
LISTED: Final = 40
PAST: Final = 12
Asked = Annotated[str, Query(max_length=10_000)]


@router.api_route("/index/calendar", methods=PAGE)
def calendar_page(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Asked = _FIRST,
) -> Response:
    """Show when the coming releases are due and whether the last ones came on time."""
    chosen, words = _family(family), words_in(language_of(request))
    language = words.language
    due, past = _read(station, chosen)
    names = _names(station, language)
    parts = {
        "family": chosen.id,
        "name": names[chosen.id],
        "families": sorted(names.items(), key=lambda each: each[1]),
        "every": words(f"calendar.every_{chosen.publication.every}", at=chosen.publication.at),
        "rule": RULE[0] if language == "zh" else RULE[1],
        "due": due[:LISTED],
        "count": len(due),
        "past": past,
    }
    return page(request, "calendar.html", wide=True, parts=parts)


@router.api_route("/index/calendar.ics", methods=PAGE)
def calendar_download(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Asked = _FIRST,
) -> Response:
    """Return the due moments of the coming year for calendar programs."""
    chosen, words = _family(family), words_in(language_of(request))
    due, _ = _read(station, chosen)
    host = urlsplit(station.settings.base_url).hostname or "daodi"
    called = _names(station, words.language)[chosen.id]
    told = [(each, _summary(each, called, words)) for each in due]
    # Stamped with the day alone, so that the file changes when the calendar does and not at every asking.
    made_ms = station.clock() // 86_400_000 * 86_400_000
    name = words("calendar.file_name", name=called)
    body = calendar_file(chosen.id, host, told, name, made_ms)
    headers = {
        "Content-Disposition": f'attachment; filename="{chosen.id}-calendar.ics"',
        "Vary": "Accept-Language",
    }
    return conditional(request, body, MEDIA_TYPE, headers=headers)


def _family(asked: str) -> Family:
    newest = {each.id: each for each in all_families()}
    return newest.get(asked, newest[_FIRST])


def _read(station: Station, family: Family) -> tuple[list[DueMoment], list[Release]]:
    now_ms = station.clock()
    today = china_day(now_ms)
    with station.database.read() as session:
        closed = closed_days(session)
        past = service.releases(session, family.id, limit=PAST, public_at_ms=now_ms)
    found = due_moments(family.publication, today, today + timedelta(days=AHEAD_DAYS), closed)
    return [each for each in found if each.due_ms > now_ms], list(past)


def _names(station: Station, language: Language) -> dict[str, str]:
    with station.database.read() as session:
        return family_names(session, language, station.clock())


def _summary(moment: DueMoment, name: str, words: Words) -> str:
    formats = Formats(words.language)
    return words("calendar.summary", name=name, day=formats.day(moment.last))
