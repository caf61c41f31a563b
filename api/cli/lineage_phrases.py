"""What `daodi lineage` and `daodi standing` say, in both languages: a part of `PHRASES`."""

from typing import Final

LINEAGE_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.lineage": (
        "查看批次的全部来路（或去向），逐层列出份额与克数",
        "show the whole way of a lot, back or forward, with shares and grams",
    ),
    "option.lineage_lot": ("批次号", "the lot"),
    "option.forward": ("看去向（默认看来路）", "look forward to its products, instead of back"),
    "option.csv_file": ("写成表格文件（CSV）", "write a table (CSV) to this file"),
    "option.svg_file": ("画成图（SVG）", "write a drawing (SVG) to this file"),
    "written.file": ("已写入 {file}", "written: {file}"),
    "lineage.level": ("层级", "level"),
    "lineage.lot": ("批次", "lot"),
    "lineage.herb": ("药材", "herb"),
    "lineage.made_by": ("产生环节", "made by"),
    "lineage.holder": ("持有人", "holder"),
    "lineage.share": ("份额", "share"),
    "lineage.mass": ("重量", "mass"),
    "lineage.back": ("批次 {lot} 的来路", "where lot {lot} came from"),
    "lineage.forward": ("批次 {lot} 的去向", "where lot {lot} went"),
    "lineage.placements": ("由批次 {lot} 做成的货现在何处", "where the goods made from lot {lot} are"),
    "lineage.state": ("状态", "state"),
    "lineage.loose": ("散装", "loose"),
    "lineage.packs": ("包数", "packs"),
    "lineage.part": ("其中来自该批次", "of it from this lot"),
    "lineage.excipient": ("（用作辅料）", " (as an excipient)"),
    "lineage.assumed": (
        "* 来源没有重量，各来源按等份推定",
        "* sources without weight are assumed to have given alike",
    ),
    # standing
    "help.standing": (
        "把批次的持有人、结存、检验与冻结状态写入账本，并连同证据写成一个可离线核验的文件",
        "state holder, balance, tests and holds of a lot in the log, and write them with the evidence into "
        "one file that can be checked offline",
    ),
    "option.standing_out": ("写入的证据文件（.json）", "the evidence file to write (.json)"),
    "standing.written": (
        "已写入 {file}：批次 {lot} 的现状与证据。核验：daodi verify {file} --policy 策略文件",
        "written: {file}, how lot {lot} stands, with evidence. Check it: daodi verify {file} --policy FILE",
    ),
    "standing.waits": (
        "{seconds} 秒内检查点尚未覆盖该陈述（可能在等待见证方）；文件中只有此前的记录，请稍后重新导出",
        "no checkpoint covered the statement within {seconds} s (it may wait for witnesses); the file holds "
        "what came before: write it again later",
    ),
    "standing.title": (
        "平台运营方陈述的批次 {lot} 现状（{moment}，账本第 {index} 条）：",
        "How lot {lot} stands, as the operator stated at {moment} (entry {index}):",
    ),
    "standing.goods": ("  {herb} {form} {grade}", "  {herb} {form} {grade}"),
    "standing.holder": ("  持有人 {name}（{uscc}）", "  held by {name} ({uscc})"),
    "standing.balance": (
        "  总入量 {came}；现存散装 {loose}、已包装 {packed}；已售未交 {sold}",
        "  came in {came}; at hand loose {loose}, packed {packed}; sold and not handed over {sold}",
    ),
    "standing.tests": (
        "  检验：{quality}；结果 {count} 项，其中超标 {over} 项",
        "  tests: {quality}; {count} results, {over} of them over the limit",
    ),
    "standing.untested": ("未检验", "untested"),
    "standing.passed": ("合格", "passed"),
    "standing.failed": ("不合格", "failed"),
    "standing.held": ("  冻结：{reasons}", "  on hold: {reasons}"),
    "standing.free": ("  没有冻结", "  no hold on it"),
    "standing.later": (
        "此后该批次还有 {count} 条记录：现状可能已变",
        "{count} entries on this lot came later: it may stand otherwise by now",
    ),
}
