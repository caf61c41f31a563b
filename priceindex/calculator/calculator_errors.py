"""What the calculator refuses."""

from priceindex.errors import PriceIndexError


class UnknownMethod(PriceIndexError):
    """No method has this name."""

    zh = "没有名为 {method} 的指数公式"
    en = "there is no index formula {method}"
    remedy_zh = "可用的有：{known}"
    remedy_en = "there are: {known}"


class NotDecomposed(PriceIndexError):
    """A method whose change is not taken apart here."""

    zh = "{method} 没有贡献分解"
    en = "the change of {method} is not taken apart"
    remedy_zh = "可分解的有：{known}"
    remedy_en = "contributions are given for: {known}"


class TableColumns(PriceIndexError):
    """A table lacks a column the calculator needs."""

    zh = "{name} 须有 period、product、price 列（可有 quantity 列），现有：{found}"
    en = "{name} needs the columns period, product, price (and may have quantity); it has: {found}"
    remedy_zh = "每行一个观测：时期、产品、价格、数量"
    remedy_en = "one row an observation: period, product, price, quantity"


class TableNumber(PriceIndexError):
    """A price or a quantity is no number above zero."""

    zh = "{name} 第 {row} 行的 {column} 不是大于零的数：{value}"
    en = "{column} of row {row} of {name} is no number above zero: {value}"
    remedy_zh = "改正该行；没有观测的产品不列出即可"
    remedy_en = "mend the row; a product that was not observed is simply not listed"
