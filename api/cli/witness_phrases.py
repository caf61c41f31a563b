"""What `daodi witness` says, in Chinese and English: a part of `phrases.PHRASES`."""

from typing import Final

WITNESS_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.witness": (
        "见证：为别人的账本作证，或查看本账本的见证方",
        "witnesses: be one for other logs, or see what those of this log said",
    ),
    "help.witness.init": (
        "建立见证方：密钥、账本清单、记忆；可再次运行以增加账本",
        "set up a witness: its key, its logs, its memory; run again to add logs",
    ),
    "help.witness.serve": (
        "启动见证服务，默认只在本机监听；丢失记忆时拒绝运行",
        "serve as a witness, on this machine alone by default; it does not run without its memory",
    ),
    "help.witness.show": (
        "显示见证方公钥，以及对每个账本最后的见证",
        "show the witness's key and what it cosigned last of each log",
    ),
    "help.witness.policy": (
        "检查信任策略并说明其要求；不给文件时，并列出各见证方的进度",
        "check a policy and say what it asks for; without a file, also how far each witness is",
    ),
    "option.witness_folder": ("见证方的文件夹", "the witness's folder"),
    "option.witness_name": (
        "见证方名称，如 witness.example.org/w1：不含空格与加号，定后不可改",
        "the witness's name, such as witness.example.org/w1: no spaces or plus signs, fixed for good",
    ),
    "option.witness_log": (
        "要见证的账本公钥（vkey），可重复给出",
        "the key (vkey) of a log to witness, may be repeated",
    ),
    "option.policy_file": (
        "策略文件（c2sp.org/tlog-policy）；默认为 DAODI_POLICY_FILE 或正在生效的策略",
        "a policy file (c2sp.org/tlog-policy); by default DAODI_POLICY_FILE or the policy in force",
    ),
    "witness.ready": (
        "见证方 {name} 已就绪：{folder}。其公钥：",
        "the witness {name} is ready in {folder}. Its key:",
    ),
    "witness.policy_line": (
        "账本的策略文件中写一行（换成见证方的真实地址）：\n{line}",
        "what the log's policy file says of it (with the address it is reached at):\n{line}",
    ),
    "witness.keep_memory": (
        "切勿从旧备份恢复 {folder}/witness.sqlite：一旦丢失，须换新密钥和新名称",
        "never bring {folder}/witness.sqlite back from an old copy: once it is lost, take a new key and name",
    ),
    "witness.key": ("见证方公钥 {vkey}", "witness key {vkey}"),
    "policy.log": ("账本 {name}，公钥 {vkey}", "log {name}, key {vkey}"),
    "policy.no_log": (
        "没有列出账本：只信任另行指定的账本公钥",
        "names no log: its key has to be given apart",
    ),
    "policy.group": (
        "组 {name}：{count} 个成员中至少 {least} 个（{members}）",
        "group {name}: at least {least} of {count} ({members})",
    ),
    "policy.quorum": (
        "检查点须经 {name} 见证，最少 {fewest} 个见证签名",
        "a checkpoint needs {name}: {fewest} cosignatures at least",
    ),
    "policy.quorum_none": ("不要求见证", "no cosignature is asked for"),
    "policy.unsigned": ("本账本还没有签发检查点", "this log has signed no checkpoint yet"),
    "policy.published": (
        "对外公布到 {size} 条，已签发到 {signed} 条",
        "published up to {size} entries, signed up to {signed}",
    ),
    "policy.cosigned": ("已见证", "cosigned"),
    "policy.not_cosigned": ("尚未", "not yet"),
    "policy.never": ("从未应答", "never answered"),
    "head.log": ("账本", "log"),
    "head.size": ("条数", "entries"),
    "head.root": ("根哈希（前 16 位）", "root (16 digits)"),
    "head.cosigned": ("见证时间", "cosigned at"),
    "head.witness": ("见证方", "witness"),
    "head.address": ("地址", "address"),
    "head.known": ("已知条数", "knows entries"),
    "head.newest": ("最新检查点", "newest checkpoint"),
}
"""Key to (Chinese, English); both name the same parts."""
