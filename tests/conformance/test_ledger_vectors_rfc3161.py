"""Published RFC 3161 answers, good and bad: the fixtures of trailofbits/rfc3161-client (Apache-2.0)."""

from pathlib import Path

import pytest
from cryptography import x509

from ledger.errors import LedgerError
from ledger.timestamps.timestamp import Authorities, verify_timestamp
from ledger.timestamps.timestamp_errors import MalformedTimestamp, TimestampFalse

pytestmark = pytest.mark.shared
FIXTURES = "vectors/ledger/rfc3161/test/fixtures"


def authorities(folder: Path) -> Authorities:
    raw = (folder / "ts_chain.pem").read_bytes()
    if raw.startswith(b"-----"):
        return Authorities.from_pem(raw, folder.name)
    return Authorities.of([x509.load_der_x509_certificate(raw)], folder.name)


@pytest.mark.parametrize(
    ("name", "at", "authority"),
    [
        ("identrust/issue-104.tsr", "2025-03-11T08:52:08+00:00", "IdenTrust"),
        ("sigstage/response-sha256.tsr", "2025-05-09T11:58:55+00:00", "CN=sigstore-tsa,"),
        ("sigstage/response-sha384.tsr", "2025-05-09T11:58:55+00:00", "CN=sigstore-tsa,"),
        ("sigstage/response-sha512.tsr", "2025-05-09T11:58:56+00:00", "CN=sigstore-tsa,"),
        ("sigstage/response-no-embedded-cert.tsr", "2025-06-18T08:13:02+00:00", "CN=sigstore-tsa,"),
        ("test_tsa/response.tsr", "2024-10-08T15:40:32+00:00", "CN=Test TSA Timestamping"),
    ],
)
def test_a_good_answer_holds(shared: Path, name: str, at: str, authority: str) -> None:
    """Each is over the word hello; the test authority's chain has an intermediate certificate."""
    file = shared / FIXTURES / name
    found = verify_timestamp(file.read_bytes(), b"hello", authorities(file.parent))
    assert found.at.isoformat() == at
    assert authority in found.authority


def test_an_answer_outlives_its_certificates(shared: Path) -> None:
    """RFC 3161, appendix B: the stated time lies within the validity, today need not."""
    folder = shared / FIXTURES / "sigstore.mock"
    payload, answer = (folder / "payload").read_bytes(), (folder / "response-expired.tsr").read_bytes()
    found = verify_timestamp(answer, payload, authorities(folder))
    assert found.at.isoformat() == "2023-02-01T00:00:00+00:00"
    assert all(each.not_valid_after_utc.year == 2024 for each in authorities(folder).roots)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("sigstage/response-invalid-signature.tsr", TimestampFalse),
        ("test_tsa/other_response.tsr", TimestampFalse),  # of another authority of the same name
        ("test_tsa/request.der", MalformedTimestamp),
        ("sigstage/ts_chain.pem", MalformedTimestamp),
    ],
)
def test_a_bad_answer_is_refused(shared: Path, name: str, error: type[LedgerError]) -> None:
    file = shared / FIXTURES / name
    with pytest.raises(error):
        verify_timestamp(file.read_bytes(), b"hello", authorities(file.parent))


def test_certificates_that_were_slipped_in_name_nobody(shared: Path) -> None:
    """The certificates of a token are not signed; who signed is read from what is."""
    folder = shared / FIXTURES / "test_tsa"
    raw = (folder / "response-injected-certs.tsr").read_bytes()
    assert (
        verify_timestamp(raw, b"hello", authorities(folder)).authority == "CN=Test TSA Timestamping,O=local"
    )


def test_every_good_answer_is_refused_for_another_text_nonce_and_root(shared: Path) -> None:
    trusted = {name: authorities(shared / FIXTURES / name) for name in ("sigstage", "test_tsa", "identrust")}
    for name, other in (("sigstage", "test_tsa"), ("test_tsa", "identrust"), ("identrust", "sigstage")):
        for file in sorted((shared / FIXTURES / name).glob("*.tsr")):
            raw = file.read_bytes()
            for note, believed, nonce in (
                (b"world", trusted[name], None),
                (b"hello", trusted[name], 1),
                (b"hello", trusted[other], None),
            ):
                with pytest.raises(LedgerError):
                    verify_timestamp(raw, note, believed, nonce)
