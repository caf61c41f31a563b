"""XML as a stream of small trees, one for each child of the root, with the line each element begins on.

Entities, document types and external references are refused (defusedxml), depth and size are bounded, and
nothing but the file itself is ever read. Chinese files come in GB18030 too, which expat does not know, so
the text is decoded here.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from ledger.errors import Location
from trace.errors import UnreadableFile

MOST_DEPTH: Final = 6
"""No message of ours is deeper than four."""
MOST_MESSAGES: Final = 50_000
MOST_ELEMENTS: Final = 500_000
MOST_TEXT: Final = 4_000
"""Characters of one element."""
_PIECE: Final = 64 * 1024
_DECLARED: Final = re.compile(rb'^\s*<\?xml[^>]*?encoding\s*=\s*["\']([A-Za-z0-9._-]{1,40})["\']')
_ENCODINGS: Final = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
_NAMED_WITH: Final = re.compile(r'(<\?xml[^>]*?)\s+encoding\s*=\s*["\'][^"\']*["\']')


@dataclass(slots=True)
class Node:
    """One element."""

    name: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)


def messages(body: bytes, filename: str) -> Iterator[tuple[Node, Node]]:
    """Give the root (without its children) with each of its children, as they are read.

    Raises `UnreadableFile` for what is no XML, what has a document type, and what is too deep or too large.
    """
    text = _decoded(body, filename)
    parser = DefusedExpatParser(forbid_dtd=True)
    handler = _Handler(filename, parser)
    parser.setContentHandler(handler)
    try:
        for begin in range(0, len(text), _PIECE):
            parser.feed(text[begin : begin + _PIECE])
            yield from handler.finished()
        parser.close()
    except DefusedXmlException as error:
        raise _unreadable(filename, "含 DTD 或实体声明，不予接受", "it declares a DTD or entities") from error
    except SAXException as error:
        raise _unreadable(filename, "不是格式良好的 XML", "it is not well-formed XML") from error
    yield from handler.finished()


class _Handler(ContentHandler):
    """Builds the children of the root one after another."""

    def __init__(self, filename: str, locator: Locator) -> None:
        super().__init__()
        self._filename = filename
        self._locator = locator
        self._open: list[Node] = []
        self._whole: list[tuple[Node, Node]] = []
        self._count = self._messages = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  SAX names it
        """Open an element."""
        self._count += 1
        if len(self._open) >= MOST_DEPTH:
            raise _unreadable(self._filename, "层级过深", "its elements are nested too deep")
        self._messages += len(self._open) == 1
        if self._count > MOST_ELEMENTS or self._messages > MOST_MESSAGES:
            raise _unreadable(self._filename, "元素过多", "it has too many elements")
        line = self._locator.getLineNumber() or 0
        node = Node(name, line, {key: attrs.getValue(key) for key in attrs.getNames()})
        if len(self._open) > 1:
            self._open[-1].children.append(node)
        self._open.append(node)

    def characters(self, content: str) -> None:
        """Take text."""
        node = self._open[-1]
        node.text += content
        if len(node.text) > MOST_TEXT:
            raise _unreadable(self._filename, f"第 {node.line} 行文字过长", f"line {node.line} is too long")

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802  SAX names it
        """Close an element."""
        node = self._open.pop()
        node.text = node.text.strip()
        if len(self._open) == 1:
            self._whole.append((self._open[0], node))
            self._open[0].text = ""

    def finished(self) -> list[tuple[Node, Node]]:
        """Hand over the children that are whole."""
        whole, self._whole = self._whole, []
        return whole


def _decoded(body: bytes, filename: str) -> str:
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8)[:200])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        text = body.decode(_ENCODINGS[name])
    except (KeyError, UnicodeDecodeError):
        raise _unreadable(
            filename, "编码须为 UTF-8 或 GB18030", "its encoding must be UTF-8 or GB18030"
        ) from None
    return _NAMED_WITH.sub(r"\1", text, count=1)


def _unreadable(filename: str, zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(fault_zh=zh, fault_en=en, at=Location(file=filename))
