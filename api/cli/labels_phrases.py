"""What `daodi labels` says, in both languages: a part of `PHRASES`."""

from typing import Final

LABELS_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.labels": (
        "为一批追溯码制作标签：PDF（A4 或卷标）、CSV（打印机用）或单个 SVG",
        "make the labels of a batch of codes: PDF sheets, CSV for printers, or one as SVG",
    ),
    "option.label_batch": ("码批编号（64 位十六进制）", "the batch: 64 hexadecimal digits"),
    "option.label_file": (
        "写入的文件：.pdf、.csv 或 .svg；PDF 超过 2000 个标签时分成编号的几个文件",
        "file to write: .pdf, .csv or .svg; beyond 2,000 labels a PDF becomes several numbered files",
    ),
    "option.label_first": ("从批内第几号开始", "number of the first label within its batch"),
    "option.label_count": ("多少个；不给则到批末", "how many; without it, to the end of the batch"),
    "option.label_pins": (
        "印上防伪密码（须覆刮开层；文件请妥善保管）",
        "print the PINs, to be covered by a scratch layer; guard the file",
    ),
    "option.label_form": (
        "纸张：a4-3x8、a4-2x4、roll-60x40、roll-100x70",
        "paper: a4-3x8, a4-2x4, roll-60x40, roll-100x70",
    ),
    "option.label_lot": ("装入的批次（码尚未启用时）", "the lot they are for, while the codes are unused"),
    "option.label_grams": ("每包装量（克）", "mass of one pack in grams"),
    "option.label_specification": ("规格", "specification"),
    "option.label_produced": ("生产日期，如 2026-03-01", "production date, such as 2026-03-01"),
    "option.label_expires": ("保质期至，如 2028-02-28", "best before, such as 2028-02-28"),
    "option.label_standard": ("执行标准", "standard followed"),
    "labels.written": ("已写入 {file}：{count} 个标签", "written: {file}, {count} labels"),
    "option.label_printed": (
        "写好后登记这些码为“已印制”",
        "state afterwards that these codes are printed",
    ),
    "labels.printed": ("已登记 {count} 个码为已印制", "stated as printed: {count} codes"),
}
