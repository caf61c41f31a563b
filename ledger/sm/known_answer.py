"""What an SM2 implementation has to know before it is used: the example of GM/T 0003.5-2012, annex A."""

from typing import Final, Protocol

from ledger.sm.sm2 import SIGNATURE_SIZE

_SECRET: Final = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
_POINT: Final = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_MESSAGE: Final = b"message digest"
_SIGNATURE: Final = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


class Sm2(Protocol):
    """Something that makes and checks SM2 signatures of 64 bytes, r || s."""

    name: str

    def sign(self, secret: bytes, raw: bytes, message: bytes) -> bytes:
        """Return a signature by the key of 32 bytes whose point, 04 || x || y, is `raw`."""

    def verifies(self, raw: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether it is a signature by the key with this point."""


def holds_for(implementation: Sm2) -> bool:
    """Tell whether it accepts the standard's signature and its own, and neither over another message."""
    own = implementation.sign(_SECRET, _POINT, _MESSAGE)
    return len(own) == SIGNATURE_SIZE and all(
        implementation.verifies(_POINT, _MESSAGE, signature)
        and not implementation.verifies(_POINT, _MESSAGE + b"\x00", signature)
        for signature in (own, _SIGNATURE)
    )
