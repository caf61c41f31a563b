"""Origins: whether a division lies in an area that a list names for a herb, or in one of true origin 道地."""

from collections.abc import Sequence
from functools import cache

from trace.divisions import Division, division
from trace.herbs import Herb


def listed(herb: Herb, code: str) -> bool | None:
    """Say whether a division is one of the producing areas known for `herb`; None when nobody can tell.

    Nobody can tell where no list names an area, or the division is known too coarsely.

    >>> from trace.herbs import herb
    >>> listed(herb("白芍"), "341602"), listed(herb("当归"), "341602")
    (True, False)
    """
    return _within(herb.producing_areas, code)


def of_true_origin(herb: Herb, code: str) -> bool | None:
    """Say whether a division lies in an area of true origin 道地 of `herb`; None when nobody can tell.

    >>> from trace.herbs import herb
    >>> of_true_origin(herb("三七"), "532621"), of_true_origin(herb("三七"), "451026")
    (True, False)
    """
    return _within(herb.daodi_areas, code)


def _within(areas: Sequence[str], code: str) -> bool | None:
    if not areas:
        return None
    where = division(code)
    path = _short(where.path_zh)
    if any(_lies_in(path, area.split("(")[0]) for area in areas):
        return True
    if where.exact and where.level == "county":
        return False
    # Too coarse for a county, but fine enough to be in another province altogether.
    return False if not any(area.startswith(_province(where)) for area in areas) else None


def _lies_in(path: str, area: str) -> bool:
    head = 3 if area.startswith(("内蒙古", "黑龙江")) else 2
    return path.startswith(area[:head]) and area[head:] in path


@cache
def _short(path: str) -> str:
    for word in ("省", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区"):
        if word in path[:9]:
            return path.replace(word, "", 1)
    return path.replace("市", "", 1)


def _province(where: Division) -> str:
    return _short(division(where.code[:2] + "0000").path_zh)
