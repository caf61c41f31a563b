"""What one message tells: its elements by name, each taken once; what nobody took is at fault."""

from dataclasses import dataclass, field
from difflib import get_close_matches

from ledger.errors import DaodiError, Location, Said
from trace.errors import EmptyCell, RepeatedColumn, UnknownColumn
from trace.mofcom.xml_nodes import Node

_SHOWN = 40


@dataclass(slots=True)
class Told:
    """An element with others in it, as the message's reader takes it apart."""

    node: Node
    faults: list[DaodiError]
    """Shared by the whole message."""
    _asked: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return the text of an element; empty where there is none."""
        self._asked.append(name)
        found = [child for child in self.node.children if child.name == name]
        if len(found) > 1 or any(child.children for child in found):
            self._blame(
                RepeatedColumn(sheet=self._said(), column=name, found=name, at=self._at(name, found[-1]))
            )
        return found[0].text if found else ""

    def need(self, name: str, note_zh: str, note_en: str) -> str:
        """Return the text of an element that must be there; its lack is a fault of the message."""
        found = self.text(name)
        if not found:
            self._blame(EmptyCell(column=name, note_zh=note_zh, note_en=note_en, at=self._at(name)))
        return found

    def groups(self, name: str) -> list["Told"]:
        """Return every element of that name, to be taken apart in turn."""
        self._asked.append(name)
        return [Told(child, self.faults) for child in self.node.children if child.name == name]

    def texts(self, name: str) -> list[str]:
        """Return the texts of every element of that name."""
        return [told.node.text for told in self.groups(name) if told.node.text]

    def done(self) -> None:
        """Call what nobody asked for unknown: nothing a file says is passed over in silence."""
        for child in self.node.children:
            if child.name not in self._asked:
                near = get_close_matches(child.name, self._asked, n=1, cutoff=0.5)
                nearest = near[0] if near else Said("无", "none")
                self._blame(
                    UnknownColumn(
                        sheet=self._said(),
                        column=child.name[:_SHOWN],
                        nearest=nearest,
                        at=self._at(child.name[:_SHOWN], child),
                    )
                )

    def _said(self) -> Said:
        return Said(f"元素〈{self.node.name}〉", f"element <{self.node.name}>")

    def _blame(self, fault: DaodiError) -> None:
        self.faults.append(fault)

    def _at(self, name: str, node: Node | None = None) -> Location:
        return Location(row=(node or self.node).line, field=name)
