"""Releases and correction notices as RSS and as JSON Feed."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.family_names import family_names
from api.publication.feed import JSON_FEED, MOST, RSS, Feed, FeedEntry, json_feed, rss
from api.publication.overview import index_name
from api.routes.pages import PAGE
from api.station import Station
from api.web.conditional import conditional
from api.web.formats import Formats
from api.web.notice_words import notice_words
from api.web.words import Words, words_in
from priceindex import service
from priceindex.families import family
from priceindex.releases.notices import Notice, notices
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

FamilyName = Annotated[str | None, Query(max_length=40)]
_HEADERS: Final = {"Vary": "Accept-Language"}


@router.api_route("/index/feed.rss", methods=PAGE)
def rss_feed(request: Request, caller: Anyone, station: TheStation, family: FamilyName = None) -> Response:  # noqa: ARG001  declares who may call
    """Return releases and notices, newest first, as RSS 2.0; of one family when it is named."""
    return conditional(request, rss(_feed(request, station, family, "rss")), RSS, headers=_HEADERS)


@router.api_route("/index/feed.json", methods=PAGE)
def entries_feed(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: FamilyName = None,
) -> Response:
    """Return the same as JSON Feed 1.1."""
    body = json_feed(_feed(request, station, family, "json"))
    return conditional(request, body, JSON_FEED, headers=_HEADERS)


def _feed(request: Request, station: Station, only: str | None, suffix: str) -> Feed:
    """Gather the feed; raises `UnknownFamily`."""
    language = language_of(request)
    words, base = words_in(language), station.settings.base_url.rstrip("/")
    if only is not None:
        family(only)
    now_ms = station.clock()
    with station.database.read() as session:
        entries = _entries(session, only, now_ms, base, words)
    asked = "" if only is None else f"?family={only}"
    return Feed(
        title=words("index.feed_title"),
        text=words("index.feed_text"),
        home=f"{base}/index",
        own=f"{base}/index/feed.{suffix}{asked}",
        language=language,
        entries=entries,
    )


def _entries(session: Session, only: str | None, now_ms: int, base: str, words: Words) -> list[FeedEntry]:
    released = service.releases(session, only, limit=MOST, public_at_ms=now_ms)
    told = notices(session, only, as_of_ms=now_ms, limit=MOST)
    names = family_names(session, words.language, now_ms)
    entries = [
        *(_of_release(each, base, words) for each in released),
        *(_of_notice(each, names, base, words) for each in told),
    ]
    return sorted(entries, key=lambda each: (-each.at_ms, each.mark))[:MOST]


def _of_release(release: Release, base: str, words: Words) -> FeedEntry:
    formats = Formats(words.language)
    link = f"{base}/index/{release.release_id}"
    summary = release.summary
    return FeedEntry(
        link=link,
        mark=link,
        title=words(
            "index.feed_release",
            name=index_name(release, words.language),
            day=formats.day(release.last_day),
            value=formats.index(release.headline),
        ),
        text=words(
            "index.feed_release_text",
            status=words(f"index.status_{release.status}"),
            points=formats.points(summary.change_points),
            quoted=formats.number(summary.quoted),
            imputed=formats.share(summary.imputed_bp / 10_000),
            method=release.method_id,
            digest=release.bundle_sha256,
        ),
        kind=words("index.release_heading"),
        at_ms=release.published_ms,
    )


def _of_notice(notice: Notice, names: Mapping[str, str], base: str, words: Words) -> FeedEntry:
    link = f"{base}/index/{notice.release_id}"
    return FeedEntry(
        link=f"{link}#notices",
        mark=f"{link}#{notice.notice_id}",
        title=words("index.feed_notice", name=names.get(notice.family, notice.family)),
        text=notice_words(notice, words),
        kind=words("index.notice_heading"),
        at_ms=notice.at_ms,
    )
