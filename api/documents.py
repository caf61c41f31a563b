"""Documents at the edge: taken in from uploads, handed out by visibility, erased for good.

A file is on the disk, durably, before a statement names it; its bytes go only after the statement that
says so is committed.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from sqlmodel import Session, select

from api.callers import Caller
from api.errors import NotYourParty
from api.station import Station
from ledger.canonical import JsonValue
from ledger.private.private_errors import NoPrivateValue
from ledger.private.redaction import check_reason
from trace.documents.document_errors import (
    DocumentErased,
    DocumentNotStored,
    DocumentTypeRefused,
    UnknownDocument,
)
from trace.documents.document_reading import Document, Reader, statements_of
from trace.documents.document_store import (
    Draft,
    Kept,
    chunks,
    draft_document,
    open_document,
    remove_document,
    settle,
)
from trace.documents.document_tables import DocumentLotRow, DocumentRow
from trace.documents.documents import (
    DocumentKind,
    DocumentNew,
    Stated,
    is_live,
    require_room,
    state_document,
    state_erased,
)
from trace.documents.media_types import MEDIA_TYPES, media_type
from trace.erasure import erase
from trace.errors import ErasureHeld
from trace.recalls.hold_reading import open_holds
from trace.sensors.raw_series import summary_of_file
from trace.sensors.sensing import Quantity
from trace.sensors.series import stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What became of an upload."""

    stated: Stated
    kept: Kept
    series: dict[str, JsonValue] | None
    """The sums of a raw series."""


def reader_of(caller: Caller) -> Reader:
    """Return what a caller may see: the operator and regulators everything."""
    return Reader(party=caller.party, sees_all=caller.operates or caller.regulator)


def take_in_document(
    station: Station,
    new: DocumentNew,
    body: Iterable[bytes],
    declared: str,
    quantity: Quantity | None = None,
) -> Uploaded:
    """Keep a file and state it; a series is summed up on the way.

    Raises what `draft_document`, `RawSeries`, `require_room` and `state_document` raise; nothing is then
    kept.
    """
    folder, at_ms = station.settings.documents_folder, station.clock()
    limit, chance = station.settings.max_document_bytes, station.randomness
    with draft_document(folder, body, declared, limit=limit, randomness=chance) as draft:
        series = _series(draft, new.kind, quantity)

        def work(session: Session) -> Stated:
            kept, most = draft.kept, station.settings.max_party_document_bytes
            require_room(session, new.party, kept.sha256, kept.size, most)
            return state_document(session, station.recorder.declarer, new, draft.kept, at_ms, series=series)

        settle(folder, draft)
        said = station.writer.submit(work)
        settle(folder, draft)  # an erasure may have gone between the two
    return Uploaded(stated=said, kept=draft.kept, series=series)


def state_alone(station: Station, new: DocumentNew, sha256: str, size: int, declared: str) -> Uploaded:
    """State the hash of a video that is too long to keep; its file stays with the party.

    Raises `DocumentTypeRefused` for anything but a video, and what `state_document` raises.
    """
    kind = media_type(declared)
    if not kind.video:
        names = ", ".join(each.name for each in MEDIA_TYPES if each.video)
        raise DocumentTypeRefused(
            fault_zh="只有视频可以只登记摘要",
            fault_en="only a video may be stated by its hash alone",
            known=names,
        )
    kept, at_ms = Kept(sha256=sha256, media_type=kind.name, size=size), station.clock()
    said = station.writer.submit(
        lambda session: state_document(session, station.recorder.declarer, new, kept, at_ms, stored=False)
    )
    return Uploaded(stated=said, kept=kept, series=None)


def statements(station: Station, sha256: str, reader: Reader) -> list[Document]:
    """Return the statements of a document the reader may see; raises `UnknownDocument` when none."""
    with station.database.read() as session:
        found = statements_of(session, sha256, reader)
    if not found:
        raise UnknownDocument(sha256=sha256[:64])
    return found


@contextmanager
def content(station: Station, sha256: str, reader: Reader) -> Iterator[tuple[Document, BinaryIO]]:
    """Open a document for a reader, its bytes hashed anew.

    Raises `UnknownDocument` also where the reader may not see it, `DocumentErased`, `DocumentNotStored`
    or `DocumentDamaged`.
    """
    document = readable(station, sha256, reader)
    with open_document(station.settings.documents_folder, sha256) as file:
        yield document, file


def readable(station: Station, sha256: str, reader: Reader) -> Document:
    """Return a statement whose bytes the reader may have; raises as `content` does."""
    found = statements(station, sha256, reader)
    live = next((each for each in found if each.erased_ms is None), None)
    if live is None:
        raise DocumentErased(sha256=sha256, reason=found[0].reason or "")
    stored = next((each for each in found if each.erased_ms is None and each.stored), None)
    if stored is None:
        raise DocumentNotStored(sha256=sha256)
    return stored


def streamed(stack: ExitStack, file: BinaryIO) -> Iterator[bytes]:
    """Give the bytes of an open document, and close it in the end."""
    with stack:
        yield from chunks(file)


def erase_document(station: Station, statement_id: str, reason: str, caller: Caller) -> str:
    """Erase the bytes and the title of a document for good; return its hash.

    For the operator, or the party that stated it unless something concerned is on hold. Bytes that another
    party's statement vouches for stay until that is erased too. Raises `UnknownDocument`, `NotYourParty`,
    `ErasureHeld`, `DocumentErased`, `BadReason`.
    """
    slug, at_ms = check_reason(reason), station.clock()

    def work(session: Session) -> str:
        row = session.get(DocumentRow, statement_id)
        if row is None:
            raise UnknownDocument(sha256=statement_id[:64])
        by = None if caller.operates else row.party
        if not caller.operates and caller.party != row.party:
            raise NotYourParty(own=caller.party or "—")
        if by is not None and _held(session, row, by):
            raise ErasureHeld(id=statement_id)
        sha256 = state_erased(session, station.recorder.declarer, statement_id, slug, at_ms, by)
        _erase_title(session, station, statement_id, slug, by, at_ms)
        return sha256

    try:
        sha256 = station.writer.submit(work)
    except DocumentErased as gone:
        _remove_unless_live(station, str(gone.parts["sha256"]))  # a crash may have left the bytes
        raise
    _remove_unless_live(station, sha256)
    return sha256


def _held(session: Session, row: DocumentRow, party: str) -> bool:
    """Say whether the party, or a lot the document speaks of, is on hold."""
    lots = select(DocumentLotRow.lot_id).where(DocumentLotRow.statement_id == row.statement_id)
    return bool(open_holds(session, parties=[party], lots=session.exec(lots).all()))


def _erase_title(
    session: Session, station: Station, statement_id: str, reason: str, by: str | None, at_ms: int
) -> None:
    key = station.log_ring.newest() if by is None else station.custody.signer_of(by)
    origin = station.settings.origin
    try:
        erase(session, station.vault, statement_id, (), reason, origin=origin, key=key, at_ms=at_ms)
    except NoPrivateValue:
        return  # the title of a public document is public for ever; so was it said


def _remove_unless_live(station: Station, sha256: str) -> None:
    with station.database.read() as session:
        live = is_live(session, sha256)
    if not live:
        remove_document(station.settings.documents_folder, sha256)


def _series(draft: Draft, kind: DocumentKind, quantity: Quantity | None) -> dict[str, JsonValue] | None:
    if kind is not DocumentKind.SERIES:
        return None
    if quantity is None or not media_type(draft.kept.media_type).text:
        raise DocumentTypeRefused(
            fault_zh="传感数据须说明测的是什么，并为 CSV 或每行一个 JSON",
            fault_en="a series must say what was measured, and be CSV or JSON lines",
            known="text/csv, application/x-ndjson",
        )
    with draft.path.open("rb") as file:
        return stated(summary_of_file(file, draft.kept.media_type, quantity))
