"""The seventeen national herb markets 中药材专业市场 and where they sit."""

from dataclasses import dataclass
from functools import cache

from ledger.errors import Language
from trace.errors import UnknownMarket
from trace.facts import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One national herb market."""

    slug: str
    """Pinyin key, used in addresses and feeds."""
    short_name: str
    full_name: str
    english: str
    seat: str
    """Where it sits, in Chinese, as far down as the sources agree."""
    prefecture_code: str
    """GB/T 2260 code of the prefecture-level city or municipality."""
    county_code: str | None
    """GB/T 2260 code of the county or district; None where no source fixes it."""
    seat_disputed: bool
    """Whether published lists of the seventeen disagree about this one."""

    @property
    def gb2260(self) -> str:
        """The finest GB/T 2260 code known for the seat."""
        return self.county_code or self.prefecture_code

    def words(self, language: Language) -> str:
        """Name the market in `language`.

        >>> market("anguo").words("zh")
        '安国'
        """
        return self.short_name if language == "zh" else self.english


@cache
def all_markets() -> tuple[Market, ...]:
    """Return the seventeen markets, best known first."""
    return tuple(
        Market(
            slug=row["slug"],
            short_name=row["short_name"],
            full_name=row["full_name"],
            english=row["english"],
            seat=row["seat"],
            prefecture_code=row["prefecture_code"],
            county_code=row["county_code"] or None,
            seat_disputed=row["seat_disputed"] == "yes",
        )
        for row in rows("markets")
    )


def market(name: str) -> Market:
    """Return the market of that slug, short name or full name.

    Raises `UnknownMarket`, which lists the seventeen.

    >>> market("亳州").slug
    'bozhou'
    """
    wanted = name.strip()
    for known in all_markets():
        if wanted in (known.short_name, known.full_name) or wanted.casefold() == known.slug:
            return known
    raise UnknownMarket(name=wanted[:20], known="、".join(known.short_name for known in all_markets()))
