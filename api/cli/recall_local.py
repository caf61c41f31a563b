"""What the running service would answer, done in this process."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api import holding
from api.drilling import drill
from api.errors import FieldWrong
from api.faults_of import error_of
from ledger.errors import Location
from trace.recalls.hold_targets import HoldNew
from trace.recalls.holds import HoldPlaced
from trace.recalls.recall_ending import Closing
from trace.recalls.recalls import RecallNew

if TYPE_CHECKING:
    from api.station import Station
    from trace.recalls.persons import Person

Answer: TypeAlias = Mapping[str, Any]
_T = TypeVar("_T", bound=BaseModel)


def _place(station: "Station", _: str, body: Mapping[str, Any], person: "Person") -> Answer:
    return _of_hold(holding.place(station, _read(HoldNew, body), person))


def _ask_lift(station: "Station", hold: str, body: Mapping[str, Any], person: "Person") -> Answer:
    return _of_hold(holding.ask_lifting(station, hold, body["reason"], person))


def _lift(station: "Station", hold: str, _: Mapping[str, Any], person: "Person") -> Answer:
    return _of_hold(holding.lift_hold(station, hold, person))


def _open(station: "Station", _: str, body: Mapping[str, Any], person: "Person") -> Answer:
    done = holding.recall(station, _read(RecallNew, body), person)
    return {
        "recall": done.recall_id,
        "statement_id": done.statement_id,
        "lots": len(done.lots),
        "packs": done.packs,
        "grams": done.grams,
        "holders": done.holders,
    }


def _acknowledge(station: "Station", recall: str, _: Mapping[str, Any], person: "Person") -> Answer:
    at_ms, statement = holding.acknowledge_recall(station, recall, person)
    return {"at_ms": at_ms, "statement_id": statement}


def _remind(station: "Station", recall: str, _: Mapping[str, Any], person: "Person") -> Answer:
    return {"parties": holding.remind_holders(station, recall, person)}


def _ask_close(station: "Station", recall: str, body: Mapping[str, Any], person: "Person") -> Answer:
    statement = holding.ask_closing(station, recall, _closing(body["state"]), body["report"], person)
    return {"statement_id": statement}


def _close(station: "Station", recall: str, _: Mapping[str, Any], person: "Person") -> Answer:
    state, statement = holding.close(station, recall, person)
    return {"state": state, "statement_id": statement}


def _drill(station: "Station", _: str, body: Mapping[str, Any], person: "Person") -> Answer:
    done = drill(station, body["lots"], person)
    return {
        "drill": done.drill_id,
        "phases_us": done.phases_us,
        "lots": len(done.found.closure.lots),
        "packs": sum(each.packs for each in done.found.portions),
        "grams": sum(each.grams for each in done.found.portions),
        "holders": done.found.holders,
    }


_Part: TypeAlias = "Callable[[Station, str, Mapping[str, Any], Person], Answer]"
WORKS: Final[Mapping[str, _Part]] = {
    "place": _place,
    "ask_lift": _ask_lift,
    "lift": _lift,
    "open": _open,
    "acknowledge": _acknowledge,
    "remind": _remind,
    "ask_close": _ask_close,
    "close": _close,
    "drill": _drill,
}
"""By the name a command gives its work; each takes what it is about and the members of the request."""


def _of_hold(done: HoldPlaced) -> Answer:
    return {"hold": done.hold_id, "statement_id": done.statement_id, "lots": len(done.lots)}


def _closing(text: str) -> Closing:
    if text == "completed":
        return "completed"
    if text == "lifted":
        return "lifted"
    raise FieldWrong(
        at=Location(field="state", value=text),
        reason_zh="应为 completed 或 lifted",
        reason_en="it is completed or lifted",
    )


def _read(form: type[_T], body: Mapping[str, Any]) -> _T:
    """Return a request as the service would read it; raises its faults."""
    try:
        return form.model_validate(dict(body))
    except ValidationError as error:
        # As the service would say it: the fault stands in the body.
        faults = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise error_of(RequestValidationError(faults)) or error from error
