"""What the life of a release refuses, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class NotPublishing(PriceIndexError):
    """The family is suspended or terminated."""

    zh = "指数系列 {family} 已{standing_zh}，不发布"
    en = "{family} is {standing_en} and publishes nothing"
    remedy_zh = "由运营主体说明理由恢复后再发布；已终止的不再恢复"
    remedy_en = "the operator resumes it with a reason first; what is terminated is not resumed"


class StandingRefused(PriceIndexError):
    """A family cannot go from the standing it has to the one asked for."""

    zh = "指数系列 {family} 不能由“{before_zh}”转为“{after_zh}”"
    en = "{family} cannot go from {before_en} to {after_en}"
    remedy_zh = "次序为：草稿、试运行、正式，随后可暂停、恢复或终止"
    remedy_en = "the order is draft, trial, official; then suspended and resumed, or terminated"


class SecondPersonNeeded(PriceIndexError):
    """The family's text asks for two persons, and one alone wanted to publish."""

    zh = "{family} 的发布须两人：一人编制，另一人核准"
    en = "a release of {family} takes two persons: one makes it, another approves it"
    remedy_zh = "先编制（make），再由另一人以自己的令牌核准（approve）"
    remedy_en = "make it first; another person approves it with a token of their own"


class OwnRelease(PriceIndexError):
    """Who made a release wants to approve it."""

    zh = "编制人不能核准自己编制的发布 {release}"
    en = "who made {release} cannot approve it"
    remedy_zh = "请另一人以自己的令牌核准"
    remedy_en = "ask another person to approve it with a token of their own"


class NamedPersonNeeded(PriceIndexError):
    """The service's own console, which anybody of the account may be, wants to approve."""

    zh = "核准 {release} 的须是署名之人，不能是服务的控制台"
    en = "{release} must be approved by a person with a name, not by the service's own console"
    remedy_zh = "用 daodi keys issue-token --name 为核准人签发令牌，再以该令牌核准"
    remedy_en = "issue a token to that person with daodi keys issue-token --name, and approve with it"


class UnknownDraft(PriceIndexError):
    """No release waits under this id."""

    zh = "没有待发布的 {release}"
    en = "no release {release} waits to be published"
    remedy_zh = "用 daodi index list --waiting 查看待发布的编号"
    remedy_en = "list those that wait with daodi index list --waiting"


class DraftDecided(PriceIndexError):
    """A release that waits is decided once."""

    zh = "{release} 已{stage_zh}，不能再次核准或退回"
    en = "{release} is {stage_en} already: it cannot be approved or refused again"
    remedy_zh = "如内容有变，请重新编制"
    remedy_en = "make it anew if something changed"


class DraftDiffers(PriceIndexError):
    """What is to be approved or published is not what was made."""

    zh = "{release} 现为 {found}，编制时为 {made}"
    en = "{release} is now {found}; {made} was made"
    remedy_zh = "停止发布并查明原因，再重新编制"
    remedy_en = "do not publish it; find out why, then make it anew"


class UnderEmbargo(PriceIndexError):
    """A release that is sealed until its moment."""

    zh = "{release} 在 {due} 之前不公开"
    en = "{release} is not public before {due}"
    remedy_zh = "到时由服务自动发布"
    remedy_en = "the service publishes it at that moment"


class BehindPublished(PriceIndexError):
    """A release that ends before what the family published already."""

    zh = "已发布至 {last}，不能再发布只到 {day} 的一期"
    en = "values through {last} are published; a release through {day} cannot follow"
    remedy_zh = "更正往期请计算至 {last} 后再发布"
    remedy_en = "to correct earlier days, compute through {last} and publish that"


class OlderKnowledge(PriceIndexError):
    """A release computed from what was known before the newest one was: it would undo what came since."""

    zh = "该期按 {known} 所知计算，而已发布的 {release} 按更晚所知计算"
    en = "computed from what was known at {known}; {release}, published since, rests on later knowledge"
    remedy_zh = "退回此稿，按现在所知重新计算"
    remedy_en = "refuse this draft and compute again from what is known now"


class NoticeNeeded(PriceIndexError):
    """Published values change that may not change silently."""

    zh = "已发布的终值或重要数值有 {count} 个改变（首个：{node}，{day}），须附更正说明"
    en = "{count} final or material published values change (first: {node} on {day}): a notice is needed"
    remedy_zh = "用 daodi index revise --reason 说明更正的原因"
    remedy_en = "say why with daodi index revise --reason"


class NothingRevised(PriceIndexError):
    """A correction that corrects nothing."""

    zh = "没有需要更正的已发布数值"
    en = "no published value differs: there is nothing to correct"
    remedy_zh = "用 daodi index publish 发布新的一期"
    remedy_en = "publish the new days with daodi index publish"


class OutsideSeries(PriceIndexError):
    """A notice about days or nodes that the release does not have."""

    zh = "{release} 中没有“{node}”在 {first} 至 {last} 的数值"
    en = "{release} has no value of {node} from {first} to {last}"
    remedy_zh = "核对层级、名称与日期"
    remedy_en = "check the level, the name and the days"
