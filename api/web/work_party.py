"""For which party a page of the workbench is: the caller's own, or the one that an operator names."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response
from sqlmodel import Session, col, select

from api.callers import Caller
from api.web.work_frame import work_page
from api.web.work_reader import PARTY
from trace.parties import Party, party, party_of
from trace.tables import PartyRow

_LONGEST = 40
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class PartyAsked:
    """Who calls is bound to no party and named none: which one is to be asked."""

    typed: str


def party_wanted(session: Session, caller: Caller, asked: Mapping[str, str]) -> Party | PartyAsked:
    """Return the party whose workbench is wanted.

    `asked` are the parameters of the address. Raises `NotYourParty` where a party asks for another's,
    `UnknownParty` for one that nobody registered.
    """
    named = asked.get(PARTY, "").strip()[:_LONGEST]
    if named:
        caller.must_speak_for(named)
    if named or caller.party:
        return party(session, named or caller.party or "")
    return PartyAsked(asked.get("name", "").strip()[:_LONGEST])


def ask_party(request: Request, caller: Caller, session: Session, area: str, sought: PartyAsked) -> Response:
    """Ask which party an operator would look at: a list by name or code, filtered by what was typed."""
    wanted = select(PartyRow).order_by(col(PartyRow.uscc)).limit(_SHOWN)
    if sought.typed:
        named = col(PartyRow.name).contains(sought.typed, autoescape=True)
        wanted = wanted.where(named | col(PartyRow.uscc).startswith(sought.typed, autoescape=True))
    parts = {"parties": [party_of(row) for row in session.exec(wanted)], "typed": sought.typed}
    return work_page(request, caller, "work_party.html", area=area, parts=parts)
