"""What the quarantine desk refuses, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class OwnQuote(PriceIndexError):
    """Whoever handed a quote in would let it into the index."""

    zh = "{quotes} 条报价由提交者本人核定：提交人与核定人必须是不同的人"
    en = "{quotes} quotes would be decided by who handed them in: submitter and verifier must differ"
    remedy_zh = "请由另一位持有不同令牌的人核定"
    remedy_en = "let another person with another token decide"


class ReasonTooShort(PriceIndexError):
    """A decision without a reason that a reader could check."""

    zh = "核定理由至少需要 {least} 个字符"
    en = "the reason of a decision needs at least {least} characters"
    remedy_zh = "写明依据，例如“已电话核实，市场确有此价”"
    remedy_en = "say what it rests on, such as “confirmed by phone with the stall”"


class NothingToDecide(PriceIndexError):
    """No quote chosen is in a state the decision would change."""

    zh = "所选报价中没有可作此决定的"
    en = "none of the quotes chosen can be decided so"
    remedy_zh = "隔离或已剔除的报价可以放行，其余的可以剔除；请查看隔离清单"
    remedy_en = "release what is quarantined or rejected, reject what is not rejected; see the list"


class TooManyToDecide(PriceIndexError):
    """One decision about more quotes than anybody can have looked at."""

    zh = "一次最多核定 {limit} 条报价"
    en = "one decision covers at most {limit} quotes"
    remedy_zh = "缩小筛选范围后分次核定"
    remedy_en = "narrow the filter and decide in parts"
