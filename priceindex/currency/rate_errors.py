"""What is refused about currencies and their rates."""

from priceindex.errors import PriceIndexError


class UnknownCurrency(PriceIndexError):
    """A text is not an ISO 4217 code, or names our own money where another is meant."""

    zh = "“{currency}”不是外币代码"
    en = "“{currency}” is not the code of a foreign currency"
    remedy_zh = "请写 ISO 4217 的三个大写字母，如 USD、HKD、VND；人民币价格不写币种"
    remedy_en = "write the three capitals of ISO 4217 (USD, HKD, VND); leave it out for renminbi"


class NoRate(PriceIndexError):
    """No rate stands for a currency on a day or shortly before."""

    zh = "{day} 及之前 {days} 天内没有 {currency} 的汇率"
    en = "there is no rate of {currency} for {day} or the {days} days before"
    remedy_zh = "先录入该日或其前一个交易日的汇率（daodi feeds rate），再提交报价"
    remedy_en = (
        "enter the rate of that day or of the last trading day before it (daodi feeds rate), then try again"
    )


class MalformedRate(PriceIndexError):
    """An exchange rate is not a positive decimal number."""

    zh = "“{value}”不是汇率"
    en = "“{value}” is not an exchange rate"
    remedy_zh = "请写一单位外币合多少元的正数，整数至多 9 位、小数至多 10 位，如 7.0851"
    remedy_en = (
        "write how many yuan one unit is, above zero, at most 9 digits and 10 decimals, such as 7.0851"
    )


class RateInFuture(PriceIndexError):
    """A rate is dated after today."""

    zh = "汇率日期 {day} 晚于今天 {today}"
    en = "the rate is dated {day}, after today {today}"
    remedy_zh = "核对日期"
    remedy_en = "check the date"
