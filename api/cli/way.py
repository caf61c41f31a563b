"""`daodi trace CODE`: the whole way behind one pack, with the place of every step in the log."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from ledger.errors import Language

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from trace.story_parts import Story, StoryAmount, StoryFinding, StoryPlace, StoryStep, StoryTest


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("trace", help="help.trace")(trace)


def trace(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="option.code")],
    as_json: Annotated[bool, typer.Option("--json", help="option.json")] = False,
) -> None:
    """Show what the scan page shows: verdict, herb, origin and every step, oldest first."""
    from api.key_files import load_code_keys
    from ledger import log
    from trace.story import story

    screen = context.obj
    chosen = deployment.settings()
    with deployment.reading(chosen) as session:
        told = story(session, code, load_code_keys(chosen.keys_folder))
        entries = log.indices(session, told.statements)
    if as_json:
        _print_json(told, entries, screen)
    else:
        _draw(told, entries, screen)


def _print_json(told: "Story", entries: dict[str, int], screen: "Screen") -> None:
    import json

    from api.routes.story_answer import story_json

    screen.plain(json.dumps(story_json(told, screen.language, entries), ensure_ascii=False, indent=2))


def _draw(told: "Story", entries: dict[str, int], screen: "Screen") -> None:
    language = screen.language
    if told.verdict is not None:
        screen.out.print(told.verdict.words(language), style="bold", markup=False)
    alike = _by_rule(told, language)
    for messages in alike.values():
        key = "trace.finding" if len(messages) == 1 else "trace.findings"
        screen.show(key, message=messages[0], count=len(messages))
    for key, value in _facts(told, screen):
        screen.plain(f"{screen.words(key)}  {value}")
    repeated = frozenset(rule for rule, messages in alike.items() if len(messages) > 1)
    screen.table(
        ("head.entry", "head.time", "head.stage", "head.details"),
        (_row(step, entries.get(step.statement_id), repeated, screen) for step in told.steps),
        title=screen.words("trace.way"),
    )


def _by_rule(told: "Story", language: Language) -> dict[str, list[str]]:
    """Return the messages of each rule, those that decide the verdict first.

    A finding that is a reason of the verdict as well is counted once.
    """
    found: dict[str, list[str]] = {}
    of_steps = Counter((each.rule, finding_words(each, language)) for each in told.findings)
    reasons = Counter((each.rule, finding_words(each, language)) for each in told.reasons)
    for (rule, message), count in (reasons | of_steps).items():
        found.setdefault(rule, []).extend([message] * count)
    return found


def _facts(told: "Story", screen: "Screen") -> list[tuple[str, str]]:
    from trace.quantities import format_mass

    language = screen.language
    origins = ("；" if language == "zh" else "; ").join(
        place_words(place, language) for place in told.origins
    )
    facts = [
        (
            "trace.herb",
            " ".join(filter(None, (told.herb, told.form and told.form.words(language), told.grade))),
        ),
        ("trace.origin", origins),
        ("trace.lot", told.lot or ""),
    ]
    if told.pack_grams is not None:
        facts.append(("trace.pack", format_mass(told.pack_grams, language)))
    if told.lot is not None:
        facts.append(("trace.complete", f"{told.completeness.per_mille / 10:.1f} %"))
        facts.append(("trace.groups", f"{told.completeness.groups_present}/{told.completeness.groups_due}"))
    facts.append(("trace.scans", str(told.scans.count)))
    return [(key, value or screen.words("trace.none")) for key, value in facts]


def _row(step: "StoryStep", entry: int | None, repeated: frozenset[str], screen: "Screen") -> tuple[str, ...]:
    """Return one line of the way; a rule in `repeated` was said above and is only named here."""
    language = screen.language
    details = (
        _lots(step, screen),
        _parties(step),
        place_words(step.place, language),
        *_details(step, screen),
        *_findings(step, repeated, screen),
    )
    return (
        screen.words("trace.pending") if entry is None else str(entry),
        local_time(step.event_ms, step.offset_minutes),
        step.stage.words(language),
        "\n".join(details),
    )


def _parties(step: "StoryStep") -> str:
    """Say who did it, and whom the goods went to or came from."""
    from trace.vocabulary import Stage

    if not step.counterparty_name:
        return step.party_name
    arrow = "←" if step.stage in (Stage.RECEIVE, Stage.PURCHASE) else "→"
    return f"{step.party_name} {arrow} {step.counterparty_name}"


def _lots(step: "StoryStep", screen: "Screen") -> str:
    """Say which lots went in and came out, such as `BS-A 250 kg + BS-B → BS-M 450 kg`."""
    sides = (_sum(step.inputs or step.lots, screen), _sum(step.outputs, screen))
    return " → ".join(filter(None, sides))


def _sum(amounts: "tuple[StoryAmount, ...]", screen: "Screen") -> str:
    from trace.quantities import format_mass

    return " + ".join(
        each.lot if each.grams is None else f"{each.lot} {format_mass(each.grams, screen.language)}"
        for each in amounts
    )


def _details(step: "StoryStep", screen: "Screen") -> list[str]:
    language = screen.language
    lines = [f"{field.label(language)} {field.shown(language)}" for field in step.fields]
    lines += [_test(test, screen) for test in step.tests]
    return lines


def _findings(step: "StoryStep", repeated: frozenset[str], screen: "Screen") -> list[str]:
    once = [each for each in step.findings if each.rule not in repeated]
    named = dict.fromkeys(each.rule for each in step.findings if each.rule in repeated)
    return [
        *(screen.words("trace.finding", message=finding_words(each, screen.language)) for each in once),
        *(screen.words("trace.rule", rule=rule) for rule in named),
    ]


def _test(test: "StoryTest", screen: "Screen") -> str:
    outcome = {True: "trace.within", False: "trace.over", None: "trace.unjudged"}[test.within]
    limit = test.limit or screen.words("trace.none")
    if test.limit_recalled:
        limit += " " + screen.words("trace.recalled")
    return screen.words(
        "trace.test",
        measurand=test.measurand_zh if screen.language == "zh" else test.measurand_en,
        value=test.value,
        unit=test.unit,
        limit=limit,
        outcome=screen.words(outcome),
    )


def finding_words(finding: "StoryFinding", language: Language) -> str:
    """Say a finding in one language."""
    return finding.zh if language == "zh" else finding.en


def place_words(place: "StoryPlace", language: Language) -> str:
    """Say a place with its division, as coarse as the public may know."""
    return f"{place.division_name if language == 'zh' else place.division_name_en} {place.name}"


def local_time(epoch_ms: int, offset_minutes: int) -> str:
    """Write a time as the clock on the wall showed it, to the minute.

    >>> local_time(1772668800000, 480)
    '2026-03-05 08:00'
    """
    return (
        f"{datetime.fromtimestamp(epoch_ms / 1000, UTC) + timedelta(minutes=offset_minutes):%Y-%m-%d %H:%M}"
    )
