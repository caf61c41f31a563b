"""A code some other system gave to a lot, as a file brings it beside a step; `links.code_links` states it."""

import re
from dataclasses import dataclass
from typing import Final

_CPC: Final = re.compile(r"(?:\*CPC\*ZYCZS)?(\d{14}|\d{20}|\d{25}|\d{35})", re.ASCII)
_SPOKEN: Final = {
    "国家中药材流通追溯体系": "cpc",
    "商务部": "cpc",
    "药品追溯码": "drug",
    "gs1": "gs1",
    "cpc": "cpc",
    "drug": "drug",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCodeNew:
    """A code of another system and the lot it names."""

    scheme: str
    code: str
    lot: str


def scheme_of(text: str) -> str:
    """Return the scheme a person's word for a system means; another word is that system's own slug.

    >>> scheme_of("药品追溯码"), scheme_of("X-GanSu")
    ('drug', 'x-gansu')
    """
    plain = text.strip().casefold()
    return _SPOKEN.get(plain, plain)


def is_cpc(text: str) -> bool:
    """Say whether a text has the length and digits of a code of the national system."""
    return _CPC.fullmatch(text) is not None
