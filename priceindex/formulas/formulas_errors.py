"""What the formulas refuse, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class NothingMatched(PriceIndexError):
    """Two periods have no product in common, so there is nothing to compare."""

    zh = "两个时期没有任何可比的品种"
    en = "the two periods have no product in common"
    remedy_zh = "选取有共同品种的两个时期"
    remedy_en = "take two periods that have products in common"


class PairMisshapen(PriceIndexError):
    """Prices and quantities of a pair are not equally many."""

    zh = "价格与数量的个数不一致：{sizes}"
    en = "prices and quantities are not equally many: {sizes}"
    remedy_zh = "每个品种在两个时期各给出一个价格和一个数量，缺失的写作空值"
    remedy_en = "give each product one price and one quantity in each period, NaN where it is missing"


class NotALink(PriceIndexError):
    """Levels were handed over where movements from one period to the next are needed."""

    zh = "不能对“{form}”再作链接：只有环比变动可以链接"
    en = "“{form}” cannot be chained: only movements from one period to the next can"
    remedy_zh = "先用 unchain 取回环比变动"
    remedy_en = "take the movements back with unchain first"


class LinkOutside(PriceIndexError):
    """A link or reference period lies outside the series."""

    zh = "第 {place} 期不在长度为 {length} 的序列之内"
    en = "period {place} lies outside a series of {length}"
    remedy_zh = "选取序列之内的时期"
    remedy_en = "take a period of the series"


class LevelNotPositive(PriceIndexError):
    """A value of an index series is zero, negative or not a number."""

    zh = "指数序列中有不为正的数值"
    en = "an index series holds a value that is not a positive number"
    remedy_zh = "缺失的时期应先插补或去除"
    remedy_en = "impute or leave out periods without a value first"


class ContributionsUnexplained(PriceIndexError):
    """Parts and whole differ by more than rounding explains."""

    zh = "各部分之和为 {parts}，总变动为 {whole}，差额超出舍入误差"
    en = "the parts add up to {parts}, the whole is {whole}: more than rounding explains"
    remedy_zh = "各部分与总变动须来自同一公式和同一权数"
    remedy_en = "take parts and whole from the same formula and the same weights"
