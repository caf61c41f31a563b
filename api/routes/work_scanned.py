"""Codes read in the workbench: what each of them names, and what its reader could do with the goods.

What a camera reads is an address of ours, a bare code, or a code of another system (GS1 Digital Links
among them). A look from the workbench is no consumer's scan and is not counted as one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from sqlmodel import Session

from api.callers import Caller
from api.routes.lookup import NOT_OURS
from api.station import Station
from trace.coding.code_reading import CodeState, code_state
from trace.coding.code_words import CodeStatus
from trace.coding.trace_code import decode, normalise
from trace.errors import MalformedCode
from trace.links.link_reading import FoundLink, look_up_other
from trace.lots import LotState
from trace.projections import lots_named
from trace.vocabulary import Stage

MOST: Final = 300
"""Codes looked up at once: a pallet, and an address no browser cuts."""
_LONGEST: Final = 2_000
_HELD: Final = (Stage.SHIP, Stage.SALE, Stage.DISPENSE)
"""What who has a pack can do with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One code that was read, and what stands behind it."""

    given: str
    """As it was read or typed."""
    times: int = 1
    """How often it stood in the list."""
    code: str | None = None
    """Of ours: the twenty characters."""
    status: CodeStatus | None = None
    grams: int | None = None
    frozen: bool = False
    lots: tuple[str, ...] = ()
    herb: str = ""
    system: str = ""
    """Of another system: its scheme."""
    holder: str | None = None
    """Who has the pack, where it went on its own since it was filled."""
    going_to: str | None = None
    held: bool = False
    """Whether the reader's party has it, and may pass it on."""
    coming: bool = False
    """Whether it is on its way to the reader's party."""

    @property
    def known(self) -> bool:
        """Whether anything is on record about it."""
        return self.code is not None or bool(self.system)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Something the reader could do next, and with which of the codes."""

    stage: Stage
    codes: tuple[str, ...]
    lots: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things it would be done with."""
        return len(self.codes) + len(self.lots)

    @property
    def named(self) -> dict[str, str]:
        """Return them as the parameters that fill in the form of the stage."""
        said = {"codes": ";".join(self.codes), "lots": ";".join(self.lots)}
        return {name: text for name, text in said.items() if text}


def read_list(text: str) -> tuple[list[tuple[str, int]], int]:
    r"""Return each code of a list with how often it stands there, and how many were left out as too many.

    One code a line, or with semicolons; an address of a scan page stands for its code.

    >>> read_list("https://a.cn/s/0ABCD\n0abcd;x\n0ABCD")
    ([('0ABCD', 2), ('0abcd', 1), ('x', 1)], 0)
    """
    lines = text.replace("；", "\n").replace(";", "\n").splitlines()
    counted = Counter(code_in(line.strip()) for line in lines if line.strip())
    pairs = list(counted.items())
    return pairs[:MOST], max(0, len(pairs) - MOST)


def code_in(text: str) -> str:
    """Return the code a read text carries: of an address ``…/s/CODE`` the code, else the text itself.

    >>> code_in("https://daodi.example/s/0ABCD-EFGHJ?lang=en"), code_in("(01)06901234567892")
    ('0ABCD-EFGHJ', '(01)06901234567892')
    """
    shortened = text[:_LONGEST]
    try:
        parts = urlsplit(shortened)
    except ValueError:  # a bracket in what is no address
        return shortened
    if parts.scheme in ("http", "https") and parts.path.startswith("/s/"):
        return unquote(parts.path.removeprefix("/s/"))
    return shortened


def look_through(
    station: Station, pairs: Iterable[tuple[str, int]], party: str | None, caller: Caller
) -> list[Scanned]:
    """Return what each code names, for who acts for `party` (a USCC).

    Guesses count against the caller's rate as on the scan page, each before the next is looked up; raises
    `TooManyRequests`.
    """
    station.limiter.require("unknown_code", caller.address)
    with station.database.read() as session:
        found = _joined(_counted(session, station, pairs, caller))
        herbs = lots_named(session, [lot for each in found for lot in each.lots])
    return [_with_lot(each, herbs, party) for each in found]


def offers(found: Sequence[Scanned]) -> list[Offered]:
    """Return what can be done next: with goods at hand ship, sell, dispense; with goods under way receive."""
    free = [each for each in found if not each.frozen]
    here, coming = [each for each in free if each.held], [each for each in free if each.coming]
    made = [_offered(stage, here) for stage in _HELD] + [_offered(Stage.RECEIVE, coming)]
    return [each for each in made if each.count]


def _counted(
    session: Session, station: Station, pairs: Iterable[tuple[str, int]], caller: Caller
) -> Iterator[Scanned]:
    for given, times in pairs:
        found = _scanned(session, station, given, times)
        if not found.known:
            station.limiter.count("unknown_code", caller.address)
        yield found


def _scanned(session: Session, station: Station, given: str, times: int) -> Scanned:
    bare = Scanned(given=given, times=times)
    if _may_be_other(given):
        links = look_up_other(session, given)
        if links:
            return _of_links(bare, links)
    try:
        decode(given, station.code_keys)
        return _of_ours(bare, code_state(session, given, station.code_keys))
    except NOT_OURS:
        return bare


def _may_be_other(given: str) -> bool:
    """Say whether a text is not of the form of our own codes; twenty digits may be a drug trace code."""
    try:
        return normalise(given).isdigit()
    except MalformedCode:
        return True


def _of_ours(bare: Scanned, state: CodeState) -> Scanned:
    return replace(
        bare,
        code=state.code,
        status=state.status,
        grams=state.grams,
        frozen=state.frozen,
        lots=(state.lot_id,) if state.lot_id else (),
        holder=state.run.holder,
        going_to=state.run.in_transit_to,
    )


def _of_links(bare: Scanned, links: Sequence[FoundLink]) -> Scanned:
    lots = tuple(dict.fromkeys(lot for each in links for lot in each.lots))
    return replace(bare, system=links[0].link.scheme, lots=lots, frozen=any(each.frozen for each in links))


def _joined(found: Iterable[Scanned]) -> list[Scanned]:
    """One entry for each code of ours, however it was written."""
    kept: dict[str, Scanned] = {}
    for each in found:
        name = each.code or f" {each.given}"
        first = kept.get(name)
        kept[name] = each if first is None else replace(first, times=first.times + each.times)
    return list(kept.values())


def _with_lot(each: Scanned, lots: Mapping[str, LotState], party: str | None) -> Scanned:
    states = [lots[lot] for lot in each.lots if lot in lots]
    if not states:
        return each
    passable = each.status in (None, CodeStatus.ACTIVATED)
    # A pack that never went on its own is with who has its lot.
    held = each.holder == party if each.holder else all(lot.holder == party for lot in states)
    return replace(
        each,
        herb=states[0].herb,
        frozen=each.frozen or any(lot.frozen for lot in states),
        held=passable and held and each.going_to is None and not any(lot.in_transit for lot in states),
        coming=passable and party is not None and each.going_to == party,
    )


def _offered(stage: Stage, found: Sequence[Scanned]) -> Offered:
    codes = tuple(each.code for each in found if each.code is not None)
    lots = dict.fromkeys(lot for each in found if each.code is None for lot in each.lots)
    return Offered(stage=stage, codes=codes, lots=tuple(lots))
