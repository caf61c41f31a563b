"""What `daodi accounts` says, in Chinese and English under one key."""

from typing import Final

ACCOUNT_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.accounts": ("账号：谁可以登录，可以做什么", "accounts: who may sign in, and what for"),
    "help.accounts.add": (
        "开立账号；打印设置密码用的邀请链接，只显示这一次",
        "make an account and print the link its person sets a password with, this once",
    ),
    "help.accounts.list": ("列出全部账号", "list every account"),
    "help.accounts.roles": ("给账号这些角色，取代原有角色", "give an account these roles and no others"),
    "help.accounts.lock": ("立即锁定账号，结束其会话", "lock an account at once and end its sessions"),
    "help.accounts.unlock": (
        "解除锁定，登录失败造成的也一并解除",
        "unlock an account, also where failed sign-ins locked it",
    ),
    "help.accounts.reset": (
        "收回密码，打印新的邀请链接",
        "take an account's password and print a new link",
    ),
    "help.accounts.end": (
        "注销账号：会话和密钥随之停用，姓名被抹去",
        "end an account for good: its sessions and keys end, the person's name is erased",
    ),
    "help.accounts.rotate-token-key": (
        "更换短期令牌的签名密钥",
        "put a new signing key for short tokens into use",
    ),
    "option.account": ("账号编号或登录名", "id or sign-in name of the account"),
    "option.account.name": ("登录名", "sign-in name"),
    "option.account.shown": (
        "本人姓名，只在本人页面显示",
        "the person's name, shown on their own pages alone",
    ),
    "option.account.factor": ("同时解除第二因素（手机丢失时）", "take the second factor too: a lost phone"),
    "option.role": (
        "角色：clerk、collector、verifier、publisher、regulator、viewer、operator；可重复",
        "a role: clerk, collector, verifier, publisher, regulator, viewer or operator; may be repeated",
    ),
    "accounts.added": (
        "已开立账号 {account}。请把链接交给本人，有效至 {until}：",
        "made the account {account}. Hand this link to its person; it is good until {until}:",
    ),
    "accounts.reset_done": (
        "已收回账号 {account} 的密码。新的链接有效至 {until}：",
        "took the password of {account}. The new link is good until {until}:",
    ),
    "accounts.none": ("还没有账号。", "There are no accounts yet."),
    "accounts.roles_given": ("账号 {account} 的角色：{roles}", "roles of {account}: {roles}"),
    "accounts.locked_now": ("账号 {account} 已锁定", "locked {account}"),
    "accounts.unlocked": ("账号 {account} 已解除锁定", "unlocked {account}"),
    "accounts.unlocked_link": (
        "账号 {account} 已解除锁定。请把链接交给本人，有效至 {until}：",
        "unlocked {account}. Hand this link to its person; it is good until {until}:",
    ),
    "accounts.ended_now": ("账号 {account} 已注销", "ended {account}"),
    "accounts.token_key": ("短期令牌的新签名密钥：{key}", "the new signing key of short tokens: {key}"),
    "accounts.yes": ("已绑定", "enrolled"),
    "accounts.no": ("—", "—"),
    "accounts.open": ("可用", "open"),
    "accounts.invited": ("待设密码", "invited"),
    "accounts.waits": ("待第二位运营员解锁", "waits for a second operator"),
    "accounts.locked": ("已锁定", "locked"),
    "accounts.ended": ("已注销", "ended"),
    "head.account": ("账号", "account"),
    "head.sign_in_name": ("登录名", "sign-in name"),
    "head.roles": ("角色", "roles"),
    "head.factor": ("第二因素", "second factor"),
}
