"""Documents are kept whole under their hash, by their real type, and never changed."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.documents.document_errors import (
    DocumentDamaged,
    DocumentTooLarge,
    DocumentTypeRefused,
    ImageTooLarge,
    UnknownDocument,
)
from trace.documents.document_store import (
    Kept,
    chunks,
    document_path,
    draft_document,
    keep_document,
    open_document,
    remove_document,
    settle,
)
from trace.documents.media_types import check_type
from trace.documents.references import named_documents

from .files import CSV, MP4, PDF, jpeg, png, webp, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMIT = 1_000_000


def keep(folder: Path, body: bytes, declared: str, limit: int = LIMIT) -> Kept:
    return keep_document(folder, body, declared, limit=limit, randomness=os.urandom)


def kept_bytes(folder: Path, sha256: str) -> bytes:
    with open_document(folder, sha256) as file:
        return b"".join(chunks(file))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("body", "declared", "size"),
    [
        (PDF, "application/pdf", None),
        (png(16, 10), "image/png", (16, 10)),
        (jpeg(640, 480), "image/jpeg", (640, 480)),
        (webp(1000, 700), "image/webp", (1000, 700)),
        (MP4, "video/mp4", None),
        (CSV, "text/csv; charset=utf-8", None),
        (b'{"time":"x"}\n', "application/x-ndjson", None),
        (workbook("[Content_Types].xml", "xl/workbook.xml"), XLSX, None),
    ],
)
def test_a_file_is_kept_under_its_hash_with_its_type_and_pixels(
    tmp_path: Path, body: bytes, declared: str, size: tuple[int, int] | None
) -> None:
    kept = keep(tmp_path, body, declared)
    assert kept.sha256 == hashlib.sha256(body).hexdigest()
    assert (kept.media_type, kept.size) == (declared.partition(";")[0], len(body))
    assert (kept.width, kept.height) == (size or (None, None))
    assert kept_bytes(tmp_path, kept.sha256) == body
    assert files_in(tmp_path) == [document_path(tmp_path, kept.sha256)]


@given(body=st.binary(max_size=600))
def test_no_two_types_claim_the_same_bytes(body: bytes) -> None:
    accepted = []
    for name in ("application/pdf", "image/png", "image/jpeg", "image/webp", "video/mp4", XLSX):
        try:
            accepted.append(check_type(name, body).name)
        except DocumentTypeRefused:
            continue
    assert len(accepted) <= 1


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (PDF, "image/png"),
        (png(), "application/pdf"),
        (b"", "text/csv"),
        (b"<svg onload='x()'/>", "text/csv"),
        (b"  <!DOCTYPE html><script>", "text/csv"),
        (PDF, "text/csv"),
        (b"time,value\n\x00", "text/csv"),
        (b"<html>", "text/html"),
        (b"<svg/>", "image/svg+xml"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xd9", "image/jpeg"),
        (workbook("word/document.xml"), XLSX),
        (workbook("xl/workbook.xml", "xl/vbaProject.bin"), XLSX),
        (b"PK\x03\x04 no archive", XLSX),
    ],
)
def test_what_is_not_of_its_type_is_refused_and_leaves_nothing(
    tmp_path: Path, body: bytes, declared: str
) -> None:
    with pytest.raises(DocumentTypeRefused):
        keep(tmp_path, body, declared)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(("width", "height"), [(20_001, 1), (1, 20_001), (15_000, 15_000)])
def test_a_picture_that_unpacks_to_too_much_is_refused(tmp_path: Path, width: int, height: int) -> None:
    for body, declared in ((png(width, height), "image/png"), (webp(width, height), "image/webp")):
        with pytest.raises(ImageTooLarge):
            keep(tmp_path, body, declared)
    assert files_in(tmp_path) == []


def test_a_file_over_the_limit_stops_being_read(tmp_path: Path) -> None:
    asked = 0

    def endless() -> Iterator[bytes]:
        nonlocal asked
        while True:
            asked += 1
            yield PDF + bytes(1000)

    with (
        pytest.raises(DocumentTooLarge),
        draft_document(tmp_path, endless(), "application/pdf", limit=5000, randomness=os.urandom),
    ):
        pytest.fail("it came in whole")
    assert asked <= 6
    assert files_in(tmp_path) == []


def test_the_same_file_twice_is_one_file_that_is_not_written_again(tmp_path: Path) -> None:
    first = keep(tmp_path, PDF, "application/pdf")
    before = document_path(tmp_path, first.sha256).stat()
    assert keep(tmp_path, PDF, "application/pdf") == first
    after = document_path(tmp_path, first.sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_bytes_changed_on_the_disk_are_never_handed_out_nor_overwritten(tmp_path: Path) -> None:
    kept = keep(tmp_path, PDF, "application/pdf")
    path = document_path(tmp_path, kept.sha256)
    path.write_bytes(PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(DocumentDamaged), open_document(tmp_path, kept.sha256):
        pytest.fail("it was handed out")
    with pytest.raises(DocumentDamaged):
        keep(tmp_path, PDF, "application/pdf")
    assert b"1.6" in path.read_bytes()


def test_a_link_in_the_store_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(PDF)
    sha256 = hashlib.sha256(PDF).hexdigest()
    path = document_path(tmp_path / "store", sha256)
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(UnknownDocument), open_document(tmp_path / "store", sha256):
        pytest.fail("it was followed")


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "/x", ""])
def test_only_a_hash_names_a_document(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownDocument):
        document_path(tmp_path, name)


def test_a_draft_that_is_not_kept_is_gone(tmp_path: Path) -> None:
    with draft_document(tmp_path, [PDF], "application/pdf", limit=LIMIT, randomness=os.urandom) as draft:
        assert draft.path.read_bytes() == PDF
    assert files_in(tmp_path) == []


def test_what_was_removed_can_be_put_back_by_its_draft(tmp_path: Path) -> None:
    with draft_document(tmp_path, [PDF], "application/pdf", limit=LIMIT, randomness=os.urandom) as draft:
        kept = settle(tmp_path, draft)
        assert remove_document(tmp_path, kept.sha256)
        assert not remove_document(tmp_path, kept.sha256)
        settle(tmp_path, draft)
    assert kept_bytes(tmp_path, kept.sha256) == PDF


def test_a_step_names_documents_by_whole_hashes_only() -> None:
    one = "ab" * 32
    assert named_documents([f"sha256:{one}", f"sha256:{one}", f"sha256:{one[:-1]}", one, 3, True]) == (one,)
