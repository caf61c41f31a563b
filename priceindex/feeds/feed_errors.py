"""What is refused about bodies of quotes, addresses of sources and the feeds set up for them."""

from priceindex.errors import PriceIndexError


class UnreadableSheet(PriceIndexError):
    """A workbook is broken, or larger than any table of prices."""

    zh = "{name} 无法作为 .xlsx 工作簿读取：{why}"
    en = "{name} cannot be read as an .xlsx workbook: {why}"
    remedy_zh = "在表格软件中另存为 .xlsx，或分成几个文件提交"
    remedy_en = "save it again as .xlsx in a spreadsheet program, or send it in parts"


class UnreadableJson(PriceIndexError):
    """A body is no JSON, or not a list of quotes."""

    zh = "{name} 无法作为 JSON 报价读取：{why}"
    en = "{name} cannot be read as quotes in JSON: {why}"
    remedy_zh = "请发送对象的列表，或以 quotes 为名的列表；价格写成数字或字符串"
    remedy_en = "send a list of objects, or a list named quotes in an object; prices as numbers or strings"


class ReservedSource(PriceIndexError):
    """A file or feed would speak as the recorded trades, whose price goes before every quote."""

    zh = "来源名 {source} 只用于追溯成交，不能随文件提交"
    en = "the source {source} stands for recorded trades alone and takes no file"
    remedy_zh = "换用报价方自己的来源名"
    remedy_en = "hand it in under the name of who says so"


class NoTable(PriceIndexError):
    """A page holds no table with the headings of quotes."""

    zh = "{name} 中没有报价表"
    en = "{name} holds no table of quotes"
    remedy_zh = "表头需有 品名、规格、市场、价格 等列；网页改版时请核对来源"
    remedy_en = (
        "its headings must name herb, grade, market and price; see whether the source changed its page"
    )


class TooManyRows(PriceIndexError):
    """A body has more rows than any table of prices."""

    zh = "{name} 超过 {limit} 行"
    en = "{name} has more than {limit} rows"
    remedy_zh = "分成几个文件提交"
    remedy_en = "send it in parts"


class MalformedChange(PriceIndexError):
    """A stated change is no percentage that prices can have."""

    zh = "“{value}”不是涨跌幅"
    en = "“{value}” is not a change"
    remedy_zh = "请写百分数（如 -6.25%）或小数（如 -0.0625），大于 -100%；没有时留空"
    remedy_en = "write a percentage (-6.25%) or a fraction (-0.0625) above -100 %, or leave it empty"


class UnknownTrend(PriceIndexError):
    """A trend word is none of the trade's."""

    zh = "不认识的走势“{trend}”"
    en = "the trend “{trend}” is not known"
    remedy_zh = "可用的走势：{accepted}；没有时留空"
    remedy_en = "the trends are {accepted}; leave it empty where there is none"


class UnreadSentence(PriceIndexError):
    """A sentence speaks of a price, and who, where or how much is not certain."""

    zh = "该句无法确定为报价：{why}"
    en = "the sentence is no certain quote: {why}"
    remedy_zh = "由人工核对原文后另行录入；程序不猜测"
    remedy_en = "read it yourself and enter the quote by hand; nothing is guessed"


class MalformedForm(PriceIndexError):
    """A collectors' form lacks a part or says it in another way."""

    zh = "采集表不完整：{why}"
    en = "the collectors' form is not whole: {why}"
    remedy_zh = "须有 采集点、采集人、市场、日期、公钥编号、签名 与报价行"
    remedy_en = "it needs the collection point, collector, market, day, key, signature and rows of quotes"


class FormNotSigned(PriceIndexError):
    """A collectors' form bears no signature of a key that counts."""

    zh = "采集表的签名无效：{why}"
    en = "the collectors' form is not validly signed: {why}"
    remedy_zh = "用已登记的密钥对未改动的表格重新签名（daodi feeds sign-form）"
    remedy_en = "sign the unaltered form again with a registered key (daodi feeds sign-form)"


class AddressRefused(PriceIndexError):
    """An address leads to where a feed may not go."""

    zh = "不能从 {host} 取报价：{why}"
    en = "quotes cannot be fetched from {host}: {why}"
    remedy_zh = "使用公网上的 http 或 https 地址；内网来源须由运营方设置 DAODI_FEEDS_PRIVATE_ADDRESSES"
    remedy_en = (
        "use an http or https address on the public net; for a source inside, the operator sets "
        "DAODI_FEEDS_PRIVATE_ADDRESSES"
    )


class HostResting(PriceIndexError):
    """A host failed so often that it is left alone for a while."""

    zh = "{host} 连续失败 {faults} 次，{until} 前不再请求"
    en = "{host} failed {faults} times in a row and is left alone until {until}"
    remedy_zh = "稍后自动重试；请先核对来源是否可用"
    remedy_en = "it is tried again by itself; see whether the source is up"


class UnknownFeed(PriceIndexError):
    """No feed has this name."""

    zh = "没有名为“{name}”的来源"
    en = "no feed is named “{name}”"
    remedy_zh = "用 daodi feeds list 查看已有的来源"
    remedy_en = "see the feeds there are with daodi feeds list"


class FeedExists(PriceIndexError):
    """A feed of this name is set up already, in another way."""

    zh = "来源“{name}”已存在，且设置不同"
    en = "the feed “{name}” is there already and is set up in another way"
    remedy_zh = "另取名称，或先停用原来源"
    remedy_en = "choose another name, or disable the old one first"


class MalformedFeed(PriceIndexError):
    """A feed is not set up as one can be."""

    zh = "来源设置有误：{why}"
    en = "the feed cannot be set up: {why}"
    remedy_zh = "按 docs/operations.md 的“Feeds of quotes 报价来源”一节改正"
    remedy_en = "mend it as docs/operations.md says under “Feeds of quotes 报价来源”"


class FeedDisabled(PriceIndexError):
    """A feed is disabled."""

    zh = "来源“{name}”已停用"
    en = "the feed “{name}” is disabled"
    remedy_zh = "先用 daodi feeds enable 启用"
    remedy_en = "enable it with daodi feeds enable first"


class WeekNotOver(PriceIndexError):
    """A week's trades were asked for before the week had ended."""

    zh = "{week} 尚未结束，不能按成交价计算"
    en = "the week {week} has not ended, so its trades give no price yet"
    remedy_zh = "请在周日之后再计算；已结束的最近一周是 {last}"
    remedy_en = "wait until after its Sunday; the last week that has ended is {last}"


class MalformedWeek(PriceIndexError):
    """A text names no ISO week."""

    zh = "“{value}”不是 ISO 周"
    en = "“{value}” is not an ISO week"
    remedy_zh = "请写成 2026-W12"
    remedy_en = "write it as 2026-W12"
