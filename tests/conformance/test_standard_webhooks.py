"""Our signatures are those of the Standard Webhooks specification, byte for byte.

The vectors are those its authors test their own libraries with (standard-webhooks/standard-webhooks on
GitHub, commit 5fb2ce9, libraries/go): `TestSymmetricWebhookSign` of webhook_symmetric_test.go, found again
in their JavaScript tests, and `TestAsymmetricWebhookSign` of webhook_asymmetric_test.go. The specification's
own text (spec/standard-webhooks.md) prints signatures without the keys they were made with.
"""

import base64

from api.webhooks.signatures import asymmetric, secret_text, signed_content, symmetric, webhook_headers
from ledger.keys import SigningKey

ID, TIMESTAMP_S, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
CONTENT = signed_content(ID, TIMESTAMP_S, BODY)
SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
KEY = SigningKey.from_seed(base64.b64decode("VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="))
SYMMETRIC = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
ASYMMETRIC = "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag=="


def test_the_symmetric_signature_is_the_published_one() -> None:
    assert symmetric(SECRET, CONTENT) == SYMMETRIC


def test_the_asymmetric_signature_is_the_published_one() -> None:
    assert asymmetric(KEY, CONTENT) == ASYMMETRIC


def test_the_headers_hold_both_separated_by_a_space() -> None:
    assert webhook_headers(ID, TIMESTAMP_S, BODY, [SECRET], KEY) == {
        "webhook-id": ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": f"{ASYMMETRIC} {SYMMETRIC}",
    }


def test_a_secret_is_shown_as_the_specification_writes_it() -> None:
    assert secret_text(SECRET) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
