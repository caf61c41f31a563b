"""What the price index refuses, in Chinese and English, with the remedy."""

from ledger.errors import NOWHERE, DaodiError, Location, Said


class PriceIndexError(DaodiError):
    """Something about quotes, indices or releases is wrong."""


class UnreadableFile(PriceIndexError):
    """The bytes are in none of the encodings we take."""

    zh = "{name} 既不是 UTF-8 也不是 GB18030 编码的文本"
    en = "{name} is neither UTF-8 nor GB18030 text"
    remedy_zh = "请在表格软件中另存为“CSV UTF-8”后重新提交"
    remedy_en = "save the sheet as “CSV UTF-8” and send it again"


class EmptyBody(PriceIndexError):
    """There is a heading at most, and no quote."""

    zh = "{name} 中没有报价行"
    en = "{name} holds no quote rows"
    remedy_zh = "请确认第一行为表头，其后至少有一行报价"
    remedy_en = "make sure that the first row is the heading and at least one quote follows"


class BrokenCsv(PriceIndexError):
    """The text stops being CSV: a quotation mark without its partner, or a cell longer than any real one."""

    zh = "{name} 从第 {row} 行起无法按 CSV 读取，未写入任何内容"
    en = "{name} cannot be read as CSV from row {row} on; nothing was written"
    remedy_zh = "检查该行的引号是否成对，再由表格软件另存为“CSV UTF-8”"
    remedy_en = "see that the quotation marks of that row come in pairs, then save the sheet as “CSV UTF-8”"


class MissingColumn(PriceIndexError):
    """Columns every quote needs are absent."""

    zh = "缺少列：{columns}。文件的表头是：{found}"
    en = "columns missing: {columns}; the headings found are: {found}"
    remedy_zh = "改正第一行的表头，可用的名称：{accepted}"
    remedy_en = "mend the headings in the first row; accepted names: {accepted}"


class UnlistedHerb(PriceIndexError):
    """A quote names a herb that is not in the list handed in."""

    zh = "没有名为“{name}”的药材"
    en = "no herb is named “{name}”"
    remedy_zh = "请用标准药材名；相近的有：{nearest}。未收录的药材没有分类，不能导入"
    remedy_en = (
        "use the standard Chinese name; nearest are: {nearest}. "
        "A herb that is not listed has no class and cannot be taken in"
    )


class UnlistedMarket(PriceIndexError):
    """A quote names a market that is not in the list handed in."""

    zh = "没有名为“{name}”的市场"
    en = "no market is called “{name}”"
    remedy_zh = "可用的市场：{known}"
    remedy_en = "the markets are: {known}"


class MissingPart(PriceIndexError):
    """A row leaves out something a quote needs."""

    zh = "该行未填写 {column}"
    en = "this row leaves {column} empty"
    remedy_zh = "补填 {column} 后重新提交"
    remedy_en = "fill in {column} and send the file again"


class PartTooLong(PriceIndexError):
    """A name is longer than any real one, or holds a sign that keys are made of."""

    zh = "{column} 超过 {limit} 个字符，或含有竖线、换行等字符"
    en = "{column} is longer than {limit} characters or holds a bar, a line break or a control character"
    remedy_zh = "缩短该名称并去掉竖线与换行"
    remedy_en = "shorten the name and take out bars and line breaks"


class MalformedDay(PriceIndexError):
    """A date is not a date."""

    zh = "“{value}”不是有效日期"
    en = "“{value}” is not a date"
    remedy_zh = "请写成 2025-02-27、2025/2/27 或 2025年2月27日"
    remedy_en = "write it as 2025-02-27, 2025/2/27 or 2025年2月27日"


class MalformedPrice(PriceIndexError):
    """A price is neither a number nor a range of two."""

    zh = "“{value}”不是价格：{why}"
    en = "“{value}” is not a price: {why}"
    remedy_zh = "请写一个数（如 85）或由低到高的区间（如 40-42）"
    remedy_en = "write one number (85) or a range from low to high (40-42)"


class UnknownUnit(PriceIndexError):
    """The price is in a unit we do not convert."""

    zh = "不认识的价格单位“{unit}”"
    en = "the price unit “{unit}” is not known"
    remedy_zh = "请使用以下单位之一：{accepted}"
    remedy_en = "use one of: {accepted}"


class UnknownTier(PriceIndexError):
    """The row names a kind of price that does not exist."""

    zh = "不认识的价格类型“{tier}”"
    en = "the price type “{tier}” is not known"
    remedy_zh = "请使用以下类型之一：{accepted}"
    remedy_en = "use one of: {accepted}"


class PriceNotPositive(PriceIndexError):
    """A price is zero or negative."""

    zh = "价格 {price} 不大于零"
    en = "the price {price} is not above zero"
    remedy_zh = "核对原始报价；没有报价时请不要写这一行"
    remedy_en = "check the source; leave the row out when there was no quote"


class QuoteInFuture(PriceIndexError):
    """A quote is dated after the day it was taken in."""

    zh = "报价日期 {day} 晚于今天 {today}"
    en = "the quote is dated {day}, after today {today}"
    remedy_zh = "核对日期的年份与月日顺序"
    remedy_en = "check the year and the order of month and day"


class ConflictingQuote(PriceIndexError):
    """One input gives one cell two prices on one day."""

    zh = "{cell} 在 {day} 有两个不同的价格：{first} 与 {second}"
    en = "{cell} has two prices on {day}: {first} and {second}"
    remedy_zh = "只保留正确的一行，或将两者写成一个区间"
    remedy_en = "keep the right row, or write both as one range"


class UnknownQuote(PriceIndexError):
    """Nothing in the book answers to this cell, day and source."""

    zh = "没有 {cell} 在 {day} 来自 {source} 的报价"
    en = "there is no quote of {cell} on {day} from {source}"
    remedy_zh = "先查询报价，再按其品种、日期与来源提交"
    remedy_en = "look the quote up first and name its cell, day and source as shown"


class UnknownArchive(PriceIndexError):
    """No raw body has this digest."""

    zh = "没有摘要为 {sha256} 的原始文件"
    en = "no raw body has the digest {sha256}"
    remedy_zh = "核对摘要是否完整抄录"
    remedy_en = "check that the digest was copied whole"


class FeedUnreachable(PriceIndexError):
    """The source could not be reached, after all retries."""

    zh = "无法连接报价来源 {host}：{fault}"
    en = "the price source {host} could not be reached: {fault}"
    remedy_zh = "检查网络与地址，稍后重试"
    remedy_en = "check the network and the address, and try again later"


class FeedRefused(PriceIndexError):
    """The source answered with a status that is not data."""

    zh = "报价来源 {host} 返回状态 {status}"
    en = "the price source {host} answered with status {status}"
    remedy_zh = "核对地址与访问权限；若为 429 请降低频率"
    remedy_en = "check the address and the permission; on 429 ask less often"


class NotPrices(PriceIndexError):
    """A success that carries no data: a challenge page, a login form."""

    zh = "报价来源 {host} 的应答不是数据：{why_zh}"
    en = "the answer of {host} is not data: {why_en}"
    remedy_zh = "在浏览器中打开该地址，查看是否要求登录或验证"
    remedy_en = "open the address in a browser and see whether it asks for a login or a challenge"


class BodyTooLarge(PriceIndexError):
    """The source sends more than we are willing to keep."""

    zh = "报价来源 {host} 的应答超过 {limit_bytes} 字节"
    en = "the answer of {host} is longer than {limit_bytes} bytes"
    remedy_zh = "缩小查询的日期范围，或提高大小上限"
    remedy_en = "ask for a shorter period, or raise the limit"


class UnclassifiedHerb(PriceIndexError):
    """A herb of the basket has no class."""

    zh = "药材“{herb}”没有分类"
    en = "the herb “{herb}” has no class"
    remedy_zh = "核对药材名称，或先登记它的药用部位分类"
    remedy_en = "check the herb's name, or register its medicinal part first"


class UnknownClass(PriceIndexError):
    """A class outside the twelve."""

    zh = "药材“{herb}”的分类“{part_class}”不在十二类之中"
    en = "the class “{part_class}” of {herb} is not one of the twelve"
    remedy_zh = "使用 priceindex.classification.CLASSES 中的分类代码"
    remedy_en = "use one of the keys in priceindex.classification.CLASSES"


class UnknownFamily(PriceIndexError):
    """No index family has this name, or none of its versions is in force yet."""

    zh = "没有名为“{family}”的指数系列"
    en = "there is no index family “{family}”"
    remedy_zh = "可用的指数系列：{known}"
    remedy_en = "the families are: {known}"


class MalformedFamily(PriceIndexError):
    """A family text breaks its own rules."""

    zh = "指数系列定义有误：{fault}"
    en = "the family text is wrong: {fault}"
    remedy_zh = "对照 docs/methodology.md 改正该参数"
    remedy_en = "mend that parameter after docs/methodology.md"


class NothingQuoted(PriceIndexError):
    """No accepted quote falls into the basket and the period."""

    zh = "指数系列 {family} 在所选日期及以前没有可用的报价{besides}"
    en = "there is no usable quote for {family} up to the day asked for{besides}"
    remedy_zh = "先导入报价，或检查指数系列的市场与药材范围"
    remedy_en = "take in quotes first, or check the family's markets and herbs"

    def __init__(self, *, family: str, left_out: int = 0, at: Location = NOWHERE) -> None:
        besides = Said(zh=f"（未计入 {left_out} 条）", en=f" (quotes left out: {left_out})")
        super().__init__(at=at, family=family, besides=besides if left_out else "")


class NothingInBase(PriceIndexError):
    """The base period holds no price of the basket."""

    zh = "指数系列 {family} 的基期 {first} 至 {last} 没有报价"
    en = "no price of {family} falls into its base period {first} to {last}"
    remedy_zh = "导入基期报价，或另立以其他日期为基期的版本"
    remedy_en = "take in the quotes of the base period, or write a version with another one"


class WeightsMissing(PriceIndexError):
    """The family is weighted by turnover, and none was given."""

    zh = "指数系列 {family} 按成交额加权，但没有给出成交额"
    en = "{family} is weighted by turnover, and none was given"
    remedy_zh = "提供成交额及其来源，或改用等权的指数系列"
    remedy_en = "give turnover with its source, or use a family of equal weights"


class WeightsWrong(PriceIndexError):
    """Weights that are negative, all zero, or for another rule than the family's."""

    zh = "权数有误：{why_zh}"
    en = "the weights are wrong: {why_en}"
    remedy_zh = "核对权数表及其来源"
    remedy_en = "check the table of weights and its source"


class TooMuchImputed(PriceIndexError):
    """The composite of the last day rests on imputation more than the method allows."""

    zh = "{day} 的总指数有 {share} 的权数为推算，超过上限 {limit}"
    en = "{share} of the composite's weight on {day} is imputed; the limit is {limit}"
    remedy_zh = "补充当日报价后再发布"
    remedy_en = "take in more quotes of that day before publishing"


class UnknownRelease(PriceIndexError):
    """No release has this id."""

    zh = "没有编号为“{release}”的发布"
    en = "there is no release “{release}”"
    remedy_zh = "从发布列表中选取编号"
    remedy_en = "take the id from the list of releases"


class NothingNew(PriceIndexError):
    """The same values were published already."""

    zh = "与已发布的 {release} 完全相同，未重复发布"
    en = "this is exactly what {release} published; nothing was published again"
    remedy_zh = "有新报价或更正后再发布"
    remedy_en = "publish after new quotes or a correction"


class TrialTooShort(PriceIndexError):
    """An official release before six months of trial have passed."""

    zh = "指数系列 {family} 试运行未满六个月（自 {since} 起），不能正式发布"
    en = "{family} has not run on trial for six months (since {since}); it cannot be official"
    remedy_zh = "以试运行状态发布，满六个月后再正式发布"
    remedy_en = "publish it on trial, and officially after six months"


class MalformedBundle(PriceIndexError):
    """The bytes are not an input bundle."""

    zh = "不是有效的发布包：{why}"
    en = "this is not an input bundle: {why}"
    remedy_zh = "重新下载该发布包，勿经文本编辑器保存"
    remedy_en = "download the bundle of the release again and do not save it with a text editor"


class BundleAltered(PriceIndexError):
    """The bundle's bytes do not have the digest the log holds."""

    zh = "发布包摘要为 {found}，账本记载为 {logged}"
    en = "the bundle's digest is {found}; the log holds {logged}"
    remedy_zh = "发布包已被改动：以账本为准，联系发布者"
    remedy_en = "the bundle was altered: trust the log and ask the publisher"


class ValueDiffers(PriceIndexError):
    """A published value is not what the inputs give."""

    zh = "{node} 在 {day} 发布为 {published}，重算为 {recomputed}"
    en = "{node} on {day} was published as {published}; the inputs give {recomputed}"
    remedy_zh = "该发布不可复现：停止使用并联系发布者"
    remedy_en = "the release cannot be reproduced: stop using it and ask the publisher"


class StatementDiffers(PriceIndexError):
    """The logged statement and the stored release disagree."""

    zh = "账本中的发布陈述与存储的发布不一致：{part}"
    en = "the logged statement and the stored release disagree on {part}"
    remedy_zh = "以账本为准，联系发布者"
    remedy_en = "trust the log and ask the publisher"


class StatementMissing(PriceIndexError):
    """The release names a statement that the log does not hold."""

    zh = "账本中没有发布陈述 {statement}"
    en = "the log holds no statement {statement}"
    remedy_zh = "若刚刚发布，请稍候再试；否则联系发布者"
    remedy_en = "try again in a moment if it was just published; else ask the publisher"


class UnknownNode(PriceIndexError):
    """A release has no series of this level and name."""

    zh = "发布 {release} 中没有 {level} 级的“{node}”"
    en = "{release} has no {level} “{node}”"
    remedy_zh = "从该发布的序列列表中选取名称"
    remedy_en = "take the level and name from the release's list of series"
