"""The parts of the compact form, each in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proofs.byte_form import Reader, number, sized
from ledger.proofs.printed_errors import MalformedPrintedProof


@given(value=st.integers(0, 2**64 - 1), raw=st.binary(max_size=300))
def test_what_is_written_is_read(value: int, raw: bytes) -> None:
    reader = Reader(number(value) + sized(raw))
    assert (reader.number(), reader.sized()) == (value, raw)
    reader.end()


@pytest.mark.parametrize("raw", ["8000", "80", "ff" * 10 + "01", "", "808000"])
def test_a_number_in_a_longer_form_is_refused(raw: str) -> None:
    with pytest.raises(MalformedPrintedProof):
        Reader(bytes.fromhex(raw)).number()


def test_what_is_left_over_cut_off_or_no_text_is_refused() -> None:
    with pytest.raises(MalformedPrintedProof, match="follows its end"):
        Reader(b"x").end()
    with pytest.raises(MalformedPrintedProof, match="too early"):
        Reader(b"\x05abc").sized()
    with pytest.raises(MalformedPrintedProof, match="UTF-8"):
        Reader(b"\x01\xff").text()
