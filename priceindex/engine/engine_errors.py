"""What a computation and its questions refuse."""

from priceindex.errors import PriceIndexError


class UnknownTheme(PriceIndexError):
    """A family is about a theme nobody told the herbs of."""

    zh = "指数系列 {family} 所用主题 {theme} 没有药材名单"
    en = "{family} is about the theme {theme}, and nobody told its herbs"
    remedy_zh = "提供该主题的药材名单，或改用其他指数系列"
    remedy_en = "give the herbs of the theme, or use another family"


class NotAnIndexDay(PriceIndexError):
    """A day without a quote in the basket has no value."""

    zh = "{day} 不是该系列的指数日"
    en = "{day} is no index day of this series"
    remedy_zh = "请选择有报价的日期；可用日期见该系列的数值"
    remedy_en = "choose a day with quotes; the values of the series show which there are"


class DaysInWrongOrder(PriceIndexError):
    """The first of two days is not before the second."""

    zh = "{first} 不早于 {last}"
    en = "{first} is not before {last}"
    remedy_zh = "先写较早的日期"
    remedy_en = "give the earlier day first"


class ValueNotPublished(PriceIndexError):
    """The composite has no published value that day, so its change cannot be taken apart."""

    zh = "{day} 的总指数因依据不足未公布，无法分解其变动"
    en = "the composite of {day} is not published, so its change cannot be taken apart"
    remedy_zh = "请选择总指数已公布的日期"
    remedy_en = "choose a day on which the composite is published"


class WeightSetKnown(PriceIndexError):
    """The same weights were entered before, or others for the same month."""

    zh = "指数系列 {family} 自 {effective} 起的权数已经录入"
    en = "weights of {family} effective {effective} have been entered already"
    remedy_zh = "权数录入后不可改动；如有错误，请录入自下一次链接起生效的新权数"
    remedy_en = "entered weights are never changed; if they are wrong, enter others for the next link"


class ReviewMissing(PriceIndexError):
    """Inputs of a family that selects its herbs lack a review."""

    zh = "指数系列 {family} 缺少 {month} 的品种复核结果"
    en = "the review of the herbs of {family} in {month} is missing"
    remedy_zh = "用报价库计算：品种按当时已记录的报价选取"
    remedy_en = "compute from the quote book: herbs are selected by what was recorded at the time"


class QuotesElsewhere(PriceIndexError):
    """A bundle was asked of a run whose quotes stayed in a quote history."""

    zh = "这次计算的报价在导出的历史文件里，不能做成发布包"
    en = "the quotes of this computation lie in an exported history and make no bundle"
    remedy_zh = "用报价库计算后再发布"
    remedy_en = "compute from the quote book to publish"
