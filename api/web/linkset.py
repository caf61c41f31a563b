"""The links of a GS1 key as GS1 and RFC 9264 write them, and the description of the resolver.

Each key that is linked has a page for people, the record behind it for programs, and the page again as its
one default link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from ledger.errors import Language
from trace.links.digital_link import DigitalLink, Element, build_digital_link
from trace.links.element_strings import in_brackets
from trace.links.link_reading import FoundLink

LINKSET_TYPE: Final = "application/linkset+json"
VOCABULARY: Final = "https://ref.gs1.org/voc/"
"""Namespace of GS1's link types; https://gs1.org/voc/ is the same."""

_SPELLINGS: Final = (VOCABULARY, "https://gs1.org/voc/", "http://gs1.org/voc/", "gs1:")
_DEFAULT: Final = "defaultLink"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLink:
    """One link: its GS1 type without the namespace, and what a linkset says of it."""

    link_type: str
    href: str
    title: str
    media_type: str | None = None
    languages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return its object in a linkset; a default link has a title and nothing else."""
        shown: dict[str, object] = {"href": self.href, "title": self.title}
        if self.media_type:
            shown |= {"type": self.media_type}
        return shown | ({"hreflang": list(self.languages)} if self.languages else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLinks:
    """A key with its links."""

    anchor: str
    described: str
    links: tuple[TypedLink, ...]


def key_links(path: Sequence[Element], found: FoundLink, base_url: str, language: Language) -> KeyLinks:
    """Return the links of one key that somebody linked."""
    stem = base_url.rstrip("/")
    shown = in_brackets(path)
    story = f"{stem}/s/{quote(shown, safe='')}"
    zh = language == "zh"
    kind = found.link.target.kind.words(language)
    links = [
        TypedLink(
            link_type="pip",
            href=story,
            title="本平台的记录" if zh else "what is on record here",
            media_type="text/html",
            languages=("zh", "en"),
        ),
        *(
            TypedLink(
                link_type="traceability",
                href=f"{stem}/v1/lots/{quote(lot, safe='')}",
                title=f"批次 {lot} 的全程记录" if zh else f"the whole way of lot {lot}",
                media_type="application/json",
            )
            for lot in found.lots[:1]
        ),
        TypedLink(
            link_type="masterData",
            href=f"{stem}/v1/links?code={quote(shown, safe='')}",
            title="关联的陈述" if zh else "the statement that links it",
            media_type="application/json",
        ),
        TypedLink(link_type=_DEFAULT, href=story, title="本平台的记录" if zh else "what is on record here"),
    ]
    return KeyLinks(
        anchor=build_digital_link(DigitalLink(stem=stem, path=tuple(path))),
        described=f"{kind} {found.named}".strip(),
        links=tuple(links),
    )


def linkset_of(keys: Sequence[KeyLinks]) -> dict[str, object]:
    """Return a linkset: one object for each level of the key, the finest first."""
    return {"linkset": [_set_of(each) for each in keys]}


def chosen_link(keys: Sequence[KeyLinks], link_type: str | None) -> str | None:
    """Return where a request leads: the link of the type asked for at the finest level that has one."""
    wanted = _DEFAULT if link_type is None else _bare(link_type)
    links = (link for each in keys for link in each.links)
    return next((link.href for link in links if link.link_type == wanted), None)


def resolver_description(base_url: str, keys: Sequence[str]) -> Mapping[str, object]:
    """Return the resolver description file (GS1-Conformant Resolver Standard, `/.well-known/gs1resolver`)."""
    return {
        "name": "daodi 道地",
        "resolverRoot": base_url.rstrip("/"),
        "supportedPrimaryKeys": list(keys),
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": True,
        "supportsLanguageVariants": True,
        "supportsSemanticInterpretation": False,
        "validatesAIcombinations": True,
    }


def _set_of(key: KeyLinks) -> dict[str, object]:
    listed: dict[str, object] = {"anchor": key.anchor, "itemDescription": key.described}
    return listed | {f"{VOCABULARY}{link.link_type}": [link.to_json()] for link in key.links}


def _bare(link_type: str) -> str:
    return next(
        (link_type.removeprefix(start) for start in _SPELLINGS if link_type.startswith(start)), link_type
    )
