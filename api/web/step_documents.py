"""Files that come with a step form: kept as documents, before the step that names them or after it.

Pictures lose the position and whatever else a camera noted beside them, as they do where the page's script
makes them small: what a form sends nobody has named by its hash yet.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.datastructures import FormData, UploadFile

from api.documents import take_in_document
from api.station import Station
from trace.documents.documents import DocumentKind, DocumentNew
from trace.documents.picture_notes import without_notes
from trace.documents.references import PREFIX
from trace.profiles import Kind, Visibility, profile
from trace.vocabulary import Stage

PHOTOS: Final = "photos"
"""Name of the box whose files belong to the step without any field naming them."""
SEEN_BY: Final = "photos_seen"
_KINDS: Final[Mapping[str, DocumentKind]] = {
    "photo": DocumentKind.PHOTO,
    "report": DocumentKind.TEST_REPORT,
    "video": DocumentKind.PAOZHI_VIDEO,
}
"""By the name of the field; every other is `other`."""


def keep_named(station: Station, stage: Stage, party: str, form: FormData) -> dict[str, str]:
    """Keep the files sent for fields that name a document, and return the value of each field.

    Raises what `take_in_document` raises.
    """
    named: dict[str, str] = {}
    for field in profile(stage).fields:
        file = form.get(f"{field.name}.file")
        if field.kind is Kind.DOCUMENT and isinstance(file, UploadFile) and file.size:
            new = DocumentNew(
                party=party,
                kind=_KINDS.get(field.name, DocumentKind.OTHER),
                title=f"{stage.zh} {field.zh}",
                visibility=field.visibility,
            )
            done = take_in_document(station, new, without_notes(file.file), file.content_type or "")
            named[field.name] = PREFIX + done.kept.sha256
    return named


def keep_photos(
    station: Station, stage: Stage, party: str, form: FormData, step_id: str, lots: Iterable[str]
) -> int:
    """Keep the photos sent with a step that is on record, and return how many; raises as `keep_named`."""
    files = [each for each in form.getlist(PHOTOS) if isinstance(each, UploadFile) and each.size]
    for number, file in enumerate(files, start=1):
        picture = (file.content_type or "").startswith("image/")
        new = DocumentNew(
            party=party,
            kind=DocumentKind.PHOTO if picture else DocumentKind.OTHER,
            title=f"{stage.zh} {number}",
            visibility=visibility_of(form),
            lots=tuple(lots)[:100],
            step=step_id,
        )
        take_in_document(station, new, without_notes(file.file), file.content_type or "")
    return len(files)


def visibility_of(form: FormData) -> Visibility:
    """Return who may see the photos, as was chosen; trading partners where nothing was."""
    chosen = form.get(SEEN_BY)
    return next((each for each in Visibility if each.value == chosen), Visibility.PARTNER)
