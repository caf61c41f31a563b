"""The tables of formulas: equations, sources, laws, and the conventions of the multilateral indices."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from priceindex.formulas.bilateral import ELEMENTARY, FAMILIES, WITH_ELASTICITY
from priceindex.formulas.described import Description
from priceindex.formulas.fixed_basket import FIXED_BASKETS
from priceindex.formulas.laws import WORDING, Law
from priceindex.method_pages.markdown import code, table
from priceindex.method_pages.meanings import meanings
from priceindex.multilateral import coded_panel, conventions, geary_khamis, geks, pairwise, splices
from priceindex.multilateral import fixed_base_extensions as extensions
from priceindex.multilateral import time_product_dummy as dummy

_FAMILY_WORDS: Final = {
    "unweighted": "不加权 unweighted",
    "arithmetic": "算术 arithmetic",
    "geometric": "几何 geometric",
    "log_change": "对数变动 log change",
    "baskets": "篮子 baskets",
    "crossed": "交叉 crossed",
    "value_ratios": "金额比 value ratios",
}
_SHOWN_ELASTICITY: Final = 0.7
"""The elasticity whose laws the table shows: neither 0 nor 1, where the formulas become others."""
_SIGNS: Final = dict(zip(Law, "IPHTCUMFA", strict=True))
"""One letter a law: the heads of narrow columns."""
_OF_QUANTITIES: Final = (Law.FACTOR_REVERSAL, Law.CONSISTENCY)
"""Laws that are not asked of a formula whose quantities are of a third period."""
_DEFAULT_OF: Final[Mapping[str, tuple[Callable[..., Any], str]]] = {
    "Formula": (pairwise.links, "formula"),
    "Shares": (pairwise.links, "shares"),
    "LinkWeights": (geks.geks, "weights"),
    "Sample": (geary_khamis.geary_khamis, "sample"),
    "Weighting": (dummy.time_product_dummy, "weighting"),
    "Adjustment": (dummy.time_product_dummy, "adjustment"),
    "Splice": (splices.spliced, "splice"),
    "SplicedOn": (splices.spliced, "on"),
    "HalfPosition": (splices.spliced, "half"),
    "StartUp": (extensions.expanding_window, "start_up"),
    "Repeats": (coded_panel.code_panel, "repeats"),
}
"""Convention -> the function and parameter its default is read from."""


def bilateral_table() -> str:
    """Every formula that compares two periods by the prices and quantities of both."""
    rows = [
        [_FAMILY_WORDS[family] if place == 0 else "", *_described(formula)]
        for family, formulas in FAMILIES.items()
        for place, formula in enumerate(formulas)
    ]
    return table(["family", "key", "formula", "equation", "source"], rows)


def elasticity_table() -> str:
    """The formulas that take an elasticity of substitution."""
    made = [make(_SHOWN_ELASTICITY) for make in WITH_ELASTICITY.values()]
    return table(["key", "formula", "equation", "source"], [_described(each) for each in made])


def fixed_basket_table() -> str:
    """The formulas whose weights come from a third, earlier period."""
    return table(["key", "formula", "equation", "source"], [_described(each) for each in FIXED_BASKETS])


def elementary_table() -> str:
    """The formulas a family may use within a grade."""
    return table(
        ["`elementary`", "formula", "equation", "source"], [_described(f) for f in ELEMENTARY.values()]
    )


def law_table() -> str:
    """The laws, each as a sentence and an equation, with the letter it has in the next table."""
    rows = [[_SIGNS[law], words.zh, words.en, words.equation] for law, words in WORDING.items()]
    return table(["letter", "law 检验", "says", "equation"], rows)


def formula_law_table() -> str:
    """Which formula obeys which law."""
    return table(["key", *_SIGNS.values()], [[code(each.key), *_ticks(each)] for each in _all()])


def convention_table() -> str:
    """Every convention of the multilateral indices with its values, its default and what it decides."""
    told = meanings(conventions)
    rows = []
    for name, (function, parameter) in _DEFAULT_OF.items():
        default = inspect.signature(function).parameters[parameter].default
        others = [each for each in get_args(getattr(conventions, name)) if each != default]
        values = ", ".join([f"**`{default}`**", *map(code, others)])
        rows.append([code(f"{function.__name__}({parameter})"), values, told[name]])
    return table(["function and parameter", "values, the default first", "decides"], rows)


def _described(formula: Description) -> list[str]:
    return [code(formula.key), f"{formula.zh} {formula.en}", code(formula.equation), formula.source]


def _ticks(formula: Description) -> list[str]:
    unasked = _OF_QUANTITIES if formula in FIXED_BASKETS else ()
    return ["·" if law in unasked else "✓" if law in formula.laws else "" for law in _SIGNS]


def _all() -> Iterator[Description]:
    families: Sequence[Sequence[Description]] = list(FAMILIES.values())
    for formulas in families:
        yield from formulas
    yield from (make(_SHOWN_ELASTICITY) for make in WITH_ELASTICITY.values())
    yield from FIXED_BASKETS
