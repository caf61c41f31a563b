"""One label as an SVG drawing, in millimetres: for a page, or for a printer's own template."""

from typing import Final
from xml.sax.saxutils import escape

from trace.labels.label_forms import LabelForm
from trace.labels.label_layout import PT, BoxMark, Mark, QrMark, label_marks
from trace.labels.label_text import LabelText, PackLabel

MEDIA_TYPE: Final = "image/svg+xml"

_FONTS: Final = (
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
)


def label_svg(text: LabelText, label: PackLabel, form: LabelForm) -> str:
    """Draw one label; raises `LabelTooSmall`."""
    width, height = form.label
    drawn = "".join(_drawn(mark) for mark in label_marks(text, label, form))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" font-family="{_FONTS}" lang="zh-CN">'
        f"<title>{escape(label.code)}</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{drawn}</svg>'
    )


def _drawn(mark: Mark) -> str:
    if isinstance(mark, QrMark):
        scale = mark.side / mark.modules
        path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in mark.runs)
        return f'<path transform="translate({mark.x} {mark.y}) scale({scale:.6f})" d="{path}"/>'
    if isinstance(mark, BoxMark):
        return (
            f'<rect x="{mark.x}" y="{mark.y}" width="{mark.width}" height="{mark.height}" fill="none" '
            f'stroke="#000" stroke-width="0.15"/>'
        )
    return (
        f'<text x="{mark.x:.2f}" y="{mark.y:.2f}" font-size="{mark.points * PT:.3f}" xml:space="preserve">'
        f"{escape(mark.text)}</text>"
    )
