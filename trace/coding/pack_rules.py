"""The rules of steps by code: who may do what with which pack, box, bag or bulk pack."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from trace.coding.code_words import UNUSED, CodeStatus, Level
from trace.coding.pack_selection import PackRange, PackSelection
from trace.rulebook import broken
from trace.vocabulary import Stage

if TYPE_CHECKING:
    from trace.findings import Finding
    from trace.steps import Step
    from trace.world import Before

_IN_USE: Final = frozenset({CodeStatus.ACTIVATED})
_STANDING: Final[Mapping[Stage, frozenset[CodeStatus]]] = {
    Stage.SHIP: _IN_USE,
    Stage.RECEIVE: _IN_USE,
    Stage.SALE: _IN_USE,
    Stage.DISPENSE: _IN_USE,
    Stage.NEST: _IN_USE,
    Stage.UNNEST: _IN_USE,
    Stage.DESTROY: _IN_USE | {CodeStatus.SOLD, CodeStatus.DISPENSED},
}
_NESTING: Final = frozenset({Stage.NEST, Stage.UNNEST})
_WHOLE: Final = frozenset({Stage.SHIP, Stage.RECEIVE, Stage.RETURN, Stage.NEST})
"""Stages that take a thing as it stands: what stands in a box goes with the box or is taken out first."""


def _unknown(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":  # noqa: ARG001  one form for all
    for code in packs.unknown:
        yield broken("receipt.0" if step.stage is Stage.RECEIVE else "pack.unknown", code)


def _statuses(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":  # noqa: ARG001
    if step.stage is Stage.RETURN:
        allowed = _IN_USE if step.counterparty else frozenset({CodeStatus.SOLD})
    else:
        allowed = _STANDING.get(step.stage, _IN_USE)
    for each in packs.every:
        if each.run.status not in allowed and not _on_its_way_out(step, packs, each):
            yield _about("pack.status", packs, each, **_words(each.run.status))


def _on_its_way_out(step: "Step", packs: PackSelection, each: PackRange) -> bool:
    """A pack whose code was retired goes back or is destroyed, and nothing else."""
    if each.run.status is not CodeStatus.RETIRED or each.run.lot_id is None:
        return False
    back = step.stage is Stage.RETURN and step.counterparty is not None
    return back or step.stage is Stage.DESTROY or (step.stage is Stage.RECEIVE and packs.comes_back)


def _holders(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":
    if step.stage is Stage.RECEIVE:
        return
    for each in packs.every:
        holder = _holder(each, before)
        if holder not in (None, step.party):
            yield _about("pack.not_holder", packs, each, holder=holder or "", party=step.party)
        elif _on_the_road(each, before):
            yield _about("pack.in_transit", packs, each)


def _receipts(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":
    if step.stage is not Stage.RECEIVE:
        return
    for each in packs.every:
        run = each.run
        name = run.lot_id or packs.code_of(each)
        if (run.frozen or _lot_frozen(each, before)) and not packs.comes_back:
            yield broken("receipt.1", name)
        elif run.in_transit_to is None:
            yield broken("receipt.2", name)
        elif run.in_transit_to != step.party or step.counterparty not in (None, run.holder):
            yield broken(
                "receipt.3", name, sender=run.holder or "", receiver=run.in_transit_to, party=step.party
            )


def _times(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":  # noqa: ARG001
    for each in packs.every:
        if step.event_ms < max(each.run.status_ms, each.run.moved_ms or 0):
            yield _about("pack.too_early", packs, each)


def _promised(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":  # noqa: ARG001
    """What is sold to a party is neither sold again nor shipped to another."""
    for each in packs.every:
        buyer = each.run.sold_to
        ours = step.stage is Stage.SHIP and step.counterparty == buyer
        if buyer is not None and step.stage in (Stage.SHIP, Stage.SALE, Stage.DISPENSE) and not ours:
            yield _about("pack.promised", packs, each, buyer=buyer)


def _returns(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":
    """A pack goes back to who sent it, by itself or with its lot; a return to another is a shipment."""
    if step.stage is not Stage.RETURN or step.counterparty is None:
        return
    for each in packs.every:
        lot = each.run.lot_id
        sender = each.run.came_from or before.came_from.get(lot or "")
        if sender is None and lot is not None:
            yield broken("owner.never_received", lot, party=step.party)
        elif sender not in (None, step.counterparty):
            yield _about("pack.return_elsewhere", packs, each, sender=sender or "")


def _wholeness(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":  # noqa: ARG001
    for each in packs.named:
        if step.stage in _WHOLE and each.run.parent_serial is not None:
            yield _about("pack.nested", packs, each)
        if step.stage is Stage.UNNEST and each.run.parent_serial != packs.container_serial:
            yield _about("pack.not_inside", packs, each)
    twice = {first for first, _ in packs.ranges} & {each.run.first_serial for each in packs.within}
    overlap = any(
        named.run.first_serial <= inner.run.last_serial and inner.run.first_serial <= named.run.last_serial
        for named in packs.named
        for inner in packs.within
    )
    if twice or overlap:
        yield broken("pack.named_twice", None)


def _nesting(step: "Step", packs: PackSelection, before: "Before") -> "Iterator[Finding]":
    if step.stage not in _NESTING:
        return
    container = packs.container
    if container is None or not packs.named:
        yield broken("pack.no_container", None)
        return
    if step.stage is Stage.NEST:
        for each in packs.named:
            if each.level.height >= container.level.height:
                sizes = _levels("inner", each.level) | _levels("outer", container.level)
                yield _about("pack.level", packs, each, **sizes)
    yield from _container(step, packs, container, before)


def _container(
    step: "Step", packs: PackSelection, container: PackRange, before: "Before"
) -> "Iterator[Finding]":
    """It is the party's own: issued to it while unused, held by it from then on."""
    run = container.run
    if run.status not in UNUSED | _IN_USE:
        yield _about("pack.status", packs, container, **_words(run.status))
    holders = {_holder(each, before) for each in packs.inside if each.run.lot_id}
    own = run.holder or (container.party if not holders else None)
    for holder in holders | {own}:
        if holder not in (None, step.party):
            yield _about("pack.not_holder", packs, container, holder=holder or "", party=step.party)
            return
    if run.in_transit_to is not None:
        yield _about("pack.in_transit", packs, container)
    if step.stage is Stage.NEST and run.parent_serial is not None:
        yield _about("pack.nested", packs, container)


def _holder(each: PackRange, before: "Before") -> str | None:
    """Who has it; None where that follows from what stands in it."""
    if each.run.holder is not None or each.run.lot_id is None:
        return each.run.holder
    lot = before.lots.get(each.run.lot_id)
    return lot.holder if lot else None


def _on_the_road(each: PackRange, before: "Before") -> bool:
    if each.run.in_transit_to is not None:
        return True
    lot = before.lots.get(each.run.lot_id or "")
    return each.run.holder is None and lot is not None and lot.in_transit


def _lot_frozen(each: PackRange, before: "Before") -> bool:
    lot = before.lots.get(each.run.lot_id or "")
    return lot is not None and lot.frozen


def _about(rule: str, packs: PackSelection, each: PackRange, **parts: str | int) -> "Finding":
    return broken(rule, each.run.lot_id, pack=packs.code_of(each), count=each.run.count, **parts)


def _words(status: CodeStatus) -> dict[str, str | int]:
    return {"status_zh": status.zh, "status_en": status.en}


def _levels(place: str, level: Level) -> dict[str, str | int]:
    return {f"{place}_zh": level.zh, f"{place}_en": level.en}


_JUDGES: Final = (
    _unknown,
    _statuses,
    _holders,
    _receipts,
    _times,
    _promised,
    _returns,
    _wholeness,
    _nesting,
)


def pack_rules(step: "Step", before: "Before") -> "Iterator[Finding]":
    """Yield what a step by code breaks; nothing for other steps.

    Codes nobody knows are said alone: nothing is known then of the others.
    """
    packs = before.packs
    if packs is None:
        return
    judges = (_unknown,) if packs.unknown else _JUDGES
    for judge in judges:
        yield from judge(step, packs, before)


PACK_RULES: Final[tuple[Callable[["Step", "Before"], "Iterator[Finding]"], ...]] = (pack_rules,)
"""What `trace.rules` adds to its own."""
