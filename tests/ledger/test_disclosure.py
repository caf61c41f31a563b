"""What a digest commits to, and what erasing leaves behind."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import DisclosureMismatch, MalformedDisclosure, NotCanonical
from ledger.private.disclosure import Disclosure, check, conceal, decoy


def fixed(count: int) -> bytes:
    return bytes(range(count))


def test_a_concealed_value_is_the_rfcs_array_and_digest() -> None:
    disclosure = conceal("phone", "13800000000", fixed)
    array = b'["AAECAwQFBgcICQoLDA0ODw","phone","13800000000"]'
    encoded = urlsafe_b64encode(array).rstrip(b"=")
    assert disclosure.encoded.encode() == encoded
    digest = urlsafe_b64encode(hashlib.sha256(encoded).digest()).rstrip(b"=").decode()
    assert disclosure.digest == digest
    assert (disclosure.salt, disclosure.name, disclosure.value) == (
        "AAECAwQFBgcICQoLDA0ODw",
        "phone",
        "13800000000",
    )


@settings(max_examples=40)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)), st.integers(0, 2**53 - 1))
def test_a_disclosure_handed_around_still_checks(name: str, value: int) -> None:
    disclosure = conceal(name, value, secrets.token_bytes)
    again = Disclosure(disclosure.encoded)
    check(again, [decoy(secrets.token_bytes), disclosure.digest])
    assert (again.name, again.value) == (name, value)


def test_another_value_or_another_salt_is_not_what_was_committed() -> None:
    committed = conceal("grams", 1000, fixed)
    for other in (conceal("grams", 1001, fixed), conceal("grams", 1000, secrets.token_bytes)):
        with pytest.raises(DisclosureMismatch, match="grams"):
            check(other, [committed.digest])


def test_equal_values_have_unequal_digests() -> None:
    """So a phone number cannot be found by hashing all of them."""
    assert (
        conceal("phone", "1", secrets.token_bytes).digest != conceal("phone", "1", secrets.token_bytes).digest
    )
    assert len(decoy(secrets.token_bytes)) == 43


def encoded(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "有",
        "a",
        encoded(b"{}"),
        encoded(b"not json"),
        encoded(b'["salt","name"]'),
        encoded(b'["salt","name",1,2]'),
        encoded(b'[1,"name",2]'),
        encoded(b'["salt","name",1.5]'),
    ],
)
def test_text_that_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(MalformedDisclosure):
        Disclosure(text)


def test_a_value_outside_the_canonical_form_is_not_concealed() -> None:
    with pytest.raises(NotCanonical):
        conceal("note", "line\nbreak", fixed)
