"""What `daodi access` says, in Chinese and English under one key."""

from typing import Final

ACCESS_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.access": (
        "访问记录：谁写入了什么、谁读取了非公开内容",
        "notes of access: who wrote what, who read what is private",
    ),
    "help.access.list": ("列出最新的访问记录", "list the newest notes"),
    "help.access.export": ("把访问记录写成 CSV", "write the notes into a CSV file"),
    "help.access.verify": (
        "用账本中的每日摘要核对访问记录",
        "hold the notes against the daily digests in the log",
    ),
    "help.access.digest": (
        "立即把新记录的摘要写入账本（服务每天自动进行）",
        "state the digest of new notes now (the service does so daily)",
    ),
    "option.access.who": ("账号或令牌前缀", "an account or the prefix of a token"),
    "option.access.party": ("主体的统一社会信用代码", "USCC of a party"),
    "option.access.limit": ("最多几条", "how many at most"),
    "option.access.out": ("CSV 文件", "the CSV file"),
    "head.access.at": ("时间（UTC）", "time (UTC)"),
    "head.access.kind": ("类别", "kind"),
    "head.access.who": ("谁", "who"),
    "head.access.operation": ("操作", "operation"),
    "access.written": ("已写入 {file}：{notes} 条", "wrote {file}: {notes} notes"),
    "access.verified": (
        "{digests} 个摘要、{notes} 条访问记录，与账本一致",
        "{digests} digests and {notes} notes agree with the log",
    ),
    "access.nothing_new": ("没有新的访问记录", "there are no new notes"),
    "access.stated": (
        "第 {first} 至 {last} 条的摘要已写入账本：{statement}",
        "the digest of notes {first} to {last} is in the log: {statement}",
    ),
}
