"""RFC 9901: disclosures and digests printed in its sections 4.2 and 5.

The shared `sdjwt` folder holds the inputs of its examples only (claims, random seed), so the
printed disclosures and digests stand here.
"""

import pytest

from ledger.private.disclosure import Disclosure

PRINTED = [
    # section 4.2.1 and 4.2.3: ["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]
    (
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
        ("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"),
        "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
    ),
    # section 5: ["2GLC42sKQveCfGfryNRN9w", "given_name", "John"]
    (
        "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
        ("2GLC42sKQveCfGfryNRN9w", "given_name", "John"),
        "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
    ),
]


@pytest.mark.parametrize(("encoded", "parts", "digest"), PRINTED)
def test_a_printed_disclosure_has_its_printed_digest(
    encoded: str, parts: tuple[str, str, str], digest: str
) -> None:
    disclosure = Disclosure(encoded)
    assert (disclosure.salt, disclosure.name, disclosure.value) == parts
    assert disclosure.digest == digest
