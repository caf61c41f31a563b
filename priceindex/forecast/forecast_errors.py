"""What can be wrong with a forecast that is asked for."""

from priceindex.errors import PriceIndexError


class PanelMisshapen(PriceIndexError):
    """Series were handed over in a form no forecaster takes: a gap inside, a value that is not positive."""

    zh = "待预测的数列有误（{shape}，周期 {season}）：须为正数，且只允许开头缺值"
    en = (
        "the series to forecast are malformed ({shape}, season {season}): values must be positive, "
        "missing only before the first"
    )
    remedy_zh = "先用 priceindex.forecast.grid 整理成等间隔数列"
    remedy_en = "put them on a grid with priceindex.forecast.grid first"
