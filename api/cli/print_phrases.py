"""What `daodi print-proof` and `daodi log timestamps` say, in both languages: a part of `PHRASES`."""

from typing import Final

PRINT_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.print": (
        "把一条陈述的存证写成一个二维码，印在纸上也能离线核验",
        "write the receipt of a statement as one QR code, which can be checked offline from paper",
    ),
    "option.printed": (
        "陈述编号；或追溯码，指启用它的那次包装",
        "id of a statement; or a trace code, for the packing that put it to use",
    ),
    "option.printed_file": (
        "写入的文件：.svg 整页，.png 只有二维码，.txt 码中的文字",
        "file to write: .svg the sheet, .png the code alone, .txt the text in it",
    ),
    "print.written": ("{file}：{statement}，{size} 个字符", "{file}: {statement}, {size} characters"),
    "print.fact": ("{label}：{value}", "{label}: {value}"),
    "print.verified": (
        "已核验：以上内容由签名方签名，并已写入账本 {origin}。请与纸面逐行核对；此处看不出是否有更新的记录",
        "verified: the signer stated this and the log {origin} holds it. Compare it with the paper line by "
        "line; whether anything newer exists is not shown",
    ),
    # timestamps
    "help.log.timestamps": (
        "列出检查点的时间戳（RFC 3161），并逐个核验",
        "list the timestamps of checkpoints (RFC 3161) and check each",
    ),
    "option.stamp_now": (
        "先为已发布的检查点取一个时间戳（服务会定时自动做）",
        "have the published checkpoint timestamped first (the service does so by itself)",
    ),
    "option.tsa_certificates": (
        "可信时间戳机构的证书（PEM），用于核验时间戳文件",
        "certificates (PEM) of the timestamp authorities to believe, for a timestamp file",
    ),
    "head.stamped": ("时间戳", "timestamp"),
    "head.authority": ("时间戳机构", "authority"),
    "head.outcome": ("核验结果", "outcome"),
    "timestamps.holds": ("成立", "holds"),
    "timestamps.current": ("已发布的检查点已有时间戳", "the published checkpoint is timestamped already"),
    "timestamps.unchecked": (
        "时间戳未核对（没有设置 DAODI_TSA_CERTIFICATES）",
        "timestamps not checked (DAODI_TSA_CERTIFICATES is not set)",
    ),
    "timestamps.checked": (
        "时间戳：{count} 个，其中 {sound} 个成立，证明其检查点在所注时间之前已经存在",
        "timestamps: {count}, of which {sound} hold: their checkpoints existed before the times they state",
    ),
    "verify.stamped": (
        "已核验：账本 {origin} 大小 {size} 的检查点在 {at} 之前已经存在（{authority} 作证）",
        "verified: the checkpoint of {origin} at size {size} existed before {at}, says {authority}",
    ),
    "verify.checkpoint_root": ("根 {root}", "root {root}"),
}
"""Key to (Chinese, English); both name the same parts."""
