"""What was typed into a form of the desk, read into the models of the API, with every fault in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from api.errors import FieldWrong
from api.field_words import field_words
from api.web.words import Words, words_in
from ledger.errors import DaodiError, Location, ManyFaults
from trace.integrity.periods import day_ms

LONGEST: Final = 4_000
"""Characters kept of one box; every model wants fewer, and says so."""
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Typed:
    """Boxes by name, trimmed; a box that was left empty is not in it."""

    boxes: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, form: FormData) -> "Typed":
        """Read a form; files are passed over."""
        found: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str) and value.strip():
                found.setdefault(name[:60], []).append(value.strip()[:LONGEST])
        return cls(found)

    def __getitem__(self, name: str) -> str:
        """Return what stands in a box; '' for an empty one."""
        return next(iter(self.boxes.get(name, ())), "")

    def lines(self, name: str) -> list[str]:
        """Return the lines of a box, or the values of several boxes of that name, each once."""
        found = [part.strip() for box in self.boxes.get(name, ()) for part in box.splitlines()]
        return list(dict.fromkeys(part for part in found if part))

    def number(self, name: str) -> int | str | None:
        """Return a whole number; what is none as it stands, for the model to refuse; None for nothing."""
        text = self[name]
        return (int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text) or None

    def day_over_ms(self, name: str) -> int | None:
        """Return the end of a day in China in epoch milliseconds; None where none is typed.

        Raises `FieldWrong` for what is no day.
        """
        if not self[name]:
            return None
        try:
            return day_ms(date.fromisoformat(self[name]) + timedelta(days=1)) - 1
        except (ValueError, OverflowError) as fault:
            raise FieldWrong(
                reason_zh="必须是日期，例如 2024-04-12",
                reason_en="has to be a date such as 2024-04-12",
                at=Location(field=name),
            ) from fault


def checked(model: type[Model], told: Mapping[str, Any]) -> Model:
    """Return the model of what was typed; members that are None count as not typed.

    Raises `ManyFaults` with each box that is wrong, under the name it has on the page.
    """
    try:
        return model.model_validate({name: value for name, value in told.items() if value is not None})
    except ValidationError as fault:
        raise ManyFaults([_fault(dict(each)) for each in fault.errors()]) from fault


def faults_in(fault: DaodiError) -> Sequence[DaodiError]:
    """Return each of several faults, or the one."""
    return fault.faults if isinstance(fault, ManyFaults) else (fault,)


def said_of(request: Request, words: Words) -> str:
    """Say what was done before this page was shown: ``?done=`` names one of our own sentences."""
    name = request.query_params.get("done", "")[:40]
    return words(f"desk_done.{name}") if f"desk_done.{name}" in words else ""


def _fault(error: Mapping[str, Any]) -> DaodiError:
    name = str(next(iter(error["loc"]), ""))
    said = field_words(error)
    return FieldWrong(
        reason_zh=f"{_label(name, words_in('zh'))}{said.zh}",
        reason_en=f"{_label(name, words_in('en'))}{said.en}",
        at=Location(field=name),
    )


def _label(name: str, words: Words) -> str:
    return words("desk.box_fault", box=words(f"desk_box.{name}")) if f"desk_box.{name}" in words else ""
