"""What the demo says about signing in, in Chinese and English under one key."""

from typing import Final

VISITOR_WORDS: Final[dict[str, tuple[str, str]]] = {
    "check.visitor": ("演示账号可登录，错误密码不可", "a demo account signs in, a wrong password does not"),
    "check.noted": ("访问记录与账本相符", "the notes of access are those of the log"),
    "figures.visitor": (
        "{account}：{page} 答 {reached}，错误密码答 {wrong}",
        "{account}: {page} answers {reached}, a wrong password {wrong}",
    ),
    "figures.noted": ("摘要 {digests} 份，记录 {notes} 条", "{digests} digests over {notes} notes"),
    "figures.altered_notes": ("访问记录被改动", "the notes of access were altered"),
    "visitors": (
        "登录试用：{url}（演示账号，另存于 {file}）",
        "sign in at {url} with one of these accounts, kept in {file}:",
    ),
    "visitors.name": ("登录名", "name"),
    "visitors.password": ("密码", "password"),
    "visitors.page": ("首页", "first page"),
    "visitors.secret": ("身份验证器密钥", "authenticator secret"),
    "visitors.factor": (
        "第二因素：把密钥输入任一身份验证器（TOTP）；没有手机时，用上述文件中的恢复码，每个一次有效。",
        "Second factor: type the secret into any authenticator (TOTP), or use a recovery code of that file: "
        "each is good once.",
    ),
}  # fmt: skip
