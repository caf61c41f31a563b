"""Names of nodes for people: classes in words, herbs with their pinyin for English readers."""

from functools import cache

from ledger.errors import Language
from priceindex.classification import Level, node_words
from trace.herbs import all_herbs
from trace.markets import all_markets


def node_name(level: Level, node: str, language: Language) -> str:
    """Name a node as a heading or a cell of a table does.

    >>> node_name(Level.HERB, "白芍", "en"), node_name(Level.CLASS, "root", "en")
    ('Baishao 白芍', 'Roots and rhizomes')
    """
    named = node_words(level, node, language)
    if language == "zh":
        return named
    if level in (Level.HERB, Level.GRADE):
        pinyin = _pinyin().get(node.partition("|")[0])
        return f"{pinyin} {named}" if pinyin else named
    if level is Level.MARKET and node in _markets():
        return f"{_markets()[node]} {node}"
    return named[:1].upper() + named[1:]


@cache
def _pinyin() -> dict[str, str]:
    return {herb.name_zh: herb.pinyin.capitalize() for herb in all_herbs()}


@cache
def _markets() -> dict[str, str]:
    return {market.short_name: market.english for market in all_markets()}
