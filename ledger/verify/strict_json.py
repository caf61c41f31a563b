"""The canonical form of docs/ledger-format.md, section 1, read with the standard library alone.

Bytes are accepted when parsing and writing them again gives the same bytes: so a member given twice,
white space, another order, an escape or a float each show. The evidence file itself obeys the same rules.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from ledger.errors import Said
from ledger.verify.faults import Refused

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 8

_FORBIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NOT_CANONICAL: Final = Said("不是规范形式的 JSON", "it is not JSON in the canonical form")


def read(raw: bytes) -> Json:
    """Return the value whose canonical bytes are exactly `raw`; raises `Refused`."""
    try:
        value: Json = json.loads(
            raw.decode("utf-8"), parse_int=_integer, parse_float=_float, parse_constant=_float
        )
    except (ValueError, RecursionError) as error:
        raise Refused(_NOT_CANONICAL) from error
    if write(value) != raw:
        raise Refused(_NOT_CANONICAL)
    return value


def write(value: Json) -> bytes:
    r"""Return the canonical bytes of `value`; raises `Refused` for what the form cannot say.

    >>> write({"b": 1, "a": ["白芍", None]})
    b'{"a":["\xe7\x99\xbd\xe8\x8a\x8d",null],"b":1}'
    """
    _check(value, 0)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def members(value: Json, *names: str) -> Mapping[str, Json]:
    """Return `value` as an object with exactly these members; raises `Refused`.

    >>> members({"a": 1}, "a")
    {'a': 1}
    """
    if not isinstance(value, dict) or value.keys() != set(names):
        wanted = ", ".join(names)
        raise Refused(Said(f"对象的成员应为 {wanted}", f"an object should have the members {wanted}"))
    return value


def listed(value: Json) -> Sequence[Json]:
    """Return `value` as an array; raises `Refused`."""
    if not isinstance(value, list):
        raise Refused(Said("应为数组", "an array is expected"))
    return value


def text(value: Json) -> str:
    """Return `value` as a string; raises `Refused`."""
    if not isinstance(value, str):
        raise Refused(Said("应为字符串", "a string is expected"))
    return value


def count(value: Json) -> int:
    """Return `value` as an integer of 0 or more; raises `Refused`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refused(Said("应为非负整数", "a whole number of 0 or more is expected"))
    return value


def _integer(digits: str) -> int:
    if len(digits) > 17:  # 17 characters hold any integer in range with its sign
        raise ValueError(digits[:20])
    return int(digits)


def _float(digits: str) -> float:
    raise ValueError(digits[:20])


def _check(value: Json, depth: int) -> None:
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            raise Refused(_NOT_CANONICAL)
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise Refused(_NOT_CANONICAL)
    elif value is not None:
        _check_parts(value, depth, _check)


def _check_parts(value: Sequence[Json] | Mapping[str, Json], depth: int, check: Callable[..., None]) -> None:
    if depth >= MAX_DEPTH:
        raise Refused(_NOT_CANONICAL)
    if isinstance(value, Mapping):
        if not all(name.isascii() and name.isprintable() for name in value):
            raise Refused(_NOT_CANONICAL)
        value = list(value.values())
    for part in value:
        check(part, depth + 1)
