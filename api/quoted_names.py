"""The herbs and markets a quote may name, handed from the trace to the price indices."""

from functools import cache, lru_cache

from priceindex.intake.known_names import KnownNames
from trace.herbs import all_herbs, nearest
from trace.markets import all_markets


@cache
def known_names() -> KnownNames:
    """Return the herbs and markets a quote may name.

    A market answers to its short, full and English name and its slug, and is kept by its short name.

    >>> known_names().markets["bozhou"]
    '亳州'
    """
    return KnownNames(
        herbs=frozenset(herb.name_zh for herb in all_herbs()),
        markets={
            written.lower(): market.short_name
            for market in all_markets()
            for written in (market.short_name, market.full_name, market.slug, market.english)
        },
        near_herbs=lru_cache(maxsize=1024)(nearest),
    )
