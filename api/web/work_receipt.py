"""Receiving a consignment by a form: accepted as it was weighed, or refused and sent back with the reason.

A refusal is two steps of the trace at once: a receipt whose inspection says rejected, and a return to who
sent the goods. Both are recorded, or neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.station import Station
from api.web.step_lines import with_unit
from trace.columns import STEPS
from trace.rows import read_step_row
from trace.service import RecordedStep
from trace.sheets import Row
from trace.shipments import Consignment
from trace.steps import StepNew
from trace.vocabulary import Stage

ACCEPT: Final = "accept"
REFUSE: Final = "refuse"
PLAIN: Final = ("id", "place", "time", "storage", "reason", "note")
"""Names of the boxes that every consignment has."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody says of a consignment."""

    consignment: Consignment
    party: str
    typed: Mapping[str, str]
    """The boxes of `PLAIN`, and ``lot.<id>``, ``mass.<id>``, ``unit.<id>`` of each lot."""

    @property
    def lots(self) -> list[str]:
        """The lots that are ticked."""
        return [each.lot for each in self.consignment.lots if f"lot.{each.lot}" in self.typed]

    def weighed(self) -> str:
        """Return the ticked lots with what was weighed, as a cell of the sheet of steps."""
        said = []
        for lot in self.lots:
            mass = with_unit(self.typed.get(f"mass.{lot}", ""), self.typed.get(f"unit.{lot}", ""))
            said.append(f"{lot}={mass}" if mass else lot)
        return "；".join(said)


def names_of(consignment: Consignment) -> Sequence[str]:
    """Return the names of all boxes of a consignment's form."""
    parts = (f"{part}.{each.lot}" for each in consignment.lots for part in ("lot", "mass", "unit"))
    return (*PLAIN, *parts)


def steps_of(said: Receipt, do: str) -> list[StepNew]:
    """Return the steps that say it; raises the faults of the form as `read_step_row` does."""
    told = {name: said.typed.get(name, "") for name in PLAIN}
    shared = {"party": said.party, "place": told["place"], "time": told["time"]}
    shared["counterparty"] = said.consignment.sender
    receipt = {
        **shared,
        "id": f"{told['id']}/in",
        "stage": Stage.RECEIVE.zh,
        "lots": said.weighed(),
        "inspection": "rejected" if do == REFUSE else "accepted",
        "storage": told["storage"],
    }
    found = [_read(receipt)]
    if do == REFUSE:
        back = {**shared, "id": f"{told['id']}/back", "stage": Stage.RETURN.zh, "lots": "；".join(said.lots)}
        found.append(_read({**back, "reason": told["reason"], "note": told["note"]}))
    return found


def record_all(station: Station, steps: Sequence[StepNew]) -> list[RecordedStep]:
    """Record steps in one transaction and in their order; raises what `Recorder.record_step` raises."""
    done = station.writer.submit(
        lambda session: [station.recorder.record_step(session, new, station.clock()) for new in steps]
    )
    for lot in {lot for each in done for lot in each.lots}:
        station.invalidation.lot_changed(lot)
    return done


def _read(cells: Mapping[str, str]) -> StepNew:
    return read_step_row(
        Row(sheet=STEPS.zh, number=1, cells={name: text for name, text in cells.items() if text})
    )
