"""What the list of warnings shows: the open ones, those waiting to be told, what ended last, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.evidence_scores import Scored
from api.web.formats import Formats
from api.web.warning_words import WarningLine, rule_name, score_words, warning_line
from api.web.words import Words
from priceindex.warning.alerts.happenings import Reason, Warned
from priceindex.warning.alerts.rule_tallies import RuleTally
from priceindex.warning.rule_text import Pair, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule: from which scores on, where that comes from, how often it was right so far."""

    name: str
    bounds: tuple[tuple[str, str, str], ...]
    """State, bound to enter it, bound to leave it."""
    tuned: str
    seen: bool
    """Whether the bounds were measured or read; else they are recalled or our own choice."""
    opened: int
    record: str
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningsView:
    """The list in one language."""

    told: tuple[WarningLine, ...]
    """Open, and people know of them: the worst first."""
    waiting: tuple[WarningLine, ...]
    """Open, told by the digest alone: beyond the week's budget, or beneath their class's."""
    ended: tuple[WarningLine, ...]
    """Newest first."""
    rules: tuple[RuleLine, ...]


def warnings_view(
    standing: Sequence[Warned],
    ended: Sequence[Warned],
    tallies: Sequence[RuleTally],
    scores: Mapping[str, Scored],
    names: Mapping[str, str],
    now_ms: int,
    words: Words,
) -> WarningsView:
    """Arrange open and ended warnings; `scores` are by a warning's id, `names` by that of a family."""

    def lines(found: Sequence[Warned]) -> tuple[WarningLine, ...]:
        return tuple(warning_line(one, now_ms, names, words, scores.get(one.warning_id)) for one in found)

    told = [one for one in standing if one.told_ms is not None and one.gathered_into is None]
    rest = [one for one in standing if one.told_ms is None or one.gathered_into is not None]
    return WarningsView(
        told=lines(told),
        waiting=lines(rest),
        ended=lines(ended),
        rules=tuple(rule_line(each, words) for each in tallies),
    )


def rule_line(tally: RuleTally, words: Words) -> RuleLine:
    """Arrange a rule and its record."""
    rule = tally.rule
    return RuleLine(
        name=rule_name(rule.id, words.language),
        bounds=tuple(bounds_of(rule, words)),
        tuned=rule.tuned_words(words.language),
        seen=rule.certainty == "seen",
        opened=tally.opened,
        record=record_words(tally, words),
        reasons=tuple(
            (reason.words(words.language), count)
            for reason in Reason
            if (count := tally.reasons.get(reason, 0))
        ),
    )


def record_words(tally: RuleTally, words: Words) -> str:
    """Say how often a rule was right so far, and on how many judgements that rests."""
    if tally.precision_bp is None:
        return words("warning.record_none", opened=tally.opened)
    share = Formats(words.language).share(tally.precision_bp / 10_000)
    return words("warning.record", share=share, judged=tally.judged, opened=tally.opened)


def bounds_of(rule: Rule, words: Words) -> list[tuple[str, str, str]]:
    """Return the bounds of the states a rule has."""
    pairs: tuple[tuple[str, Pair | None], ...] = (
        (words("warning.state_watch"), rule.watch),
        (words("warning.state_alert"), rule.alert),
        (words("warning.state_crisis"), rule.crisis),
    )
    return [
        (name, score_words(str(pair[0]), rule.unit, words), score_words(str(pair[1]), rule.unit, words))
        for name, pair in pairs
        if pair is not None
    ]
