"""Signatures of the Standard Webhooks specification 1.0.0, "Signature scheme" and "Webhook headers".

What is signed is `{id}.{timestamp}.{body}`. `v1` is HMAC-SHA256 with a secret both sides know; `v1a` is
Ed25519 under a key only the sender holds. Both are sent, so that a receiver may take either.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from ledger.keys import PublicKey, SigningKey

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  the specification's own prefix, no secret
PUBLIC_PREFIX: Final = "whpk_"
SECRET_SIZE: Final = 32
"""The specification asks for 24 to 64 bytes."""


def signed_content(event_id: str, timestamp_s: int, body: bytes) -> bytes:
    """Return the bytes that are signed; `event_id` holds no full stop.

    >>> signed_content("msg_1", 1674087231, b"{}")
    b'msg_1.1674087231.{}'
    """
    return f"{event_id}.{timestamp_s}.".encode() + body


def symmetric(secret: bytes, content: bytes) -> str:
    """Return the `v1` signature of signed content under a shared secret."""
    return "v1," + base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()


def asymmetric(key: SigningKey, content: bytes) -> str:
    """Return the `v1a` signature of signed content under the service's webhook key."""
    return "v1a," + base64.b64encode(key.sign(content)).decode()


def webhook_headers(
    event_id: str, timestamp_s: int, body: bytes, secrets: Iterable[bytes], key: SigningKey
) -> dict[str, str]:
    """Return the three headers of one try, signed under the key and under every one of the secrets."""
    content = signed_content(event_id, timestamp_s, body)
    signatures = [asymmetric(key, content), *(symmetric(secret, content) for secret in secrets)]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(signatures),
    }


def secret_text(secret: bytes) -> str:
    """Return a shared secret as it is shown, once.

    >>> secret_text(bytes(24))
    'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def public_text(key: PublicKey) -> str:
    """Return the public half of the webhook key as it is published."""
    return PUBLIC_PREFIX + base64.b64encode(key.raw).decode()
