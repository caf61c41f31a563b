"""What `daodi index bulletin` says, in Chinese and English under one key."""

from typing import Final

INDEX_BULLETIN_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.index.bulletin": (
        "把一期发布的公报写成 HTML 与 PDF 两个文件",
        "write the bulletin of a release as an HTML and a PDF file",
    ),
    "option.bulletin.release": (
        "发布编号；不给则为该系列最新一期",
        "release id; the family's newest when left out",
    ),
    "option.bulletin.folder": (
        "写到哪个文件夹；不给则为当前文件夹",
        "folder to write to; this one when left out",
    ),
    "index.bulletin_written": ("已写入 {file}（{size} 字节）", "written: {file} ({size} bytes)"),
}
