"""What `daodi sm` and `daodi fsck --sm3` say, in Chinese and English: a part of `phrases.PHRASES`."""

from typing import Final

SM_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.sm": (
        "国密树：对同样的记录以 SM3 与 SM2 再作一份证明（默认关闭）",
        "the SM3 tree: the same entries proved with SM3 and SM2 as well (off by default)",
    ),
    "help.sm.init": ("建立国密树：SM2 密钥与空树", "found the SM3 tree: its SM2 key and an empty tree"),
    "help.sm.show": ("显示国密树的公钥与进度", "show the SM3 tree's key and how far it follows the log"),
    "help.sm.receipt": ("写出一条陈述在国密树下的存证回执", "write a statement's receipt under the SM3 tree"),
    "help.sm.verify": ("核验国密存证回执", "check a receipt under the SM3 tree"),
    "option.sm3": ("只核对国密树：由记录重算", "check the SM3 tree alone, recomputed from the entries"),
    "option.sm_statement": ("陈述编号", "id of the statement"),
    "option.sm_receipt_file": ("回执文件", "the receipt file"),
    "option.sm_trust": (
        "国密树的公钥（vkey）；默认用本机的",
        "the SM3 tree's key (vkey); the one kept here by default",
    ),
    "sm.ready": ("国密树已建立。其公钥：", "the SM3 tree is founded. Its key:"),
    "sm.off": (
        "国密树未启用：设置 DAODI_SM3_TREE=true 后随账本延伸",
        "the SM3 tree is switched off: with DAODI_SM3_TREE=true it follows the log",
    ),
    "sm.key": ("国密树公钥 {vkey}", "key of the SM3 tree {vkey}"),
    "sm.size": ("已延伸到 {size} 条；账本有 {log} 条", "extended to {size} entries; the log has {log}"),
    "sm.signed": (
        "最近签发的检查点：{size} 条，SM3 根 {root}",
        "newest checkpoint: {size} entries, SM3 root {root}",
    ),
    "sm.by": ("SM2 由 {name} 计算", "SM2 is computed by {name}"),
    "sm.receipt_written": (
        "{file}：第 {index} 条记录的国密回执",
        "{file}: receipt of entry {index} under the SM3 tree",
    ),
    "sm.entries": ("记录（逐条重算 SM3）", "entries, each hashed anew with SM3"),
    "sm.root": ("SM3 根", "SM3 root"),
    "sm.clean": ("国密树无误：{count} 条", "the SM3 tree is clean: {count} entries"),
    "sm.faulty": ("国密树有 {count} 处错误", "the SM3 tree has {count} faults"),
}
"""Key to (Chinese, English); both name the same parts."""
