"""The bulletin of a public release as a page reads it, as a file to hand on, and as a PDF."""

from datetime import UTC, datetime
from importlib.resources import files

from markupsafe import Markup
from sqlmodel import Session

from api.publication.moves import MovesAsked, moves_of
from api.publication.overview import overview_of
from api.web.bulletin import Bulletin, bulletin_of
from api.web.bulletin_pdf import bulletin_pdf
from api.web.site import Reader, environment, frame_parts
from api.web.words import Words
from ledger import log
from priceindex.classification import Level
from priceindex.releases.notices import notices
from priceindex.releases.release import Release
from trace.labels.label_font import LabelFont

_WEEK = MovesAsked(level=Level.HERB, period="week")


def read_bulletin(
    session: Session, release: Release, base_url: str, vkey: str, words: Words, *, as_of_ms: int
) -> Bulletin:
    """Return what the bulletin of a release says, with the notices public at a moment."""
    return bulletin_of(
        overview_of(session, release),
        moves_of(session, release, _WEEK),
        notices(session, as_of_ms=as_of_ms, release_id=release.release_id),
        log.indices(session, [release.statement_id]).get(release.statement_id),
        base_url,
        vkey,
        words,
    )


def bulletin_html(told: Bulletin, base_url: str) -> bytes:
    """Write a bulletin as one HTML file: its looks stand in it, its links lead to the service."""
    reader = Reader(told.words.language, elder=False, path="/", carried=(("lang", told.words.language),))
    looks = files("api.web").joinpath("static", "daodi.css").read_text(encoding="utf-8")
    drawn = environment().get_template("bulletin_file.html")
    return drawn.render(
        frame_parts(reader, told.words),
        bulletin=told,
        base_url=f"{base_url.rstrip('/')}/",
        looks=Markup(looks),  # noqa: S704  our own style sheet
    ).encode()


def bulletin_sheet(told: Bulletin, font: LabelFont) -> bytes:
    """Write a bulletin as PDF; it bears the time of its release. Raises `GlyphsMissing`."""
    return bulletin_pdf(told, font, datetime.fromtimestamp(told.published_ms / 1000, UTC))
