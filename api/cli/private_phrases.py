"""What `daodi redact`, `disclose` and `keys rotate-vault` say, in both languages."""

from typing import Final

PRIVATE_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.redact": (
        "永久删除一条陈述的私有字段；账本记下删了哪些、何时、为何，不记内容",
        "erase private values of a statement for good; the log says which, when and why, not what",
    ),
    "help.disclose": (
        "把一条陈述的若干私有字段连同存证回执写入文件，交给买方或监管方核验",
        "write private values of a statement with its receipt into a file for a buyer or a regulator",
    ),
    "help.keys.rotate-vault": (
        "更换封装密钥：此前删除的值从旧备份中也无法再读",
        "replace the wrapping key: what was erased before is readable from no old backup any more",
    ),
    "option.statement": ("陈述编号", "id of the statement"),
    "option.private_field": (
        "私有字段名，可重复；不填则为全部",
        "a private field; may be repeated; none: all",
    ),
    "option.redact_reason": (
        "删除理由，公开入账，如 subject-request；不要写个人信息",
        "reason, public for ever, such as subject-request; no personal data",
    ),
    "option.redact_yes": ("不再询问", "do not ask"),
    "option.disclose_out": ("写入的文件（仅本账户可读）", "file to write, readable by this account only"),
    "redact.all": ("全部私有字段", "all its private fields"),
    "redact.sure": (
        "将永久删除 {statement} 的 {names}，无法撤销。继续？",
        "this erases {names} of {statement} for good; nothing brings it back. Go on?",
    ),
    "redact.done": ("已删除 {statement} 的 {names}", "erased of {statement}: {names}"),
    "redact.statement": ("已记入账本：{redaction}", "logged as {redaction}"),
    "redact.copies": (
        "旧备份中的副本在更换封装密钥（daodi keys rotate-vault）并销毁旧密钥备份后才不可读",
        "old backups stay readable until daodi keys rotate-vault is run and all backups of the old key go",
    ),
    "redact.journal": (
        "有读者占用，数据库的预写文件暂未清空；稍后再运行一次 daodi keys rotate-vault",
        "a reader kept the database's journal from being emptied; run daodi keys rotate-vault a little later",
    ),
    "disclose.done": (
        "{file}：{statement} 的 {names}；用 daodi verify 核验",
        "{file}: {names} of {statement}; check it with daodi verify",
    ),
    "vault.rotated": (
        "已用新的封装密钥重新封装 {count} 把数据密钥",
        "wrapped {count} data keys under a new key",
    ),
    "vault.copies": (
        "请备份新的 vault.json，并销毁旧密钥文件的所有备份",
        "back up the new vault.json, and destroy every backup of the old one",
    ),
}
"""Key to (Chinese, English)."""
