"""What seasonal indices refuse, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class TooShortForSeasons(PriceIndexError):
    """A season needs a base year and at least one month after it."""

    zh = "{family} 可用的成交只有 {months} 个月，季节指数需要十三个月"
    en = "the trades of {family} that may be used span {months} months; a seasonal index takes thirteen"
    remedy_zh = "待成交满十三个月再查；每月每单元须有足够的成交笔数与卖方"
    remedy_en = (
        "ask again when thirteen months have trades; a month of a cell counts with enough trades and sellers"
    )
