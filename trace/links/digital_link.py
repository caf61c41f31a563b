"""GS1 Digital Link URIs: read and written by the rules of the URI syntax, by a table of identifiers.

    https://{domain}/{stem}/{key}/{value}[/{qualifier}/{value}]*[?{attribute}={value}&…]

Order matters: a key's qualifiers stand in one of its orders, and what may stand in the path must not stand
in the query. Values, pairs and check digits are checked (`gs1_values`, `gs1_identifiers`). Legacy words
instead of numbers (``/gtin/``), mixed-case schemes and compressed links are refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ledger.errors import Location
from trace.links.gs1_identifiers import Identifier, identifiers
from trace.links.gs1_values import value_fault
from trace.links.link_errors import BadDigitalLink
from trace.links.percent import escape_path, escape_query, unescape_path, unescape_query

LONGEST: Final = 2_000
"""Characters of a URI that are read: more than any key with all its attributes in practice."""

Element: TypeAlias = tuple[str, str]
"""An identifier's digits and its value, such as ("01", "06901234567892")."""

_URI: Final = re.compile(r"(https?|HTTPS?)://([A-Za-z0-9._:\[\]-]+)(/[^?#]*)(?:\?([^#]*))?(?:#.*)?")
_LEGAL: Final = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")  # RFC 3986, section 2
_GTIN_LENGTHS: Final = (8, 12, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalLink:
    """A Digital Link taken apart; what its query held besides GS1 attributes is not kept."""

    stem: str
    """Scheme, domain and whatever path stands before the key, without the slash at its end."""
    path: tuple[Element, ...]
    """The key, then its qualifiers in their order."""
    attributes: tuple[Element, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        """Everything it says, the key first."""
        return self.path + self.attributes


def parse_digital_link(uri: str, *, short_gtin: bool = False) -> DigitalLink:
    """Take a Digital Link apart; raises `BadDigitalLink`.

    `short_gtin` takes a GTIN of 8, 12 or 13 digits too, as older links had it, and fills it up to 14.

    >>> parse_digital_link("https://id.gs1.org/01/09520123456788/10/ABC").path
    (('01', '09520123456788'), ('10', 'ABC'))
    """
    if len(uri) > LONGEST or not _LEGAL.fullmatch(uri):
        raise _bad(uri, "含有网址不允许的字符，或过长", "it has characters no address has, or is too long")
    found = _URI.fullmatch(uri)
    if found is None:
        raise _bad(uri, "须以 https:// 加域名开头", "it must begin with https:// and a domain")
    scheme, domain, path, query = found.groups()
    stem, written = _key_in(uri, path)
    elements = [(ai, _full(ai, unescape_path(value), short_gtin)) for ai, value in written]
    link = DigitalLink(
        stem=f"{scheme}://{domain}{stem}",
        path=tuple(elements),
        attributes=tuple(_attributes(uri, query or "", short_gtin)),
    )
    _check(link, uri)
    return link


def build_digital_link(link: DigitalLink) -> str:
    """Write a Digital Link; raises `BadDigitalLink` for one that could not be read back.

    >>> build_digital_link(DigitalLink(stem="https://a.cn", path=(("414", "9520123456788"), ("254", "3/b"))))
    'https://a.cn/414/9520123456788/254/3%2Fb'
    """
    path = "".join(f"/{ai}/{escape_path(value)}" for ai, value in link.path)
    query = "&".join(f"{ai}={escape_query(value)}" for ai, value in link.attributes)
    uri = f"{link.stem}{path}{'?' if query else ''}{query}"
    _check(link, uri)
    return uri


def arrange(elements: Sequence[Element], stem: str) -> DigitalLink:
    """Put elements in any order into a link: the first key, its qualifiers in order, then attributes.

    Attributes whose length is fixed come first, as in a barcode. Raises `BadDigitalLink` when they make
    none.

    >>> arrange([("21", "XYZ"), ("01", "12312312312333"), ("99", "A")], "https://a.cn").path
    (('01', '12312312312333'), ('21', 'XYZ'))
    """
    known = identifiers()
    given = dict(elements)
    shown = "".join(f"({ai}){value}" for ai, value in elements)
    if len(set(elements)) != len(given):
        raise _bad(shown, "同一标识符出现了不同的值", "one identifier stands there with two values")
    key = next((ai for ai in given if ai in known and known[ai].sequences), None)
    if key is None:
        raise _bad(shown, "没有主键，例如 01、00 或 414", "it has no primary key such as 01, 00 or 414")
    wanted = known[key].qualifiers & given.keys()
    order = next((each for each in known[key].sequences if wanted <= set(each)), None)
    if order is None:
        raise _bad(shown, "限定符不能这样组合", "its qualifiers do not go together")
    path = (key, *(ai for ai in order if ai in given))
    rest = [ai for ai in given if ai not in path]
    rest.sort(key=lambda ai: ai not in known or not known[ai].fixed)
    link = DigitalLink(
        stem=stem,
        path=tuple((ai, given[ai]) for ai in path),
        attributes=tuple((ai, given[ai]) for ai in rest),
    )
    _check(link, shown)
    return link


def _key_in(uri: str, path: str) -> tuple[str, list[Element]]:
    """Split a path into its stem and the elements from the last key on."""
    segments = path.split("/")[1:]
    if segments[-1] == "" and len(segments) > 2:
        segments.pop()  # a slash at the end is tolerated (resolver standard 1.2, section 4)
    known = identifiers()
    for start in range(len(segments) - 2, -1, -2):
        one = known.get(segments[start])
        if one is None:
            break
        if one.sequences:
            pairs = list(zip(segments[start::2], segments[start + 1 :: 2], strict=True))
            return "".join(f"/{each}" for each in segments[:start]), pairs
    raise _bad(
        uri, "路径中没有主键，例如 /01/、/00/ 或 /414/", "its path has no key such as /01/, /00/ or /414/"
    )


def _attributes(uri: str, query: str, short_gtin: bool) -> list[Element]:  # noqa: FBT001  passed through
    """Return the GS1 attributes of a query; what is not all digits is somebody else's and passed over."""
    found: list[Element] = []
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if equals and name.isdigit():
            if name not in identifiers():
                raise _bad(uri, f"没有标识符（{name}）", f"there is no identifier ({name})")
            found.append((name, _full(name, unescape_query(value), short_gtin)))
    return found


def _full(ai: str, value: str, short_gtin: bool) -> str:  # noqa: FBT001  passed through
    if ai == "01" and short_gtin and value.isdigit() and len(value) in _GTIN_LENGTHS:
        return value.rjust(14, "0")
    return value


def _check(link: DigitalLink, uri: str) -> None:
    """Raise `BadDigitalLink` unless key, order, values and pairs are right."""
    known = identifiers()
    every = [known.get(ai) for ai, _ in link.elements]
    if None in every or not link.path:
        raise _bad(uri, "含有不存在的标识符，或没有主键", "it has an unknown identifier, or no key")
    ones = [one for one in every if one is not None]
    present = {one.ai for one in ones}
    if len(present) != len(ones):
        raise _bad(uri, "同一标识符出现两次", "one identifier stands there twice")
    _check_places(link, ones, uri)
    for one, (_, value) in zip(ones, link.elements, strict=True):
        fault = value_fault(one, value)
        if fault is not None:
            raise _bad(uri, f"（{one.ai}）{fault[0]}", f"({one.ai}): {fault[1]}")
        if one.misses(present):
            raise _bad(uri, f"（{one.ai}）缺少应同时出现的标识符", f"({one.ai}) lacks what it goes with")
        if (other := one.conflicts(present)) is not None:
            raise _bad(
                uri, f"（{one.ai}）与（{other}）不能同时出现", f"({one.ai}) and ({other}) exclude each other"
            )


def _check_places(link: DigitalLink, ones: Sequence[Identifier], uri: str) -> None:
    key, after = ones[0], [ai for ai, _ in link.path[1:]]
    if not any([ai for ai in order if ai in after] == after for order in key.sequences):
        raise _bad(uri, "限定符的次序或组合不对", "its qualifiers are in a wrong order or do not go together")
    for one in ones[len(link.path) :]:
        if not one.attribute or one.ai in key.qualifiers:
            raise _bad(
                uri, f"（{one.ai}）不能放在问号之后", f"({one.ai}) must not stand after the question mark"
            )


def _bad(uri: str, fault_zh: str, fault_en: str) -> BadDigitalLink:
    return BadDigitalLink(fault_zh=fault_zh, fault_en=fault_en, at=Location(value=uri[:120]))
