"""Anyone's check of a draw: from the log's entries alone, and what they say must follow from each other.

What the tables say is not read: the statements themselves are, so that a table altered is no help.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ledger import log
from ledger.canonical import JsonValue
from ledger.entry import Statement
from trace.integrity.draw_chance import others_between
from trace.integrity.drawing import Candidate, Pick, commitment, list_digest, pick
from trace.integrity.draws import ANNOUNCED, DONE, LISTED, awaited_root
from trace.integrity.integrity_errors import DrawFalse, DrawTooEarly, UnknownDraw
from trace.integrity.statement_ids import listed, number, text


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedDraw:
    """A draw that follows from its announcement."""

    draw_id: str
    picks: tuple[Pick, ...]
    listed: int
    """Parties on the list."""
    others: int
    """Entries of others between the announcement and the root: what made it chance."""


def verify_draw(session: Session, draw_id: str) -> VerifiedDraw:
    """Draw again from the log and compare; raises `UnknownDraw`, `DrawTooEarly` or `DrawFalse`."""
    said = [each.entry.statement for each in log.history(session, draw_id)]
    announced = next((each for each in said if each.kind == ANNOUNCED and each.id == draw_id), None)
    if announced is None:
        raise UnknownDraw(draw=draw_id)
    done = [each for each in said if each.kind == DONE]
    if not done:
        head = log.checkpoint(session).size
        raise DrawTooEarly(size=head, wanted=number(announced.public, "beacon_size"))
    size = number(announced.public, "beacon_size")
    parties, inspectors = _names(said, "party"), _names(said, "inspector")
    seed = bytes.fromhex(text(done[0].public, "seed"))
    root = awaited_root(session, size)
    others = others_between(session, draw_id, text(announced.public, "by"), size)
    for holds, fault_zh, fault_en in (
        (len(done) == 1, "抽取不止一次", "it was drawn more than once"),
        (
            list_digest(parties, inspectors) == announced.public["list"],
            "名单与公告时的摘要不符",
            "the list differs from its digest",
        ),
        (
            commitment(seed) == announced.public["commitment"],
            "种子与承诺不符",
            "the seed is not the one committed to",
        ),
        (root.hex() == done[0].public["root"], "所用的根不是账本的根", "the root is not the log's"),
        (others > 0, "其间没有第三方的陈述", "nobody else stated anything in between"),
    ):
        if not holds:
            raise DrawFalse(draw=draw_id, fault_zh=fault_zh, fault_en=fault_en)
    picks = pick(
        parties,
        inspectors,
        seed,
        root,
        count=number(announced.public, "parties"),
        inspectors_each=number(announced.public, "inspectors"),
    )
    written: list[JsonValue] = [[each.party, list(each.inspectors)] for each in picks]
    if written != done[0].public["picks"]:
        raise DrawFalse(
            draw=draw_id, fault_zh="公布的结果不是抽出的结果", fault_en="what was published was not drawn"
        )
    return VerifiedDraw(draw_id=draw_id, picks=picks, listed=len(parties), others=others)


def _names(said: Sequence[Statement], kind: str) -> list[Candidate]:
    pages = [each.public for each in said if each.kind == LISTED and each.public["kind"] == kind]
    found = []
    for page in sorted(pages, key=lambda page: number(page, "first")):
        for pair in listed(page, "names"):
            if not isinstance(pair, list) or not isinstance(pair[0], str) or not isinstance(pair[1], int):
                raise TypeError(pair)
            found.append(Candidate(name=pair[0], weight=pair[1]))
    return found
