"""What the multilateral methods refuse, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class PanelMisshapen(PriceIndexError):
    """The columns of a long table do not belong together, or hold what is no price or quantity."""

    zh = "价格与数量表有误：{why_zh}"
    en = "the table of prices and quantities is wrong: {why_en}"
    remedy_zh = "核对各列长度相同、价格为正、数量不为负，再重新计算"
    remedy_en = "see that the columns are of one length, prices positive and quantities not negative"


class PanelTooLarge(PriceIndexError):
    """Periods times products is more than is held at once."""

    zh = "{periods} 个时期乘 {products} 个产品超过一次可处理的 {limit} 格"
    en = "{periods} periods by {products} products are more than the {limit} cells held at once"
    remedy_zh = "先把日数据汇总为月，或按药材分块求和后相加"
    remedy_en = "sum days into months first, or add up the sums of parts by herb"


class ObservedTwice(PriceIndexError):
    """One product has two rows in one period, and the convention refuses that."""

    zh = "产品 {product} 在时期 {period} 有多行"
    en = "product {product} has more than one row in period {period}"
    remedy_zh = "先合并为一行，或选择 repeats=unit_value"
    remedy_en = "merge them into one row, or choose repeats=unit_value"


class NotLinked(PriceIndexError):
    """A period shares no product with any other, so no index can compare it."""

    zh = "时期 {period} 与基期没有任何共同产品可比"
    en = "period {period} shares no product with the base, not even through another period"
    remedy_zh = "缩短窗口，或补充该时期的成交"
    remedy_en = "shorten the window, or add the trades of that period"


class NotConverged(PriceIndexError):
    """The iteration did not come to rest within the steps allowed."""

    zh = "迭代 {steps} 步后仍未收敛到 {tolerance}"
    en = "no convergence to {tolerance} within {steps} steps"
    remedy_zh = "检查各时期是否有共同产品，或放宽收敛标准"
    remedy_en = "see whether the periods share products, or allow a wider tolerance"


class WindowMisfit(PriceIndexError):
    """A window that is too short or longer than the series."""

    zh = "窗口 {width} 期不适用于 {periods} 期的数据"
    en = "a window of {width} periods does not fit data of {periods} periods"
    remedy_zh = "窗口须为 2 期以上且不超过数据的期数"
    remedy_en = "take a window of at least 2 periods that is no longer than the data"
