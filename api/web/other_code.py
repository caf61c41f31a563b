"""What the page of a code of another system shows: who linked it to what, when, and what that means."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.formats import Formats
from api.web.words import Words
from trace.coding.code_words import CodeStatus
from trace.links.link_reading import FoundLink
from trace.links.other_codes import scheme_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """One link in the reader's words."""

    system: str
    code: str
    kind: str
    named: str
    by: str
    day: str
    statuses: str
    lots: tuple[str, ...]


def other_code_parts(asked: str, found: Sequence[FoundLink], words: Words) -> dict[str, object]:
    """Return everything `other_code.html` needs besides the frame."""
    formats = Formats(words.language)
    return {
        "asked": asked,
        "frozen": any(each.frozen for each in found),
        "links": [_shown(each, words, formats) for each in found],
    }


def _shown(found: FoundLink, words: Words, formats: Formats) -> ShownLink:
    link = found.link
    statuses = found.packs.statuses if found.packs else ()
    return ShownLink(
        system=scheme_words(link.scheme)[0 if words.language == "zh" else 1],
        code=link.value,
        kind=link.target.kind.words(words.language),
        named=found.named,
        by=found.party_name,
        day=formats.moment(link.linked_ms),
        statuses="、".join(CodeStatus(each).words(words.language) for each in statuses)
        if words.language == "zh"
        else ", ".join(CodeStatus(each).words(words.language) for each in statuses),
        lots=found.lots,
    )
