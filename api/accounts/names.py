"""Names of accounts: what may be one, and when two are the same.

Counters of failed sign-ins and the look-up of an account fold a name by the same rule, so that no other
spelling of a name has failures of its own.
"""

import re
import unicodedata
from typing import Final

from api.accounts.account_errors import ShownNameWrong, SignInNameWrong
from ledger.plain_text import all_visible

_FORM: Final = re.compile(r"[\w.@-]{3,60}")
_FEWEST: Final = 3
_LONGEST_KEY: Final = 120
RESERVED: Final = "acct-"
"""How the ids of accounts begin: no name passes for one."""
LONGEST_SHOWN: Final = 60


def name_key(name: str) -> str:
    """Return what a sign-in name is known by: no case, no width, no spaces, no unseen characters.

    >>> name_key("  Ｌi.\u200bWei ") == name_key("li.wei")
    True
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = (letter for letter in plain if not letter.isspace() and unicodedata.category(letter)[0] != "C")
    return "".join(kept)[:_LONGEST_KEY]


def check_name(name: str) -> str:
    """Return a sign-in name as it may be given to an account; raises `SignInNameWrong`.

    >>> check_name("bozhou.publisher")
    'bozhou.publisher'
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    known = name_key(plain)
    if _FORM.fullmatch(plain) is None or len(known) < _FEWEST or known.startswith(RESERVED):
        raise SignInNameWrong
    return plain


def check_shown(name: str) -> str:
    """Return the name a person is greeted by; raises `ShownNameWrong`."""
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= LONGEST_SHOWN or not all_visible(plain):
        raise ShownNameWrong
    return plain
