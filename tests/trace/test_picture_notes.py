"""A picture keeps what shows it and which way up it is; where it was taken, and by whom, goes."""

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from trace.documents.document_errors import DocumentTypeRefused
from trace.documents.picture_notes import without_notes
from trace.documents.picture_turn import turn_alone, turn_of

from .files import CSV, PDF

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F
CANARY = "CANARY-33.87N-115.77E"
XMP = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
PROFILE = b"ICC-PROFILE" + bytes(range(64))


def stripped(body: bytes) -> bytes:
    return b"".join(without_notes(io.BytesIO(body)))


def taken(form: str, turn: int) -> bytes:
    """A picture as a camera writes it, by a library that shares nothing with ours."""
    picture = Image.effect_noise((40, 30), 80).convert("RGB")
    exif, stream = Image.Exif(), io.BytesIO()
    more: dict[str, Any] = {"xmp": XMP, "lossless": True}
    exif[MAKER] = CANARY
    exif[ORIENTATION] = turn
    exif.get_ifd(GPS).update({1: "N", 2: (33.0, 52.0, 12.0), 29: CANARY})
    if form == "PNG":
        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add_text("Author", CANARY)
        more = {"pnginfo": text}
    elif form == "JPEG":
        more = {"xmp": XMP, "comment": CANARY, "quality": 90, "progressive": True}
    picture.save(stream, form, exif=exif, icc_profile=PROFILE, **more)
    return stream.getvalue()


@pytest.mark.parametrize("turn", [1, 6])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_notes_are_gone_and_every_pixel_its_colours_and_its_turn_are_the_same(
    form: str, turn: int
) -> None:
    before = taken(form, turn)
    after = stripped(before + (b"" if form == "WEBP" else f"trailing {CANARY}".encode()))
    assert (CANARY.encode() in before, CANARY.encode() in after) == (True, False)
    old, new = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert (new.format, new.tobytes()) == (form, old.tobytes())
    assert new.info["icc_profile"] == PROFILE
    assert "xmp" not in new.info
    assert new.getexif().get(ORIENTATION, 1) == turn
    assert not new.getexif().get_ifd(GPS)
    assert stripped(after) == after


segments = st.lists(
    st.tuples(st.sampled_from([0xDB, 0xC4, 0xE1, 0xE2, 0xED, 0xFE, 0xEE, 0xE0]), st.binary(max_size=40)),
    max_size=12,
)


@given(segments, st.binary(max_size=40))
def test_of_any_jpeg_the_tables_go_on_in_their_order_and_the_notes_do_not(
    written: list[tuple[int, bytes]], coded: bytes
) -> None:
    scan = b"\xff\xda\x00\x02" + coded.replace(b"\xff", b"\xff\x00") + b"\xff\xd0\x01\xff\xd9"
    parts = [
        (marker, bytes((0xFF, marker)) + struct.pack(">H", 2 + len(body)) + body) for marker, body in written
    ]
    whole = b"\xff\xd8" + b"".join(part for _, part in parts) + scan
    told = b"".join(part for marker, part in parts if marker in (0xDB, 0xC4))
    assert stripped(whole + b"\xff\xe1 what follows the end") == b"\xff\xd8" + told + scan


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 3000), st.binary(max_size=8))
def test_a_broken_picture_is_kept_without_notes_or_refused_and_never_hangs(
    form: str, place: int, wrong: bytes
) -> None:
    body = BODIES[form]
    place %= len(body)
    broken = body[:place] + wrong + body[place + len(wrong) :] if wrong else body[:place]
    try:
        once = stripped(broken)
    except DocumentTypeRefused:
        return
    assert len(once) <= len(broken) + 4096


@given(st.binary(max_size=64), st.integers(1, 8))
def test_a_turn_is_read_or_there_is_none(noise: bytes, turn: int) -> None:
    assert 1 <= turn_of(noise) <= 8
    assert 1 <= turn_of(b"MM\0*" + noise) <= 8
    assert turn_of(turn_alone(turn) + noise) == turn


@pytest.mark.parametrize("body", [PDF, CSV, b"", b"\xff\xd8", b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_picture_goes_on_as_it_is(body: bytes) -> None:
    assert stripped(body) == body


@pytest.mark.parametrize(
    "body",
    [b"\xff\xd8" + b"\xff\xe1\0\2" * 150_000, b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0teXt\0\0\0\0" * 150_000],
    ids=["jpeg", "png"],
)
def test_a_file_of_nothing_but_empty_notes_is_refused(body: bytes) -> None:
    with pytest.raises(DocumentTypeRefused):
        stripped(body)


BODIES = {form: taken(form, 6) for form in ("JPEG", "PNG", "WEBP")}
