"""What `daodi index calculate` says, in Chinese and English under one key."""

from typing import Final

CALCULATOR_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.index.formulas": ("列出全部指数公式", "list every index formula"),
    "help.index.calculate": (
        "用任一公式计算自备表格的指数",
        "compute an index over a table of your own by any formula",
    ),
    "option.calculator.table": (
        "CSV：period、product、price，可有 quantity",
        "a CSV with period, product, price and, where known, quantity",
    ),
    "option.calculator.formula": (
        "公式名，见 daodi index formulas",
        "name of the formula, see daodi index formulas",
    ),
    "option.calculator.form": ("fixed_base 定基 或 chained 链式", "fixed_base or chained"),
    "option.calculator.base": ("基期的位置，从 0 起", "place of the base period, counted from 0"),
    "option.calculator.weights": (
        "固定篮子：权数期的位置",
        "of a fixed basket: place of the period of its weights",
    ),
    "option.calculator.elasticity": ("替代弹性", "elasticity of substitution"),
    "option.calculator.shares": (
        "份额：matched 匹配品种 或 full 全部品种",
        "shares of the matched products or of the full basket",
    ),
    "option.calculator.window": ("多边窗口的时期数", "periods of a multilateral window"),
    "option.calculator.extension": (
        "延展方式：splice、expanding_base、moving_base",
        "how the window moves on: splice, expanding_base or moving_base",
    ),
    "option.calculator.splice": (
        "拼接：movement、window、half、mean",
        "splice: movement, window, half or mean",
    ),
    "option.calculator.level": ("基期的值", "value of the base period"),
    "option.calculator.parts": ("另列首末期变动的贡献", "also take the change from first to last apart"),
    "head.formula": ("公式", "formula"),
    "head.equation": ("算式", "equation"),
    "head.part": ("对变动的贡献", "part of the change"),
    "head.product": ("产品", "product"),
}
