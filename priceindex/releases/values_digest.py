"""The values digest of a release, in the form the release has.

Form 2 is `priceindex.releases.series.digest`. Form 1 was of one canonical JSON object a series, with
decimals of eight digits and eight counts; releases that have it stay verifiable.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from ledger.canonical import JsonValue, canonical
from priceindex.releases.series import COUNTS, Series, digest, order_of

FORM: Final = 2
"""The form releases are published in now."""
_SHARES: Final = COUNTS[:2]
_COUNTED: Final = COUNTS[2:8]


def digest_in_form(form: int, series: Iterable[Series]) -> str:
    """SHA-256 over the values of a release, hex; `form` is 1 or 2."""
    return digest(series) if form == FORM else _digest_form_1(series)


def _digest_form_1(series: Iterable[Series]) -> str:
    whole = hashlib.sha256()
    for one in sorted(series, key=order_of):
        whole.update(_bytes_form_1(one) + b"\n")
    return whole.hexdigest()


def _bytes_form_1(series: Series) -> bytes:
    points = series.points
    columns: dict[str, JsonValue] = {
        "days": series.days.tolist(),
        "values": [None if point.value is None else format(point.value, "f") for point in points],
        **{name: series.column(name).tolist() for name in (*_SHARES, *_COUNTED)},
    }
    told: dict[str, JsonValue] = {
        "level": str(series.level),
        "node": series.node,
        "parent": series.parent,
        "weight": format(series.weight, "f"),
        "columns": columns,
    }
    return canonical(told)
