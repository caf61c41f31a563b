"""Steps replayed in memory, on the lots they touch and nothing else: what a correction is judged by.

Pure: the same past gives the same lots, shipments and sales, whether it is replayed as it was told or with
another step in the place of a wrong one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from trace.effects import Effects, effects, with_outcomes
from trace.findings import Finding
from trace.judged_results import found_good, judged_test
from trace.lots import LotState, Quality
from trace.replaying.effect_rows import edge_rows, sale_rows, shipment_rows
from trace.results import Judged
from trace.rules import judge
from trace.steps import Amount, Step
from trace.vocabulary import Stage
from trace.world import Before, OpenShipment, Site

Values: TypeAlias = dict[str, object]
"""A row, by its columns."""
Broken: TypeAlias = dict[tuple[str, str, str | None], Finding]
"""Findings by step, rule and lot."""
_MOVING: Final = frozenset({Stage.SHIP, Stage.RECEIVE, Stage.RETURN})


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStep:
    """One step of the past, resolved, as its statement says it."""

    step: Step
    statement_id: str
    recorded_ms: int
    position: int
    """Where it counts in the order of the trace."""
    outcomes: Mapping[str, Quality] = field(default_factory=dict)
    """What a test says of each lot, as stated or as corrected since."""
    left: Mapping[str, int] = field(default_factory=dict)
    """Grams of packs that left each lot, where it names its goods pack by pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """The whole business of a party went to another (`party.transferred`)."""

    nth: int
    """Number of its statement in the order of the trace."""
    uscc: str
    successor: str


class History:
    """The lots after the steps taken so far."""

    def __init__(
        self,
        names: Iterable[str],
        sites: Mapping[str, Site],
        ghosts: Mapping[str, LotState],
        *,
        judging: Iterable[str] = (),
        said_before: Mapping[str, Mapping[str, Quality]] | None = None,
        successions: Iterable[Succession] = (),
    ) -> None:
        """Begin with no lots; `successions` come in their order.

        `names` are the lots followed; `ghosts` what is shown of a lot that no step makes any more;
        `judging` the steps whose rules are judged. With `said_before` (what each test came to, judged
        anew without the correction) a test counts as stated unless it now comes to something else.
        """
        self._names = frozenset(names)
        self._sites = sites
        self._ghosts = ghosts
        self._judging = frozenset(judging)
        self._said_before = said_before
        self._successions = list(successions)
        self.lots: dict[str, LotState] = {}
        self.unmade: set[str] = set()
        """Lots that steps go on using though nothing makes them any more."""
        self.edges: dict[tuple[str, str, str], Values] = {}
        self.shipments: dict[tuple[str, str], Values] = {}
        self.sales: dict[tuple[str, str], Values] = {}
        self.broken: Broken = {}
        self.outcomes: dict[str, Mapping[str, Quality]] = {}
        """What each test comes to, judged anew."""
        self._over_limit: dict[str, set[str]] = {}
        self._parents: dict[str, set[str]] = {}
        self._held_ms: dict[str, int] = {}
        self._tests: list[tuple[Step, Mapping[str, tuple[Judged, ...]]]] = []
        self._by_code: set[str] = set()
        """Sales of packs by their codes: what they sold weighs on its lot no more."""

    def take(self, past: PastStep) -> None:
        """Take one more step; they come in the order of their positions."""
        self.come_to(past.position)
        step = self._cut(past.step)
        self._call_ghosts(step)
        world = self.world(step, past.recorded_ms)
        if step.by_code and step.stage is not Stage.PACK:
            self._by_code.add(step.step_id)
            self._apply(step, self._packs_gone(past), replace(world, lots=self._named(step)))
            return
        self._judge(step, world)
        world = replace(self._tested(past, step, world), lots=self._named(step))
        if step.stage is Stage.TEST:
            self._tests.append((step, world.judged))
        self._apply(step, effects(step, world, past.statement_id), world)

    def come_to(self, position: int | None) -> None:
        """Let goods change hands with whole businesses up to `position`, or to the end."""
        while self._successions and (position is None or self._successions[0].nth < position):
            self._succeed(self._successions.pop(0))

    def _succeed(self, succession: Succession) -> None:
        """As `registers.transfers.apply_business` changes the tables."""
        for name, lot in self.lots.items():
            if lot.holder == succession.uscc:
                self.lots[name] = replace(lot, holder=succession.successor)
        for row in self.shipments.values():
            if row["receiver"] == succession.uscc and row["received_step"] is None:
                row["receiver"] = succession.successor

    def world(self, step: Step, recorded_ms: int) -> Before:
        """Return the world `step` would find now; lots that nothing made are not in it."""
        lots = {lot: state for lot, state in self._named(step).items() if lot not in self.unmade}
        failed = {lot for lot, state in lots.items() if state.quality is Quality.FAILED}
        testing = step.stage is Stage.TEST
        return Before(
            recorded_ms=recorded_ms,
            site=self._sites[step.place],
            lots=lots,
            shipments={
                str(row["lot_id"]): _open_shipment(row)
                for row in self.shipments.values()
                if row["received_step"] is None and row["lot_id"] in lots
            },
            sold_elsewhere=self._sold_elsewhere(step) if step.stage in _MOVING else {},
            came_from=self._came_from(step) if step.stage is Stage.RETURN else {},
            failed_measurands={lot: self._over(lot) for lot in failed} if testing else {},
            judged=judged_test(step, lots),
            retested=self._retested(step, lots) if testing else {},
        )

    def edges_of(self, step_id: str) -> list[Values]:
        """Return the rows of the edges a step made."""
        return [row for key, row in self.edges.items() if key[0] == step_id]

    def _packs_gone(self, past: PastStep) -> Effects:
        """What a step on single packs does to their lots: they grow lighter by the packs that leave."""
        gone = ((self.lots[lot], grams) for lot, grams in past.left.items() if lot in self.lots)
        return Effects(
            changed=tuple(replace(lot, packed_grams=lot.packed_grams - grams) for lot, grams in gone)
        )

    def _cut(self, step: Step) -> Step:
        """Return the step without the lots that are not followed."""
        return replace(
            step,
            inputs=self._followed(step.inputs),
            outputs=self._followed(step.outputs),
            lots=self._followed(step.lots),
        )

    def _followed(self, amounts: Iterable[Amount]) -> tuple[Amount, ...]:
        return tuple(amount for amount in amounts if amount.lot in self._names)

    def _call_ghosts(self, step: Step) -> None:
        for amount in (*step.inputs, *step.lots):
            if amount.lot not in self.lots:
                self.lots[amount.lot] = self._ghosts[amount.lot]
                self.unmade.add(amount.lot)

    def _named(self, step: Step) -> dict[str, LotState]:
        known = (lot for lot in step.touched if lot in self.lots)
        return {lot: replace(self.lots[lot], held_ms=self._held_ms.get(lot)) for lot in known}

    def _judge(self, step: Step, world: Before) -> None:
        judged = step.step_id in self._judging
        if not judged and step.stage is not Stage.TEST:
            return
        for finding in judge(step, world):
            if judged:
                self.broken[step.step_id, finding.rule.code, finding.lot] = finding
            if finding.rule.code == "quality.over_limit" and finding.lot is not None:
                self._over_limit.setdefault(finding.lot, set()).add(str(finding.parts["measurand"]))

    def _tested(self, past: PastStep, step: Step, world: Before) -> Before:
        """Return the world with what a test comes to."""
        if step.stage is not Stage.TEST:
            return world
        if not self.unmade.isdisjoint(step.touched):
            return replace(world, outcomes=past.outcomes)
        anew = with_outcomes(step, world)
        self.outcomes[step.step_id] = anew.outcomes
        if self._said_before is None or self._said_before.get(step.step_id) == anew.outcomes:
            return replace(anew, outcomes=past.outcomes)
        return anew

    def _retested(self, step: Step, lots: Iterable[str]) -> dict[str, frozenset[str]]:
        """As `trace.bad_results` asks the tables."""
        found: dict[str, frozenset[str]] = {}
        for test, judged in self._tests:
            for lot in (lot for lot in lots if test.event_ms > step.event_ms and lot in test.touched):
                found[lot] = found.get(lot, frozenset()) | found_good(test, judged.get(lot, ()))
        return found

    def _apply(self, step: Step, found: Effects, world: Before) -> None:
        for lot in (*found.changed, *found.made):
            self.lots[lot.lot] = replace(lot, held_ms=None)
        self.unmade.difference_update(lot.lot for lot in found.made)
        for edge in found.edges:
            self._parents.setdefault(edge.target, set()).add(edge.source)
        for row in edge_rows(step, found):
            self.edges[step.step_id, str(row["source"]), str(row["target"])] = row
        for row in shipment_rows(step, found):
            self.shipments[step.step_id, str(row["lot_id"])] = row
        for name in found.received:
            self._receive(step, name)
        for row in sale_rows(step, world):
            self.sales[step.step_id, str(row["lot_id"])] = row

    def _receive(self, step: Step, lot: str) -> None:
        for row in self.shipments.values():
            if row["lot_id"] == lot and row["received_step"] is None:
                row["received_step"] = step.step_id
                self._held_ms[lot] = max(step.event_ms, self._held_ms.get(lot, step.event_ms))
        for (step_id, sold), row in self.sales.items():
            if sold == lot and step_id not in self._by_code:
                row["settled"] = True

    def _sold_elsewhere(self, step: Step) -> dict[str, int]:
        """As `projections.before` asks the tables."""
        receiver = step.party if step.stage is Stage.RECEIVE else step.counterparty
        found: dict[str, int] = {}
        for (step_id, lot), row in self.sales.items():
            grams, open_still = row["grams"], not row["settled"] and step_id not in self._by_code
            if lot in step.touched and open_still and row["buyer"] != receiver:
                found[lot] = found.get(lot, 0) + (grams if isinstance(grams, int) else 0)
        return found

    def _came_from(self, step: Step) -> dict[str, str]:
        """As `projections.before` asks the tables."""
        return {
            str(row["lot_id"]): str(row["sender"])
            for row in sorted(self.shipments.values(), key=_when_shipped)
            if row["receiver"] == step.party and row["received_step"] is not None and not row["returned"]
        }

    def _over(self, lot: str) -> frozenset[str]:
        """What was over its limit on a lot or on what it was made from."""
        found: set[str] = set()
        waiting, seen = [lot], {lot}
        while waiting:
            one = waiting.pop()
            found |= self._over_limit.get(one, set())
            parents = self._parents.get(one, set()) - seen
            seen |= parents
            waiting.extend(parents)
        return frozenset(found)


def _when_shipped(row: Values) -> tuple[int, str]:
    shipped_ms = row["shipped_ms"]
    return (shipped_ms if isinstance(shipped_ms, int) else 0), str(row["shipped_step"])


def _open_shipment(row: Values) -> OpenShipment:
    grams, shipped_ms = row["grams"], row["shipped_ms"]
    return OpenShipment(
        lot=str(row["lot_id"]),
        sender=str(row["sender"]),
        receiver=str(row["receiver"]),
        grams=grams if isinstance(grams, int) else None,
        shipped_ms=shipped_ms if isinstance(shipped_ms, int) else 0,
        returned=bool(row["returned"]),
    )
