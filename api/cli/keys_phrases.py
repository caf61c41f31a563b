"""What the `daodi keys` commands say, in Chinese and English under one key."""

from typing import Final

KEY_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.keys": ("密钥与访问令牌", "keys and access tokens"),
    "help.keys.list": ("列出密钥与令牌（不显示私密内容）", "list keys and tokens, never their secrets"),
    "help.keys.show": (
        "查看一把密钥，或一个主体的所有密钥",
        "show one key, or every key of a party",
    ),
    "help.keys.new": (
        "离线新建密钥文件（主体自己保管；不需要服务）",
        "make a key file offline, for a party that keeps its own; no service is needed",
    ),
    "help.keys.sign-registration": (
        "离线：用密钥文件签署它自己的登记",
        "offline: let a key file sign its own registration",
    ),
    "help.keys.sign-rotation": (
        "离线：由旧密钥签署，换成后继密钥",
        "offline: let the old key sign that its successor follows",
    ),
    "help.keys.sign-revocation": (
        "离线：由密钥自己签署吊销",
        "offline: let a key sign its own revocation",
    ),
    "help.keys.register": ("提交一份密钥登记", "submit the registration of a key"),
    "help.keys.rotate": (
        "更换服务代管的主体密钥；或用 --statement 提交主体自己签署的轮换",
        "renew the key held here for a party; or submit, with --statement, a rotation the party signed",
    ),
    "help.keys.revoke": (
        "吊销一把密钥：由账本密钥签署，或用 --statement 提交持有者签署的吊销；不可撤回",
        "revoke a key, signed by the log's key, or by its holder with --statement; nothing brings it back",
    ),
    "help.keys.rotate-log": (
        "新建账本密钥并入账：此后检查点同时带有新旧两个签名",
        "make a log key and log it: checkpoints bear both signatures from then on",
    ),
    "help.keys.retire-log": (
        "结束新旧并用：旧账本密钥不再签署检查点",
        "end the overlap: the old log key signs no checkpoint any more",
    ),
    "help.keys.protect": (
        "用口令加密密钥文件（不给文件则加密本服务的全部密钥）",
        "encrypt key files under a passphrase; without a file, all keys of this service",
    ),
    "help.keys.change-passphrase": (
        "更换密钥文件的口令",
        "change the passphrase of key files",
    ),
    "help.keys.issue-token": ("发放访问令牌（只显示一次）", "issue an access token, shown once"),
    "help.keys.revoke-token": ("立即停用一个访问令牌", "end an access token at once"),
    # arguments and options
    "option.key_file": ("密钥文件", "the key file"),
    "option.key_or_party": (
        "密钥编号（32 位十六进制），或主体的统一社会信用代码",
        "a key id (32 hexadecimal digits), or a party's unified social credit code",
    ),
    "option.key_id": ("密钥编号（32 位十六进制）", "the key id: 32 hexadecimal digits"),
    "option.plain": (
        "不加密：任何拿到文件的人都能签名",
        "leave it unencrypted: whoever gets the file can sign",
    ),
    "option.holder": ("持有者的统一社会信用代码", "the holder's unified social credit code"),
    "option.log_name": (
        "账本名称；默认取 DAODI_ORIGIN",
        "the name of the log; by default DAODI_ORIGIN",
    ),
    "option.output": ("写入此文件；不给则输出到屏幕", "write it to this file instead of the screen"),
    "option.successor": ("已登记的后继密钥编号", "the id of the registered successor"),
    "option.reason": (
        "原因：lost 遗失、compromised 泄露、ceased 停用、unspecified 未说明",
        "why: lost, compromised, ceased or unspecified",
    ),
    "option.key_statement": ("持有者签署的陈述文件", "file of the statement its holder signed"),
    "option.new_passphrase": (
        "写有新口令的文件（权限 600）；不给则在终端询问",
        "file (mode 600) with the new passphrase; without it the terminal is asked",
    ),
    # answers
    "keys.log": ("账本公钥 {vkey}", "log key {vkey}"),
    "keys.log_keys": ("账本密钥", "log keys"),
    "keys.party_keys": ("主体密钥", "party keys"),
    "keys.tokens": ("访问令牌", "access tokens"),
    "keys.new": ("密钥 {key} 已写入 {file}", "the key {key} is in {file}"),
    "keys.new_next": (
        "下一步：daodi keys sign-registration {file} --holder 统一社会信用代码 --log 账本名称",
        "next: daodi keys sign-registration {file} --holder USCC --log NAME",
    ),
    "keys.signed": (
        "已为账本 {log} 签署：{statement}",
        "signed for the log {log}: {statement}",
    ),
    "keys.registered": ("已登记：密钥 {key}，持有者 {holder}", "registered: key {key} of {holder}"),
    "keys.rotated": ("已轮换：密钥 {key} 不再有效", "rotated: the key {key} counts no longer"),
    "keys.renewed": (
        "{holder} 改用代管的新密钥 {key}",
        "{holder} now signs with the new key {key} held here",
    ),
    "keys.revoked": (
        "已吊销：密钥 {key}（持有者 {holder}）",
        "revoked: the key {key} of {holder}",
    ),
    "keys.log_added": (
        "新账本密钥 {key} 已入账；检查点此后带有新旧两个签名",
        "the log key {key} is added; checkpoints bear both signatures from now on",
    ),
    "keys.log_added_vkey": (
        "请公布新的账本公钥，供核验者在旧密钥退役前换用：{vkey}",
        "publish the new log key, for verifiers to take up before the old one is retired: {vkey}",
    ),
    "keys.log_retired": (
        "账本密钥 {key} 已退役；只信任它的核验者须换用新公钥",
        "the log key {key} is retired; verifiers that trust it alone need the new one",
    ),
    "keys.protected": (
        "已加密 {count} 个密钥文件；此前已加密 {kept} 个",
        "{count} key files are encrypted now; {kept} were before",
    ),
    "keys.protected_next": (
        "请妥善保存口令：遗失后无法恢复密钥。服务启动时会询问，或读取 DAODI_KEY_PASSPHRASE_FILE",
        "keep the passphrase safe: without it the keys are lost. The service asks for it at its start, "
        "or reads DAODI_KEY_PASSPHRASE_FILE",
    ),
    "keys.repassed": ("已更换 {count} 个密钥文件的口令", "the passphrase of {count} key files is changed"),
    "token.issued": ("令牌（只显示这一次，请妥善保存）：", "the token (shown only now; keep it safe):"),
    "token.ended": ("令牌 {prefix} 已停用", "the token {prefix} has ended"),
    # tables
    "head.key": ("密钥", "key"),
    "head.public_key": ("公钥", "public key"),
    "head.holder": ("持有者", "holder"),
    "head.from": ("自条目", "from entry"),
    "head.until": ("至条目", "until entry"),
    "head.successor": ("后继密钥", "successor"),
    "head.reason": ("原因", "reason"),
    "head.kept": ("保管", "kept by"),
    "head.part": ("项目", "part"),
    "kept.here": ("本服务", "this service"),
    "kept.elsewhere": ("主体自己", "the party"),
    "key.waiting": ("待入账", "waiting"),
    "key.active": ("有效", "active"),
    "key.rotated": ("已轮换", "rotated"),
    "key.revoked": ("已吊销", "revoked"),
    "key.retired": ("已退役", "retired"),
    "reason.lost": ("遗失", "lost"),
    "reason.compromised": ("泄露", "compromised"),
    "reason.ceased": ("停用", "ceased"),
    "reason.unspecified": ("未说明", "unspecified"),
    "head.prefix": ("前缀", "prefix"),
    "head.name": ("名称", "name"),
    "head.scopes": ("权限", "scopes"),
    "head.expires": ("到期", "expires"),
    "token.active": ("有效", "active"),
    "token.revoked": ("已停用", "ended"),
}
"""Key to (Chinese, English); both name the same parts."""
