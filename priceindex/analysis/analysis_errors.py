"""What the analysis refuses, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class TooFewMonthsTraded(PriceIndexError):
    """There are not two months with a cell that enough sellers traded often enough."""

    zh = "{family} 仅 {months} 个月有可用成交（一个报价单元至少 {trades} 笔、{sellers} 家），无法比较"
    en = (
        "{family} has {months} months with usable trades (a cell needs {trades} trades by {sellers} "
        "sellers); a comparison needs two"
    )
    remedy_zh = "待登记更多成交后再计算"
    remedy_en = "compute it again when more trades are recorded"


class NoHeadline(PriceIndexError):
    """The family has no published value that the analysis could be held against."""

    zh = "指数系列 {family} 尚无已发布的月度数值可供对照"
    en = "{family} has no published value of a whole month to hold the analysis against"
    remedy_zh = "先发布该指数"
    remedy_en = "publish the index first"
