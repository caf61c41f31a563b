"""Timestamps of checkpoints (RFC 3161): an outside authority says that it saw one before a certain time.

What is stamped is the SHA-256 of the note as the log signed it, byte for byte, without the witnesses'
lines that come later. A timestamp shows that this text existed then. It shows neither that the log is
consistent nor that others saw it: proofs and witnesses do. Certificates are judged at the time the
timestamp states, so it does not go stale when they expire. Parsing and CMS are rfc3161-client's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import rfc3161_client as rfc3161
from cryptography import x509

from ledger.errors import Said
from ledger.timestamps.timestamp_errors import CertificatesWrong, MalformedTimestamp, TimestampFalse

MAX_ANSWER: Final = 65_536
"""Longest answer that is looked at, in bytes; real ones with their certificates have up to about 6,000."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request for a timestamp."""

    der: bytes
    """TimeStampReq, as it is sent."""
    nonce: int
    """Drawn afresh: an answer that repeats it was made for this request."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A timestamp that holds."""

    at: datetime
    """When the authority says that it saw the text, UTC."""
    accuracy_ms: int
    """How far that may be off by its own word; 0 where it says nothing."""
    authority: str
    """Subject of the certificate that signed (RFC 4514)."""
    serial: int


@dataclass(frozen=True, slots=True)
class Authorities:
    """The timestamp authorities that are believed: their roots, and certificates tokens may leave out."""

    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()

    @classmethod
    def from_pem(cls, raw: bytes, file: str) -> "Authorities":
        """Read a PEM file; those that issued themselves are roots. Raises `CertificatesWrong`."""
        try:
            found = x509.load_pem_x509_certificates(raw)
        except ValueError as error:
            raise CertificatesWrong(file=file, reason=Said("不是 PEM 证书", "it is not PEM")) from error
        return cls.of(found, file)

    @classmethod
    def of(cls, found: Sequence[x509.Certificate], file: str) -> "Authorities":
        """Sort certificates into roots and others; raises `CertificatesWrong` when none is a root."""
        roots = tuple(dict.fromkeys(each for each in found if each.issuer == each.subject))
        if not roots:
            raise CertificatesWrong(file=file, reason=Said("没有根证书", "it holds no root"))
        return cls(roots, tuple(dict.fromkeys(each for each in found if each not in roots)))


def question(stamped: bytes) -> Question:
    """Return a fresh request for a timestamp of these bytes, certificates asked for."""
    asked = (
        rfc3161.TimestampRequestBuilder()
        .data(stamped)
        .hash_algorithm(rfc3161.HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    if asked.nonce is None:
        raise MalformedTimestamp(reason=Said("请求没有随机数", "the request has no nonce"))
    return Question(asked.as_bytes(), asked.nonce)


def verify_timestamp(
    answer: bytes, stamped: bytes, authorities: Authorities, nonce: int | None = None
) -> Timestamp:
    """Check a TimeStampResp (DER) over the bytes `stamped`; nothing but `authorities` is believed.

    It was granted, signed by a certificate for timestamping alone (RFC 3161, section 2.3) that leads to a
    root and was valid at the stated time, and its imprint is the SHA-256, -384 or -512 of the bytes. With
    `nonce`, it answers that very request. Raises `MalformedTimestamp` or `TimestampFalse`.
    """
    try:
        response = _decoded(answer)
        verifier = _verifier(response, authorities, nonce)
        verifier.verify_message(response, stamped)
        return _timestamp(response, authorities)
    except rfc3161.VerificationError as error:
        raise TimestampFalse(reason=Said(_why(error), _why(error))) from error
    except (ValueError, TypeError, OverflowError) as error:  # what the library says of broken structures
        raise MalformedTimestamp(reason=Said("结构错误", "a broken structure")) from error


def _decoded(answer: bytes) -> rfc3161.TimeStampResponse:
    if len(answer) > MAX_ANSWER:
        raise MalformedTimestamp(reason=Said("过长", "it is too long"))
    response = rfc3161.decode_timestamp_response(answer)
    if response.status != rfc3161.PKIStatus.GRANTED:
        status = response.status
        raise TimestampFalse(
            reason=Said(f"机构未授予（状态 {status}）", f"it was not granted (status {status})")
        )
    return response


def _verifier(
    response: rfc3161.TimeStampResponse, authorities: Authorities, nonce: int | None
) -> rfc3161.Verifier:
    builder = rfc3161.VerifierBuilder()
    if nonce is not None:
        builder = builder.nonce(nonce)
    for root in authorities.roots:
        builder = builder.add_root_certificate(root)
    signer = None if response.signed_data.certificates else _signer(response, authorities.others)
    if signer is not None:
        builder = builder.tsa_certificate(signer)
    for other in authorities.others:
        if other != signer:
            builder = builder.add_intermediate_certificate(other)
    return builder.build()


def _timestamp(response: rfc3161.TimeStampResponse, authorities: Authorities) -> Timestamp:
    stated, shown = response.tst_info, response.signed_data.certificates
    embedded = [x509.load_der_x509_certificate(each) for each in shown]
    signer = _signer(response, embedded or authorities.others)
    if signer is None:
        raise TimestampFalse(reason=Said("缺少签名证书", "the signing certificate is missing"))
    # None where the token says nothing, whatever the library's annotation says
    accuracy: rfc3161.Accuracy | None = stated.accuracy
    off_ms = 0 if accuracy is None else (accuracy.seconds or 0) * 1000 + (accuracy.millis or 0)
    return Timestamp(stated.gen_time, off_ms, signer.subject.rfc4514_string(), stated.serial_number)


def _signer(
    response: rfc3161.TimeStampResponse, certificates: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """Return which of `certificates` signed, by what the signature covers; None unless one did."""
    infos = response.signed_data.signer_infos
    named = {(info.issuer.public_bytes(), info.serial_number) for info in infos}
    found = (each for each in certificates if (each.issuer.public_bytes(), each.serial_number) in named)
    return next(found, None)


def _why(error: rfc3161.VerificationError) -> str:
    """Return the library's reason without what OpenSSL appends to it."""
    return str(error).partition(": ErrorStack")[0]
