"""`daodi warnings`: what is open, the evidence of one, the rules and how they did, the digest of a day."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from api.cli import deployment
from api.cli.index_work import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

    from api.cli.screen import Screen
    from priceindex.warning.alerts.happenings import Warned
    from priceindex.warning.alerts.warning_store import Evidenced
    from priceindex.warning.rule_text import Rule

warnings = typer.Typer(help="help.warnings", no_args_is_help=True)
WarningId = Annotated[str, typer.Argument(help="option.warning", metavar="warning-…")]
Sent = TypeVar("Sent", bound="BaseModel")
_SHOWN: Final = 100
_HEADS: Final = ("head.warning", "head.state", "head.what", "head.dealt_with")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(warnings, name="warnings")


@warnings.command("list", help="help.warnings.list")
def show_list(
    context: typer.Context,
    family: Annotated[str | None, typer.Option("--family", help="option.family")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="option.warnings.rule")] = None,
    every: Annotated[bool, typer.Option("--all", help="option.warnings.all")] = False,
) -> None:
    """List open warnings, the worst first, or all of them, the newest first."""
    from priceindex.families import family as family_named
    from priceindex.warning.alerts import warning_store
    from priceindex.warning.rule_text import rule_book

    known = [each.id for each in rule_book().rules]
    if rule is not None and rule not in known:
        raise typer.BadParameter(f"{rule} ({', '.join(known)})", param_hint="--rule")
    if family is not None:
        family = family_named(family).id
    asking = warning_store.Asking(regulator=True, family=family, rule=rule)
    with deployment.reading(deployment.settings()) as session:
        found = (
            warning_store.warnings(session, asking, before=None, limit=_SHOWN + 1)
            if every
            else warning_store.open_warnings(session, asking)
        )
    _show_table(context.obj, found[:_SHOWN])
    if len(found) > _SHOWN:
        context.obj.remark("warnings.more", count=_SHOWN)


@warnings.command("show", help="help.warnings.show")
def show(context: typer.Context, warning: WarningId) -> None:
    """Show one warning with its numbers and everything that happened to it."""
    from api.routes.warning_answers import state_words, subject_name
    from priceindex.warning.alerts import warning_store
    from priceindex.warning.alerts.next_steps import step_words
    from priceindex.warning.rule_text import rule_book

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        one = warning_store.warning(session, warning, regulator=True)
        events = warning_store.history(session, warning)
    book = rule_book()
    rule = book.named(one.key.rule)
    screen.show(
        "warnings.head",
        rule=book.words(one.key.rule, screen.language),
        subject=subject_name(one, screen.language),
        family=one.family,
        state=state_words(one.state, screen.language),
    )
    if one.rules_sha256 != book.sha256:
        screen.show("warnings.earlier_rules", digest=one.rules_sha256[:12])
    screen.show(f"warnings.visible.{one.visible}")
    _show_evidence(screen, rule, events)
    _show_events(screen, events)
    steps = ("；" if screen.language == "zh" else "; ").join(
        step_words(step, screen.language) for step in (rule.steps if rule is not None else ())
    )
    if steps:
        screen.show("warnings.steps", steps=steps)


@warnings.command("rules", help="help.warnings.rules")
def rules(context: typer.Context) -> None:
    """Show every rule with its bounds, where they come from, and how it did."""
    from priceindex.warning.alerts.rule_tallies import tallies
    from priceindex.warning.rule_text import rule_book

    screen, book = context.obj, rule_book()
    with deployment.reading(deployment.settings()) as session:
        found = tallies(session, book, regulator=True)
    screen.table(
        ("head.rule", "head.seen_by", "head.bounds", "head.told", "head.not_ended", "head.precision"),
        [
            (
                f"{each.rule.words(screen.language)}\n{each.rule.id}",
                screen.words(f"warnings.short.{each.rule.visible}"),
                "\n".join(_bounds(each.rule, screen)),
                str(each.opened),
                str(each.open),
                "—" if each.precision_bp is None else f"{each.precision_bp / 100:.0f} % (n={each.judged})",
            )
            for each in found
        ],
        title=f"{book.name} {book.sha256[:12]}",
        whole=("head.bounds",),
    )
    screen.show("warnings.tuned")
    for each in found:
        screen.show(
            "warnings.tuned_of",
            rule=each.rule.words(screen.language),
            tuned=each.rule.tuned_words(screen.language),
        )


@warnings.command("digest", help="help.warnings.digest")
def digest(
    context: typer.Context,
    day: Annotated[str | None, typer.Option("--day", help="option.warnings.day")] = None,
) -> None:
    """Show what a day brought, and what waits beyond the week's budget."""
    from datetime import timedelta

    from api.cli.index import day as day_named
    from api.clock import system_clock
    from priceindex.calendar import china_day
    from priceindex.warning.alerts.digests import digest_of

    screen = context.obj
    wanted = day_named(day, "--day") or china_day(system_clock()) - timedelta(days=1)
    with deployment.reading(deployment.settings()) as session:
        found = digest_of(session, wanted, regulator=True)
    screen.show("warnings.digest", day=wanted, open=found.open, waiting=len(found.waiting))
    for kind, those in found.happened.items():
        if those:
            screen.show("warnings.happened", kind=kind.words(screen.language), count=len(those))
            _show_table(screen, list(those))
    if found.waiting:
        screen.show("warnings.waiting")
        _show_table(screen, list(found.waiting)[:_SHOWN])


def valid(model: "type[Sent]", members: "Mapping[str, object]") -> "Sent":
    """Return what is sent, checked; misuse names what is wrong."""
    from pydantic import ValidationError

    try:
        return model.model_validate(members)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        named = "--" + str(first["loc"][0]) if first["loc"] else "--words"
        raise typer.BadParameter(first["msg"], param_hint=named) from error


def _show_table(screen: "Screen", found: "list[Warned]") -> None:
    from api.routes.warning_answers import state_words, subject_name
    from priceindex.calendar import china_day
    from priceindex.warning.rule_text import rule_book

    if not found:
        screen.remark("warnings.none")
        return
    book = rule_book()
    screen.table(
        _HEADS,
        [
            (
                one.warning_id,
                state_words(one.state, screen.language),
                "\n".join(
                    (
                        subject_name(one, screen.language),
                        book.words(one.key.rule, screen.language),
                        f"{one.family} {china_day(one.opened_ms)}",
                    )
                ),
                screen.words(_standing(one)),
            )
            for one in found
        ],
        whole=("head.warning",),
    )


def _standing(one: "Warned") -> str:
    """Which phrase says what became of a warning so far."""
    if not one.open:
        return "warnings.is_ended" if one.reason is None else f"warnings.closed.{one.reason}"
    if one.gathered_into is not None:
        return "warnings.is_gathered"
    if one.waiting:
        return "warnings.is_waiting"
    if one.acknowledged_ms is not None:
        return "warnings.is_acknowledged"
    return "warnings.is_overdue" if one.escalated_ms is not None else "warnings.is_open"


def _show_evidence(screen: "Screen", rule: "Rule | None", events: "list[Evidenced]") -> None:
    newest = next((each for each in reversed(events) if each.evidence is not None), None)
    if newest is None or newest.evidence is None:
        return
    from api.web.warning_words import number_name, score_words
    from api.web.words import words_in

    told, words = json.loads(newest.evidence), words_in(screen.language)
    unit = told.get("unit", "score" if rule is None else rule.unit)
    if "score" in told:
        screen.show(
            "warnings.score",
            score=score_words(told["score"], unit, words),
            day=told["day"],
            bounds=", ".join(_bounds_told(told["bounds"], unit, screen)),
        )
    numbers = told.get("numbers", {})
    lines = [
        (number_name(name, words), "—" if value is None else str(value)) for name, value in numbers.items()
    ]
    lines += [(each["node"], _member(each, unit, screen)) for each in told.get("members", ())]
    if newest.evidence_private is not None:
        private: dict[str, Any] = json.loads(newest.evidence_private)
        lines += [
            (
                each["source"],
                " ".join(
                    f"{number_name(name, words)} {each[name]}" for name in sorted(each) if name != "source"
                ),
            )
            for each in private["sources"]
        ]
    if lines:
        screen.table(("head.figure", "head.value"), lines)
    if "release" in told:
        screen.show("warnings.from", release=told["release"], digest=told["values_sha256"][:16])


def _member(told: "Mapping[str, str]", unit: str, screen: "Screen") -> str:
    """Write the state and the score of one node beneath a class's warning."""
    from api.routes.warning_answers import state_words
    from api.web.warning_words import score_words
    from api.web.words import words_in
    from priceindex.warning.hysteresis import State

    state = state_words(State[told["state"].upper()], screen.language)
    return f"{state} {score_words(told['score'], unit, words_in(screen.language))}"


def _show_events(screen: "Screen", events: "list[Evidenced]") -> None:
    from api.routes.warning_answers import state_words

    screen.table(
        ("head.happened_at", "head.happened", "head.state", "head.by_whom", "head.said"),
        [
            (
                moment(each.event.at_ms),
                each.event.kind.words(screen.language),
                state_words(each.event.state, screen.language),
                each.event.by_name or "—",
                " ".join(
                    part
                    for part in (
                        "" if each.event.reason is None else each.event.reason.words(screen.language),
                        each.event.words or "",
                    )
                    if part
                )
                or "—",
            )
            for each in events
        ],
    )


def _bounds(rule: "Rule", screen: "Screen") -> list[str]:
    """Write the bounds of every state of a rule, to enter and to leave it."""
    pairs = {"watch": rule.watch, "alert": rule.alert, "crisis": rule.crisis}
    told = {word: [str(bound) for bound in pair] for word, pair in pairs.items() if pair is not None}
    return _bounds_told(told, rule.unit, screen)


def _bounds_told(told: "Mapping[str, Sequence[str | None]]", unit: str, screen: "Screen") -> list[str]:
    """Write bounds by the word of their state: those of a rule, or those a warning was opened by."""
    from api.routes.warning_answers import state_words
    from api.web.warning_words import score_words
    from api.web.words import words_in
    from priceindex.warning.hysteresis import State

    words = words_in(screen.language)
    return [
        f"{state_words(state, screen.language)} "
        + "/".join(score_words(bound, unit, words) for bound in told[state.word])
        for state in (State.WATCH, State.ALERT, State.CRISIS)
        if state.word in told
    ]
