"""What the verifier on the scan page says: messages with their places left open for the script."""

from typing import Final

from api.web.words import Words
from ledger.verify.verdicts import CHECKS

_STATES: Final = (
    "running",
    "good",
    "unwitnessed",
    "witnessed",
    "complete",
    "incomplete",
    "pending",
    "old",
    "stale",
    "heading",
    "failed",
    "differs",
    "reload",
    "unable",
    "unreached",
    "compared",
    "not_shown",
    "colon",
)
_FACTS: Final = (
    "code",
    "lot",
    "herb",
    "mass",
    "packed",
    "place",
    "time",
    "party",
    "amount",
    "field",
    "test",
    "licence",
    "signer",
    "step",
    "hidden",
)
"""What the script compares with the entries it verified."""


_OPEN: Final = {
    name: f"{{{name}}}"
    for name in ("steps", "signatures", "witnesses", "size", "pending", "days", "what", "fact")
}
"""Each place, filled with itself."""


def check_words(words: Words) -> str:
    """Return the messages, a line each, as name, equals sign, text."""
    names = (*_STATES, *(f"fact.{fact}" for fact in _FACTS))
    told = {name: words(f"check.{name}", **_OPEN) for name in names}
    language = words.language
    told |= {f"check.{name}": said.zh if language == "zh" else said.en for name, said in CHECKS.items()}
    return "\n".join(f"{name}={text}" for name, text in told.items())
