"""Codes of other systems: linked by who holds what they name, and looked up by anyone."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from api.callers import Anyone, Clerk, TheStation
from api.errors import (
    FieldWrong,
    NotYourParty,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    TooManyRequests,
    WriterClosed,
)
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of
from api.station import Station
from ledger.errors import Language, Location
from ledger.plain_text import PlainText
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.errors import ForgedCode, MalformedCode, UnknownCode, UnknownLot, UnknownParty, UnknownPlace
from trace.events import iso_time
from trace.links.code_links import LinkedCode, link_code, unlink_code
from trace.links.link_errors import (
    NotTheHolder,
    OtherCodeNamesElse,
    OtherCodeTaken,
    UnknownOtherCode,
    UnreadableOtherCode,
)
from trace.links.link_reading import FoundLink, codes_of_lot, look_up_other
from trace.links.link_targets import LinkTarget, lot_target, packs_target
from trace.links.other_codes import Named, scheme_words
from trace.steps import LOT_PATTERN

router = APIRouter(prefix="/v1", tags=["links"])

_UTC = 0


class PacksNew(BaseModel):
    """Packs by our codes, from the first to the last of one batch."""

    model_config = ConfigDict(extra="forbid")

    first: str = Field(max_length=64)
    last: str | None = Field(default=None, max_length=64, description="Left out: one pack alone.")


class LinkNew(BaseModel):
    """One code of another system and the one thing it names."""

    model_config = ConfigDict(extra="forbid")

    scheme: str = Field(
        max_length=24, examples=["gs1"], description="gs1, cpc, drug, or x- and a slug for any other system."
    )
    code: str = Field(max_length=400, examples=["(01)06901234567892(10)BS-24-0001"])
    lot: str | None = Field(default=None, max_length=40)
    packs: PacksNew | None = None
    place: str | None = Field(default=None, max_length=64)
    firm: str | None = Field(default=None, max_length=18, description="USCC of the party the code names.")
    product: PlainText | None = Field(default=None, min_length=1, max_length=120, description="In words.")

    @model_validator(mode="after")
    def _one_thing(self) -> "LinkNew":
        if sum(each is not None for each in (self.lot, self.packs, self.place, self.firm, self.product)) != 1:
            raise PydanticCustomError(
                "one_of", "exactly one of lot, packs, place, firm and product is needed"
            )
        return self


class LinksNew(BaseModel):
    """Codes to link, all or none of them."""

    model_config = ConfigDict(extra="forbid")

    party: str = Field(min_length=18, max_length=18, description="USCC of who holds what they name.")
    links: list[LinkNew] = Field(min_length=1, max_length=1000)


class LinkWithdrawn(BaseModel):
    """A link to withdraw, and why."""

    model_config = ConfigDict(extra="forbid")

    party: str = Field(min_length=18, max_length=18, description="USCC of who linked it.")
    scheme: str = Field(max_length=24)
    code: str = Field(max_length=400)
    reason: PlainText = Field(min_length=1, max_length=200)


class LinkStated(BaseModel):
    """One link as it stands."""

    scheme: str
    code: str = Field(description="In the one form of its scheme.")
    statement_id: str


class LinksStated(BaseModel):
    """The links as they stand, in the order they were sent."""

    links: list[LinkStated]


class LinkTold(BaseModel):
    """One link as anybody may know it."""

    scheme: str
    system: str = Field(description="The system in words.")
    code: str
    names: str = Field(description="product, lot, packs, party or place.")
    named: str | None = Field(description="The lot, the name of the place or party, or the product in words.")
    lots: list[str] = Field(description="The lots it leads to; their stories stand at /v1/lots/{lot}.")
    statuses: list[str] = Field(description="How the packs stand; empty for all else.")
    frozen: bool
    linked_by: str = Field(description="USCC of who linked it.")
    linked_by_name: str
    linked_at: str
    statement_id: str
    said: str = Field(description="What this does and does not say.")


class LinksTold(BaseModel):
    """Everything a code leads to; empty when nobody linked it."""

    links: list[LinkTold]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


_WRITING = (
    TokenMissing,
    TokenRefused,
    ScopeMissing,
    NotYourParty,
    UnknownParty,
    UnreadableOtherCode,
    WriterClosed,
)


@router.post(
    "/links",
    summary="Link codes of other systems",
    status_code=HTTPStatus.CREATED,
    response_model=LinksStated,
    responses=problems(
        *_WRITING, OtherCodeNamesElse, OtherCodeTaken, NotTheHolder, UnknownLot, UnknownPlace, UnknownCode,
        MalformedCode, ForgedCode,
    ),
)  # fmt: skip
def link_codes(new: LinksNew, caller: Clerk, station: TheStation) -> LinksStated:
    """State which lots, packs, places, firms or products codes of other systems name: all of them or none.

    Only who holds a thing links codes to it, and a code names one thing. The same link again changes
    nothing. Keys of GS1 are registered here and never made.
    """
    caller.must_speak_for(new.party)

    def stated(session: Session) -> list[LinkedCode]:
        return [_linked(session, station, new.party, each, place) for place, each in enumerate(new.links)]

    linked = station.writer.submit(stated)
    return LinksStated(
        links=[LinkStated(scheme=one.scheme, code=one.value, statement_id=one.statement_id) for one in linked]
    )


@router.post(
    "/links/withdrawals",
    summary="Withdraw a link",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(*_WRITING, UnknownOtherCode),
)
def withdraw_link(asked: LinkWithdrawn, caller: Clerk, station: TheStation) -> None:
    """Take back a link this party made; both statements stay in the log."""
    caller.must_speak_for(asked.party)
    station.writer.submit(
        lambda session: unlink_code(
            session,
            station.recorder.declarer,
            asked.scheme,
            asked.code,
            asked.reason,
            by=asked.party,
            at_ms=station.clock(),
        )
    )


@router.get(
    "/links",
    summary="Look a code of another system up",
    response_model=LinksTold,
    responses=problems(TooManyRequests, FieldWrong),
)
def read_links(
    request: Request,
    caller: Anyone,
    station: TheStation,
    code: Annotated[
        str | None, Query(min_length=1, max_length=400, examples=["81234567890123456789"])
    ] = None,
    lot: Annotated[
        str | None, Query(pattern=LOT_PATTERN, description="All codes linked to this lot.")
    ] = None,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> LinksTold:
    """Return what a GS1 key, a CPC code, a drug trace code or a code of any other system is linked to here.

    Our own codes of the packs are never told. Nothing here says whether the other system's record is true.
    """
    station.limiter.count("scan", caller.address)
    with station.database.read() as session:
        found = look_up_other(session, code) if code is not None else ()
        if lot is not None:
            found += codes_of_lot(session, lot)
    named = {(each.link.scheme, each.link.value): each for each in found}
    shown, following = page_of(named, limit, next, lambda name: name, (str, str))
    return LinksTold(links=[told(named[name], language_of(request)) for name in shown], next=following)


def told(found: FoundLink, language: Language) -> LinkTold:
    """Return a link as the interface tells it."""
    link = found.link
    day = iso_time(link.linked_ms, _UTC)
    return LinkTold(
        scheme=link.scheme,
        system=scheme_words(link.scheme)[0 if language == "zh" else 1],
        code=link.value,
        names=link.target.kind.value,
        named=found.named or None,
        lots=list(found.lots),
        statuses=list(found.packs.statuses) if found.packs else [],
        frozen=found.frozen,
        linked_by=link.party,
        linked_by_name=found.party_name,
        linked_at=day,
        statement_id=link.statement_id,
        said=_SAID[0 if language == "zh" else 1],
    )


_SAID = (
    "由上述主体声明该编码指向本平台的这一对象；本平台的结论只针对本平台的记录，不核验该编码所属系统的内容",
    "that party states that the code names this; what we say concerns our own record, not the other system's",
)


def _linked(session: Session, station: Station, by: str, new: LinkNew, place: int) -> LinkedCode:
    try:
        target = _target(session, station.code_keys, new)
        return link_code(
            session, station.recorder.declarer, new.scheme, new.code, target, by=by, at_ms=station.clock()
        )
    except (UnreadableOtherCode, OtherCodeNamesElse, OtherCodeTaken, NotTheHolder, UnknownLot) as fault:
        fault.at = Location(field=f"/links/{place}", value=fault.at.value)
        raise


def _target(session: Session, code_keys: CodeKeys, new: LinkNew) -> LinkTarget:
    if new.packs is not None:
        first = code_state(session, new.packs.first, code_keys).serial
        last = first if new.packs.last is None else code_state(session, new.packs.last, code_keys).serial
        return packs_target(min(first, last), max(first, last))
    if new.lot is not None:
        return lot_target(new.lot)
    named = {Named.PLACE: new.place, Named.PARTY: new.firm, Named.PRODUCT: new.product}
    kind, name = next((kind, name) for kind, name in named.items() if name is not None)
    return LinkTarget(kind=kind, name=name)
