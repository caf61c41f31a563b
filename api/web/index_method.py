"""How a family is compiled 编制方案, in sentences made from its text, and every parameter as it stands there.

The sentences are told by the parameters alone: whoever changes the text changes what the page says.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.web.formats import Formats
from api.web.node_names import node_name
from api.web.words import Words
from priceindex.classification import Level
from priceindex.families import Family

_JOIN = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class MethodPart:
    """One part of the plan."""

    key: str
    heading: str
    sentences: tuple[str, ...]


def method_parts(family: Family, words: Words) -> tuple[MethodPart, ...]:
    """Return the plan of a family, part by part in the order of a computation."""
    parts = (
        ("sample", words("methodology.sample"), _sample(family, words)),
        ("prices", words("methodology.prices"), _prices(family, words)),
        ("base", words("methodology.base"), _base(family, words)),
        ("formula", words("methodology.formula"), _formula(family, words)),
        ("weights", words("methodology.weights"), _weights(family, words)),
        ("missing", words("methodology.missing"), _missing(family, words)),
        ("outliers", words("methodology.outliers"), _outliers(family, words)),
        ("minimum", words("methodology.minimum"), _minimum(family, words)),
        ("publication", words("methodology.publication"), _publication(family, words)),
    )
    return tuple(
        MethodPart(key, heading, tuple(_closed(each, words) for each in said)) for key, heading, said in parts
    )


def parameters_of(family: Family) -> tuple[tuple[str, str], ...]:
    """Return every parameter the text states, by its path, as it is written there."""
    return tuple(_flat(tomllib.loads(family.text.decode()), ""))


def _closed(sentence: str, words: Words) -> str:
    """End a sentence that ends without a mark, as names of scopes do."""
    if sentence.endswith(("。", ".")):
        return sentence
    return f"{sentence}{'。' if words.language == 'zh' else '.'}"


def _flat(told: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        elif isinstance(value, list):
            yield above + name, ", ".join(map(str, value)) or "[]"
        else:
            yield above + name, str(value).lower() if isinstance(value, bool) else str(value)


def _listed(names: tuple[str, ...], words: Words) -> str:
    return _JOIN[words.language].join(names)


def _sample(family: Family, words: Words) -> Iterator[str]:
    yield family.scope_zh if words.language == "zh" else family.scope_en[:1].upper() + family.scope_en[1:]
    basket = family.basket
    if basket.markets:
        markets = tuple(node_name(Level.MARKET, each, words.language) for each in basket.markets)
        yield words("methodology.of_markets", names=_listed(markets, words))
    if basket.origins:
        yield words("methodology.of_origins", names=_listed(basket.origins, words))
    if basket.theme:
        yield words("methodology.of_theme", name=node_name(Level.THEME, basket.theme, words.language))
    tiers = tuple(words(f"methodology.tier_{each}") for each in basket.tiers)
    yield words("methodology.tiers", names=_listed(tiers, words))
    if family.selection.rule != "all":
        share = Formats(words.language).share(Decimal(family.selection.share))
        yield words(f"methodology.select_{family.selection.rule}", share=share)


def _prices(family: Family, words: Words) -> Iterator[str]:
    share = Formats(words.language).share(Decimal(family.cells.source_cap))
    yield words(f"methodology.{family.cells.sources}", share=share)
    if family.trades.enter:
        yield words("methodology.trades", trades=family.trades.trades, sellers=family.trades.sellers)


def _base(family: Family, words: Words) -> Iterator[str]:
    formats = Formats(words.language)
    level = formats.number(family.level)
    if family.base.first and family.base.last:
        first, last = formats.day(family.base.first), formats.day(family.base.last)
        yield words("methodology.base_days", first=first, last=last, level=level)
    else:
        yield words("methodology.base_first_month", level=level)


def _formula(family: Family, words: Words) -> Iterator[str]:
    yield words("methodology.elementary", name=words(f"methodology.formula_{family.elementary}"))
    mean = {1: "arithmetic", 0: "geometric", -1: "harmonic"}[family.aggregation_order]
    yield words("methodology.aggregation", name=words(f"methodology.mean_{mean}"))
    yield words("methodology.chained")
    if family.chain.leaves_after_months:
        yield words("methodology.leaves", months=family.chain.leaves_after_months)


def _weights(family: Family, words: Words) -> Iterator[str]:
    yield words(f"methodology.weights_{family.weights.rule}")
    if family.weights.rule == "declared_equal":
        yield words(f"methodology.unit_{family.weights.unit}")
    yield words(f"methodology.renewed_{family.weights.renewed}", month=family.weights.month)


def _missing(family: Family, words: Words) -> Iterator[str]:
    yield words("methodology.carried", days=family.missing.carry_days)
    yield words(f"methodology.imputed_{family.missing.imputation}", links=family.missing.imputed_links)
    share = Formats(words.language).share(Decimal(family.missing.suppress_imputed_over))
    yield words("methodology.suppressed", share=share)


def _outliers(family: Family, words: Words) -> Iterator[str]:
    rule = family.outliers
    if rule.rule == "none":
        yield words("methodology.outliers_none")
        return
    yield words(
        "methodology.outliers_rule", rule=words(f"methodology.rule_{rule.rule}"), cut_off=rule.cut_off
    )
    yield words(f"methodology.effect_{rule.effect}")


def _minimum(family: Family, words: Words) -> Iterator[str]:
    least = family.minimum
    yield words(
        "methodology.least",
        cells=least.cells,
        herbs=least.herbs,
        markets=least.markets,
        sources=least.sources,
    )


def _publication(family: Family, words: Words) -> Iterator[str]:
    told = family.publication
    yield words(f"calendar.every_{told.every}", at=told.at)
    yield words("methodology.final", days=told.final_after_days)
    yield words("methodology.notice", points=told.notice_over_points)
    yield words("methodology.trial", days=told.trial_days)
    yield words(f"methodology.four_eyes_{told.four_eyes}")
    yield words("methodology.rounded", kept=family.digits.kept, shown=family.digits.shown)
