"""What is refused of accounts, signing in, sessions and keys that belong to a person."""

from api.errors import ApiError


class AccountError(ApiError):
    """Something about a person's account or sign-in that is refused."""


class RoleUnknown(AccountError):
    """An account was to be given a role that does not exist."""

    zh = "没有名为 {role} 的角色"
    en = "there is no role named {role}"
    remedy_zh = "可用的角色：{known}"
    remedy_en = "the roles are: {known}"


class RoleNeedsParty(AccountError):
    """A role that acts for a party was to be given to an account without one."""

    zh = "角色 {role} 须绑定一个主体"
    en = "the role {role} acts for a party, and the account has none"
    remedy_zh = "给出该主体的统一社会信用代码"
    remedy_en = "give the party's unified social credit code"


class RolesMissing(AccountError):
    """An account was to be left without any role."""

    zh = "账号至少要有一个角色"
    en = "an account has one role at least"
    remedy_zh = "给出一个角色；要停用账号请改用锁定或注销"
    remedy_en = "give a role; to stop the account, lock or end it"


class SignInNameWrong(AccountError):
    """A sign-in name does not have the form one must have."""

    zh = "登录名不可用：3 至 60 个字母、数字、汉字或 . _ - @，不含空格"
    en = "that cannot be a sign-in name: 3 to 60 letters, digits or . _ - @, no spaces"
    remedy_zh = "换一个登录名"
    remedy_en = "choose another name"


class ShownNameWrong(AccountError):
    """The name a person is greeted by is too long or holds unseen characters."""

    zh = "姓名不可用：1 至 60 个字符，且不含看不见的字符"
    en = "that cannot be a person's name: 1 to 60 characters, none of them unseen"
    remedy_zh = "改短或去掉看不见的字符"
    remedy_en = "shorten it, or take out what cannot be seen"


class SignInNameTaken(AccountError):
    """Another account has this sign-in name, or one that reads the same."""

    zh = "登录名 {name} 已有账号使用"
    en = "another account has the sign-in name {name}"
    remedy_zh = "换一个登录名；大小写和全角半角不加区分"
    remedy_en = "choose another; capitals and full width make no other name"


class UnknownAccount(AccountError):
    """No account has this id or sign-in name."""

    zh = "没有账号 {account}"
    en = "there is no account {account}"
    remedy_zh = "用 daodi accounts list 查看全部账号"
    remedy_en = "daodi accounts list shows all accounts"


class AccountEnded(AccountError):
    """The account has ended for good."""

    zh = "账号 {account} 已注销"
    en = "the account {account} has ended"
    remedy_zh = "为该人员新开一个账号"
    remedy_en = "make a new account for the person"


class SignInRefused(AccountError):
    """Name, password or code are not right; which of them is not said."""

    zh = "登录名、密码或验证码不正确"
    en = "the sign-in name, password or code is not right"
    remedy_zh = "检查后重试；忘记密码请联系运营方重新发送邀请链接"
    remedy_en = "check and try again; who forgot a password asks the operator for a new link"


class SignInLocked(AccountError):
    """Signing in failed too often, to this name or from this address; whether the name exists is not said."""

    zh = "登录失败次数过多，已暂停"
    en = "signing in failed too often and is locked for now"
    remedy_zh = "请在 {minutes} 分钟后重试，或请运营方解除"
    remedy_en = "try again in {minutes} minutes, or ask the operator to unlock it"


class ForeignForm(AccountError):
    """A form or script of another site used this browser's session."""

    zh = "请求来自其他网站的页面，已拒绝"
    en = "the request comes from another site's page and is refused"
    remedy_zh = "打开本站页面，从那里重新提交"
    remedy_en = "open this site's own page and send it from there"


class SignInNeeded(AccountError):
    """Only a person who is signed in may do this, and no session came with the request."""

    zh = "需要先登录"
    en = "sign in first"
    remedy_zh = "在 /sign-in 登录后重试；访问令牌不能代替本人登录"
    remedy_en = "sign in at /sign-in and try again; a token does not stand in for the person"


class SessionEnded(AccountError):
    """The session has ended: signed out, idle too long, too old, or ended from elsewhere."""

    zh = "会话已结束，请重新登录"
    en = "the session has ended; sign in again"
    remedy_zh = "在 /sign-in 重新登录"
    remedy_en = "sign in again at /sign-in"


class FactorNeeded(AccountError):
    """The session has proven the password alone, and the account has a second factor."""

    zh = "还需要输入第二因素验证码"
    en = "the second factor's code is still needed"
    remedy_zh = "在 /sign-in/factor 输入验证器中的六位数字"
    remedy_en = "enter the six digits of your authenticator at /sign-in/factor"


class EnrolmentNeeded(AccountError):
    """The account's role asks for a second factor and none is enrolled."""

    zh = "您的角色须先绑定第二因素"
    en = "your role needs a second factor, and none is enrolled"
    remedy_zh = "在 /account/factor 用验证器扫码绑定"
    remedy_en = "enrol an authenticator at /account/factor"


class FactorCodeWrong(AccountError):
    """A code does not fit the second factor, was used before, or is too old."""

    zh = "验证码不正确、已使用或已过期"
    en = "the code is not right, was used before or has expired"
    remedy_zh = "等验证器显示下一个数字后再试；手机时间须准确"
    remedy_en = "wait for the next number and try again; the phone's clock must be right"


class PasswordTooShort(AccountError):
    """A new password has too few characters."""

    zh = "密码至少需要 {least} 个字符"
    en = "a password has at least {least} characters"
    remedy_zh = "用几个不相干的词连成一句更长、更好记的密码"
    remedy_en = "several unrelated words in a row are longer and easier to remember"


class PasswordTooLong(AccountError):
    """A new password is longer than is read."""

    zh = "密码最多 {most} 个字符"
    en = "a password has at most {most} characters"
    remedy_zh = "改短一些"
    remedy_en = "make it shorter"


class PasswordCommon(AccountError):
    """A new password is among the first that would be guessed."""

    zh = "这个密码太常见，会最先被猜到"
    en = "that password is among the first that would be guessed"
    remedy_zh = "换一个不含登录名、不是常见序列的密码"
    remedy_en = "choose another: not your name, not a common sequence"


class PasswordWrong(AccountError):
    """The present password was not given rightly where it is asked for again."""

    zh = "当前密码不正确"
    en = "the present password is not right"
    remedy_zh = "重新输入当前密码"
    remedy_en = "enter the present password again"


class InvitationInvalid(AccountError):
    """A link to set a password is unknown, used, replaced or too old."""

    zh = "该链接无效、已使用或已过期"
    en = "the link is not valid, was used before or has expired"
    remedy_zh = "请运营方重新发送邀请链接"
    remedy_en = "ask the operator for a new link"


class UnknownSession(AccountError):
    """The account has no session of this name."""

    zh = "没有这个会话"
    en = "there is no such session"
    remedy_zh = "刷新会话列表"
    remedy_en = "reload the list of sessions"


class UnknownApiKey(AccountError):
    """The caller has no key of this prefix."""

    zh = "没有前缀为 {prefix} 的密钥"
    en = "there is no key with the prefix {prefix}"
    remedy_zh = "在账号页查看自己的密钥"
    remedy_en = "the account page lists your keys"


class BeyondOwnScopes(AccountError):
    """A key or token was to have a scope that its maker does not have."""

    zh = "不能授予自己没有的权限 {scope}"
    en = "nobody passes on a scope they do not have: {scope}"
    remedy_zh = "去掉该权限，或请运营方办理"
    remedy_en = "leave it out, or ask the operator"


class KeyNeeded(AccountError):
    """The path takes API keys only, and a short token came."""

    zh = "此接口只接受 daodi_… 形式的密钥，不接受短期令牌"
    en = "this path takes keys of the form daodi_… and no short tokens"
    remedy_zh = "用账号页生成的密钥提交"
    remedy_en = "submit with a key made on the account page"
