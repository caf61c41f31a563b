"""The gates: how strictly the rules about licences, origins, fields and 炮制 are taken."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Anyone, Supervisor, TheStation
from api.problems import problems
from api.routes.register_answers import Declared
from api.routes.registers import SUPERVISED, Because, by_regulator
from trace.registers.gate_settings import gate_rules, gate_settings, set_gate
from trace.registers.register_errors import UnknownGateRule
from trace.rulebook import rulebook

router = APIRouter(prefix="/v1", tags=["registers"])


class GateAsked(Because):
    """How strictly a gate is to be taken."""

    rule: str = Field(max_length=40, examples=["licence.missing"])
    strictness: str = Field(max_length=6, description="off, note, flag or refuse.", examples=["refuse"])


class GateAnswer(BaseModel):
    """One gate and how strictly it is taken."""

    rule: str
    strictness: str
    set_here: bool = Field(description="Whether it was set by a statement; else it is the rule's own.")
    source: str


class GateList(BaseModel):
    """Every gate that can be set."""

    gates: list[GateAnswer]


@router.get(
    "/gates", summary="How strictly each gate is taken", response_model=GateList, responses=problems()
)
def list_gates(caller: Anyone, station: TheStation) -> GateList:  # noqa: ARG001  declares who may call
    """Return every gate that a regulator may set, with its strictness now."""
    with station.database.read() as session:
        stated = gate_settings(session)
    known = rulebook()
    return GateList(
        gates=[
            GateAnswer(
                rule=code,
                strictness=stated.get(code, known[code].severity.value),
                set_here=code in stated,
                source=known[code].source,
            )
            for code in gate_rules()
        ]
    )


@router.post(
    "/gates",
    summary="Set a gate",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*SUPERVISED, UnknownGateRule),
)
def switch_gate(asked: GateAsked, caller: Supervisor, station: TheStation) -> Declared:
    """State how strictly a gate is taken from now on: off, note, flag or refuse."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated = station.writer.submit(
        lambda session: set_gate(
            session,
            declarer,
            asked.rule,
            asked.strictness,
            reason=asked.reason,
            at_ms=now_ms,
            by=by_regulator(caller),
        )
    )
    return Declared(statement_id=stated)
