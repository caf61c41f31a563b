"""What `daodi index weights` says, in Chinese and English under one key."""

from typing import Final

INDEX_WEIGHTS_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.index.weights": ("指数权数：录入与查看", "weights of the indices: enter and list"),
    "help.index.weights.enter": (
        "从表格录入一组权数，注明来源与参考期，摘要入账",
        "enter a weight set from a file with its source and reference period; the log holds its digest",
    ),
    "help.index.weights.list": ("列出已录入的权数", "list the weight sets that were entered"),
    "option.weights.file": (
        "CSV 文件：药材、规格、金额分（或 herb、grade、fen）",
        "a CSV file with the columns herb, grade, fen",
    ),
    "option.weights.source": ("权数来源，随每次发布公布", "who counted it; told with every release"),
    "option.weights.first": ("参考期首日", "first day of the reference period"),
    "option.weights.last": ("参考期末日", "last day of the reference period"),
    "option.weights.effective": (
        "生效月首日：权数在该月末链接",
        "first day of the month at whose end the set is linked in",
    ),
    "weights.entered": (
        "{family}：{grades} 个规格的权数已录入，自 {month} 月末链接起生效",
        "{family}: weights of {grades} grades entered, linked in at the end of {month}",
    ),
    "weights.logged": ("账本中的摘要：{digest}", "digest in the log: {digest}"),
    "weights.none": ("尚未录入权数", "no weights were entered"),
    "head.weight_month": ("链接月", "linked in"),
    "head.weight_source": ("来源", "source"),
    "head.weight_period": ("参考期", "reference period"),
    "head.weight_digest": ("权数摘要", "digest of the set"),
    "head.grades": ("规格数", "grades"),
}
