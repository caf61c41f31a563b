"""A page cut at its marks is the page with its marks replaced, plain and in gzip."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from api.web.cut_page import CutPage

MARKS = (b"\x01CODE\x01", b"\x01SAID\x01")
PIECE = st.one_of(st.sampled_from(MARKS), st.text("abc <>道地", max_size=40).map(str.encode))


@given(st.lists(PIECE, max_size=12), st.binary(max_size=30), st.binary(max_size=300))
def test_what_is_filled_in_stands_at_every_mark(pieces: list[bytes], code: bytes, said: bytes) -> None:
    filling = dict(zip(MARKS, (code, said), strict=True))
    cut = CutPage(b"".join(pieces), MARKS)
    plain = b"".join(cut.filled(filling))
    assert plain == b"".join(filling.get(piece, piece) for piece in pieces)
    assert gzip.decompress(b"".join(cut.gzipped(filling))) == plain


def test_one_cut_page_is_filled_in_for_many() -> None:
    cut = CutPage(b"<p>\x01CODE\x01</p>\x01CODE\x01", MARKS)
    pages = [b"".join(cut.filled({MARKS[0]: code, MARKS[1]: b""})) for code in (b"A", b"BB", b"A")]
    assert pages == [b"<p>A</p>A", b"<p>BB</p>BB", b"<p>A</p>A"]


def test_a_page_of_kilobytes_goes_out_in_a_fraction() -> None:
    cut = CutPage(b"<li>2025-06-01 \xe6\x99\x92\xe5\xb9\xb2</li>" * 500 + MARKS[0], MARKS)
    filling = {MARKS[0]: b"0ABCDEFGHJKMNPQRSTVW", MARKS[1]: b""}
    plain, packed = (sum(map(len, pieces)) for pieces in (cut.filled(filling), cut.gzipped(filling)))
    assert packed * 20 < plain
