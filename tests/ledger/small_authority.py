"""A timestamp authority on loopback that signs real RFC 3161 tokens, and can be told to misbehave.

The DER is put together here by hand from RFC 3161 and RFC 5652, independently of what reads it.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
_SHA256 = "2.16.840.1.101.3.4.2.1"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER element."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(size)]) + size + content


def integer(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = bytes([first * 40 + second])
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, arc & 0x7F | 0x80)
        content += bytes(groups)
    return tlv(6, content)


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def elements(content: bytes) -> list[tuple[int, bytes]]:
    """The elements of DER content, each as tag and content."""
    found = []
    while content:
        tag, length, at = content[0], content[1], 2
        if length & 0x80:
            at += length & 0x7F
            length = int.from_bytes(content[2:at])
        found.append((tag, content[at : at + length]))
        content = content[at + length :]
    return found


@dataclass(frozen=True)
class Asked:
    """What a TimeStampReq asks for."""

    imprint: bytes
    nonce: int

    @classmethod
    def of(cls, der: bytes) -> "Asked":
        (_, body), *_ = elements(der)
        imprint, nonce = elements(body)[1:3]
        return cls(elements(imprint[1])[1][1], int.from_bytes(nonce[1]))


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *,
    usage: x509.ObjectIdentifier | None = None,
    until: datetime = NOW + timedelta(days=3650),
) -> x509.Certificate:
    """A certificate; for one purpose when `usage` is given, else of an issuer."""
    made = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1000))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), critical=True)
    )
    if usage is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return made.sign(by, hashes.SHA256())


@dataclass
class SmallAuthority:
    """A root and a signing key. The fields are what a misbehaving one changes."""

    name: str = "Stamp 1"
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING
    until: datetime = NOW + timedelta(days=365)
    at: datetime = NOW
    status: int = 0
    change: Callable[[Asked], Asked] | None = None
    """What it answers to instead of what it was asked."""
    root_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.root = certificate("Root", self.root_key, "Root", self.root_key)
        self.own = certificate(self.name, self.key, "Root", self.root_key, usage=self.usage, until=self.until)
        self.asked = 0

    @property
    def pem(self) -> bytes:
        """The root, as it is trusted."""
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, der: bytes) -> bytes:
        """A TimeStampResp."""
        self.asked += 1
        asked = Asked.of(der) if self.change is None else self.change(Asked.of(der))
        status = sequence(integer(self.status))
        return sequence(status, self.token(asked)) if self.status < 2 else sequence(status)

    def stamp(self, note: str) -> bytes:
        """A TimeStampResp for `note` that nobody asked for."""
        imprint = hashlib.sha256(note.encode()).digest()
        return sequence(sequence(integer(0)), self.token(Asked(imprint, 7)))

    def token(self, asked: Asked) -> bytes:
        sha256 = sequence(oid(_SHA256), tlv(5))
        stated = sequence(
            integer(1),
            oid("1.3.6.1.4.1.57264.2"),
            sequence(sha256, tlv(4, asked.imprint)),
            integer(42),
            tlv(0x18, self.at.strftime("%Y%m%d%H%M%SZ").encode()),
            sequence(integer(1)),
            integer(asked.nonce),
        )
        shown = self.own.public_bytes(Encoding.DER)
        signed = sorted(
            [
                sequence(oid("1.2.840.113549.1.9.3"), tlv(0x31, oid(_TST_INFO))),
                sequence(oid("1.2.840.113549.1.9.4"), tlv(0x31, tlv(4, hashlib.sha256(stated).digest()))),
                sequence(
                    oid("1.2.840.113549.1.9.16.2.47"),
                    tlv(0x31, sequence(sequence(sequence(tlv(4, hashlib.sha256(shown).digest()))))),
                ),
            ]
        )
        signature = self.key.sign(tlv(0x31, *signed), ec.ECDSA(hashes.SHA256()))
        signer = sequence(
            integer(1),
            sequence(self.own.issuer.public_bytes(), integer(self.own.serial_number)),
            sha256,
            tlv(0xA0, *signed),
            sequence(oid("1.2.840.10045.4.3.2")),
            tlv(4, signature),
        )
        content = sequence(oid(_TST_INFO), tlv(0xA0, tlv(4, stated)))
        body = sequence(integer(3), tlv(0x31, sha256), content, tlv(0xA0, shown), tlv(0x31, signer))
        return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, body))


@contextmanager
def serving(authority: SmallAuthority) -> Iterator[str]:
    """Answer on loopback; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = authority.answer(body)
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsr"
        finally:
            server.shutdown()
            thread.join()
