"""A file with the national system's fields, read into the rows our imports take in.

The report the field names come from (`docs/mofcom-xml.md`) gives their Chinese descriptions, not the
element names of the real system: the elements here are those descriptions, and the schema is our own.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from ledger.errors import DaodiError, Location
from trace.columns import PARTIES, PLACES
from trace.errors import UnreadableFile
from trace.mofcom.drafts import Draft, Setting
from trace.mofcom.growing import medicine, plant
from trace.mofcom.making import tablet
from trace.mofcom.moving import adjusted, destroyed, received, returned, shipped
from trace.mofcom.told import Told
from trace.mofcom.xml_nodes import Node, messages
from trace.read_rows import Reading, ReadResult

ROOT: Final = "追溯数据"
MessageReader: TypeAlias = Callable[[Told, Setting], Iterator[Draft]]


def is_xml(body: bytes) -> bool:
    """Say whether a file is to be read as XML: it begins with `<`, a byte order mark aside.

    >>> is_xml(b"<?xml version='1.0'?>"), is_xml("环节,主体".encode())
    (True, False)
    """
    return body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read_mofcom(body: bytes, filename: str) -> ReadResult:
    """Read a file; every fault knows the line of its element.

    Raises `UnreadableFile` for what is no XML of ours, or XML with entities, a document type, or more
    depth, elements or text than any message has.
    """
    reading = Reading()
    at = Location(file=filename)
    for root, message in messages(body, filename):
        if root.name != ROOT:
            raise _unreadable(filename, f"根元素不是〈{ROOT}〉", f"its root is not <{ROOT}>", root)
        reader = MESSAGES.get(message.name)
        if reader is None:
            known = "、".join(MESSAGES)
            raise _unreadable(
                filename, f"不认识〈{message.name[:40]}〉；可用：{known}", f"it may hold: {known}", message
            )
        _read(reading, reader, root, message, at)
    return reading.result()


def _read(reading: Reading, reader: MessageReader, root: Node, message: Node, at: Location) -> None:
    faults: list[DaodiError] = []
    told = Told(message, faults)
    drafts = list(reader(told, _setting(root, told)))
    told.done()
    for draft in drafts:
        if faults:
            reading.refuse(draft.row, draft.layout, at, faults)
            faults = []  # told once; the other rows of the message are kept out with it
        elif told.faults:
            reading.refuse(draft.row, draft.layout, at, ())
        else:
            reading.take(draft.row, draft.layout, at, draft.others)


def _setting(root: Node, told: Told) -> Setting:
    """Return what every row of a message shares; 主体 and 地点 may stand on the root for all of them."""
    return Setting(
        message=told.node.name,
        line=told.node.line,
        guid=told.node.attributes.get("编号", ""),
        party=told.text("主体") or root.attributes.get("主体", ""),
        place=told.text("地点") or root.attributes.get("地点", ""),
    )


def _party(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 主体登记: who takes part."""
    cells = {
        "统一社会信用代码": told.text("统一社会信用代码"),
        "名称": told.text("名称"),
        "主体类型": "；".join(told.texts("主体类型")),
        "行政区划": told.text("地区编码"),
    }
    yield Draft(layout=PARTIES, row=at.row(PARTIES, cells))


def _place(told: Told, at: Setting) -> Iterator[Draft]:
    """Read 地点登记: where it happens."""
    cells = {
        "地点编号": told.text("地点编号"),
        "名称": told.text("名称"),
        "主体": at.party,
        "行政区划": told.text("地区编码"),
        "市场": told.text("市场"),
        "详细地址": told.text("详细地址"),
    }
    yield Draft(layout=PLACES, row=at.row(PLACES, cells))


MESSAGES: Final[Mapping[str, MessageReader]] = {
    "主体登记": _party,
    "地点登记": _place,
    "种植": plant,
    "药材": medicine,
    "饮片": tablet,
    "出库": shipped,
    "入库": received,
    "退货": returned,
    "销毁": destroyed,
    "调库": adjusted,
}
"""By element."""


def _unreadable(filename: str, zh: str, en: str, node: Node) -> UnreadableFile:
    return UnreadableFile(fault_zh=zh, fault_en=en, at=Location(file=filename, row=node.line))
