"""What a correction does to the packs of a packing: codes given back, bound anew, or left and flagged.

A pack that was shipped, sold or used on its own is what somebody holds in the hand: its state stays, and
the correction flags it.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from trace.coding.code_words import CodeStatus
from trace.coding.runs import CodeRun, Range, change_runs, clipped, merged, runs_in
from trace.steps import Step
from trace.vocabulary import Stage


def correct_packs(session: Session, wrong: Step, instead: Step | None, at_ms: int) -> None:
    """Bind the codes of a wrong packing to the step in its place; those it does not use are free again."""
    packs = instead if instead is not None and instead.stage is Stage.PACK else None
    kept = packs.packs_named if packs is not None else ()
    if wrong.stage is Stage.PACK:
        change_runs(session, without(wrong.packs_named, kept), lambda run: _given_back(run, at_ms))
    if packs is not None:
        change_runs(session, kept, lambda run: _bound(run, packs, at_ms))


def own_way(session: Session, ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Return the serials of `ranges` whose packs have gone a way of their own since they were packed."""
    return _where(session, ranges, own=True)


def reused(session: Session, ranges: Sequence[Range], wanted: int) -> tuple[Range, ...]:
    """Pick up to `wanted` serials of a wrong packing for the right one, those gone their own way first."""
    chosen: list[Range] = []
    left = wanted
    for first, last in (*_where(session, ranges, own=True), *_where(session, ranges, own=False)):
        if left <= 0:
            break
        some = min(left, last - first + 1)
        chosen.append((first, first + some - 1))
        left -= some
    return tuple(merged(chosen))


def without(ranges: Sequence[Range], taken: Sequence[Range]) -> list[Range]:
    """Return `ranges` less the serials in `taken`.

    >>> without([(1, 10)], [(3, 4), (8, 12)])
    [(1, 2), (5, 7)]
    """
    found: list[Range] = []
    for first, last in ranges:
        at = first
        for begin, end in merged(taken):
            if end < at or begin > last:
                continue
            if at < begin:
                found.append((at, begin - 1))
            at = end + 1
        if at <= last:
            found.append((at, last))
    return found


def count(ranges: Sequence[Range]) -> int:
    """Return how many serials `ranges` hold.

    >>> count([(1, 3), (7, 7)])
    4
    """
    return sum(last - first + 1 for first, last in ranges)


def _where(session: Session, ranges: Sequence[Range], *, own: bool) -> tuple[Range, ...]:
    found = [
        (piece.first_serial, piece.last_serial)
        for first, last in merged(ranges)
        for piece in (clipped(run, first, last) for run in runs_in(session, [(first, last)]))
        if _went(piece) is own
    ]
    return tuple(merged(found))


def _went(run: CodeRun) -> bool:
    alone = (run.holder, run.sold_to, run.in_transit_to, run.parent_serial)
    return run.status is not CodeStatus.ACTIVATED or any(each is not None for each in alone)


def _given_back(run: CodeRun, at_ms: int) -> CodeRun:
    if _went(run):
        return run
    return replace(
        run,
        status=CodeStatus.RESERVED,
        status_ms=at_ms,
        lot_id=None,
        pack_step=None,
        grams=None,
        activated_ms=None,
    )


def _bound(run: CodeRun, packs: Step, at_ms: int) -> CodeRun:
    bound = replace(run, lot_id=packs.inputs[0].lot, pack_step=packs.step_id, grams=packs.grams_per_pack)
    if run.status not in {CodeStatus.RESERVED, CodeStatus.PRINTED}:
        return bound
    return replace(bound, status=CodeStatus.ACTIVATED, status_ms=packs.event_ms, activated_ms=at_ms)
