"""Warnings 预警 as JSON: what is open, the evidence of one, the rules with their record, the daily digest."""

import json
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from api.routes.vocabulary import Named
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from priceindex.classification import Level, node_words
from priceindex.warning.alerts.digests import Digest
from priceindex.warning.alerts.happenings import Event, Warned
from priceindex.warning.alerts.next_steps import step_words
from priceindex.warning.alerts.rule_tallies import RuleTally
from priceindex.warning.alerts.warning_store import Evidenced
from priceindex.warning.hysteresis import State
from priceindex.warning.indicators.bands import band_of
from priceindex.warning.rule_text import Rule, rule_book
from priceindex.warning.sightings import RuleOutcome

STATE_WORDS = {
    State.NORMAL: ("正常", "normal"),
    State.WATCH: ("关注", "watch"),
    State.ALERT: ("预警", "alert"),
    State.CRISIS: ("严重", "crisis"),
}


def state_words(state: State, language: str) -> str:
    """Name a state for people."""
    zh, en = STATE_WORDS[state]
    return zh if language == "zh" else en


class WarningAnswer(BaseModel):
    """A warning as it stands."""

    warning: str = Field(examples=["warning-0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
    family: str
    level: str = Field(description="composite, class, herb; cell (a market's price of a grade), source.")
    node: Named
    rule: Named
    form: str = Field(description="single, or class: it gathers those of a class's herbs.")
    rules_digest: str = Field(description="SHA-256 of the text of rules it was opened by.")
    rules_earlier: bool = Field(
        description="Whether that text is not the one in force: see /v1/warning-rules."
    )
    visible: str = Field(description="public, or regulator: only who holds warnings:read sees it.")
    state: Named = Field(description="watch, alert or crisis; of one that is over, what it was.")
    worst: Named
    band: Named = Field(description="黑色预警: yellow, orange, red for rises, blue, purple for falls.")
    open: bool
    waiting: bool = Field(description="Open beyond the week's budget: nobody was told of it singly.")
    gathered_into: str | None = Field(description="The class's warning beneath which it stands.")
    opened: datetime
    told: datetime | None
    acknowledged: datetime | None
    snoozed_until: datetime | None
    escalated: datetime | None = Field(description="When it had waited too long to be acknowledged.")
    ended: datetime | None
    reason: Named | None = Field(description="Why a person closed it.")
    release: str | None = Field(description="The release whose numbers were the last to change it.")

    @classmethod
    def of(cls, one: Warned, language: Language) -> "WarningAnswer":
        """Return a warning in the answer's language."""
        return cls(**_members(one, language))


class WarningPage(BaseModel):
    """Warnings: open ones the worst first, all of them the newest first."""

    warnings: list[WarningAnswer]
    next: str | None


class WarningEventAnswer(BaseModel):
    """One thing that happened to a warning."""

    number: int
    kind: Named
    at: datetime
    state: Named
    release: str | None
    reason: Named | None
    words: str | None
    by: str | None = Field(description="Who decided it: told to regulators only.")
    until: datetime | None
    into: str | None
    statement_id: str | None
    evidence: dict[str, Any] | None = Field(description="The numbers behind it; numbers are text.")
    evidence_private: dict[str, Any] | None = Field(description="The sources' shares: regulators only.")

    @classmethod
    def of(cls, one: Evidenced, language: Language, *, regulator: bool) -> "WarningEventAnswer":
        """Return an event, without what only regulators see where the reader is none."""
        event = one.event
        return cls(
            number=event.number,
            kind=Named(key=str(event.kind), name=event.kind.words(language)),
            at=local(event.at_ms, 0),
            state=_state(event.state, language),
            release=event.release_id,
            reason=_reason(event, language),
            words=event.words,
            by=event.by_name if regulator else None,
            until=moment_or_none(event.until_ms),
            into=event.into,
            statement_id=event.statement_id,
            evidence=None if one.evidence is None else json.loads(one.evidence),
            evidence_private=json.loads(one.evidence_private)
            if regulator and one.evidence_private is not None
            else None,
        )


class WarningWhole(WarningAnswer):
    """A warning with its rule, its next steps and everything that happened to it."""

    rule_text: "RuleText | None" = Field(
        description="The rule in the text in force; null where only an earlier text had it. The bounds "
        "it was opened by stand in the evidence."
    )
    steps: list[str] = Field(description="What to do next.")
    events: list[WarningEventAnswer]

    @classmethod
    def whole(
        cls, one: Warned, events: list[Evidenced], language: Language, *, regulator: bool
    ) -> "WarningWhole":
        """Return all of a warning that the reader may see."""
        rule = rule_book().named(one.key.rule)
        return cls(
            **_members(one, language),
            rule_text=None if rule is None else RuleText.of(rule, language),
            steps=[step_words(step, language) for step in (rule.steps if rule is not None else ())],
            events=[WarningEventAnswer.of(each, language, regulator=regulator) for each in events],
        )


class RuleText(BaseModel):
    """One rule of the text."""

    rule: Named
    indicator: str
    unit: str = Field(description="share, score or periods: what the bounds are in.")
    grid: str = Field(description="week or month.")
    direction: str
    levels: list[str]
    visible: str
    bounds: dict[str, tuple[str, str]] = Field(description="State -> enter at or above, leave at or below.")
    min_persist: int
    tuned: str = Field(description="Where the bounds come from.")
    certainty: str = Field(description="seen: measured or read; recalled: from memory, or our own choice.")

    @classmethod
    def of(cls, rule: Rule, language: Language) -> "RuleText":
        """Return a rule."""
        pairs = {"watch": rule.watch, "alert": rule.alert, "crisis": rule.crisis}
        return cls(
            rule=Named(key=rule.id, name=rule.words(language)),
            indicator=rule.indicator,
            unit=rule.unit,
            grid=rule.grid,
            direction=rule.direction,
            levels=list(rule.levels),
            visible=rule.visible,
            bounds={word: (str(pair[0]), str(pair[1])) for word, pair in pairs.items() if pair is not None},
            min_persist=rule.min_persist,
            tuned=rule.tuned_words(language),
            certainty=rule.certainty,
        )


class RuleTallyAnswer(RuleText):
    """A rule with what became of its warnings."""

    opened: int = Field(description="Warnings that people were told of; a class's counts as one.")
    open: int
    waiting: int
    ended: int = Field(description="Ended by themselves.")
    closed: dict[str, int] = Field(description="Closed by people: reason -> how many.")
    judged: int = Field(description="n of the precision: closed as true, a wrong price or seasonal.")
    precision: str | None = Field(
        description="Share of those closed as true, to four digits; null where nobody judged."
    )
    subjects: int | None = Field(description="With `family`: subjects its newest release has for the rule.")
    judgeable: int | None = Field(description="Of these, how many had a score.")
    withheld: dict[str, int] | None = Field(description="Why the others had none.")

    @classmethod
    def told(cls, tally: RuleTally, outcome: RuleOutcome | None, language: Language) -> "RuleTallyAnswer":
        """Return a rule's record, with how far it could judge a family where one was named."""
        precision = tally.precision_bp
        return cls(
            **RuleText.of(tally.rule, language).model_dump(),
            opened=tally.opened,
            open=tally.open,
            waiting=tally.waiting,
            ended=tally.ended,
            closed={str(reason): count for reason, count in sorted(tally.reasons.items())},
            judged=tally.judged,
            precision=None if precision is None else f"{precision / 10_000:.4f}",
            subjects=None if outcome is None else outcome.subjects,
            judgeable=None if outcome is None else outcome.judged,
            withheld=None if outcome is None else dict(outcome.withheld),
        )


class RulesAnswer(BaseModel):
    """The rules in force."""

    rules_id: str = Field(examples=["rules@1"])
    digest: str = Field(description="SHA-256 of the text; every warning names it.")
    told_per_week: int = Field(
        description="New warnings told in seven days; the others wait. Crises wait for crises only: where "
        "lesser ones took the room, as many crises again may be told beside them."
    )
    cool_down_weeks: int
    escalate_hours: int
    rules: list[RuleTallyAnswer]


class DigestAnswer(BaseModel):
    """What one day brought."""

    day: date
    open: int = Field(description="Warnings open at the day's end that people were told of.")
    waiting: list[WarningAnswer] = Field(
        description="Open at the day's end beyond the week's budget, the worst first."
    )
    regulator_only: int = Field(description="Open at the day's end, and only regulators see them.")
    happened: dict[str, list[WarningAnswer]] = Field(description="told, raised, lowered, escalated, …")

    @classmethod
    def of(cls, digest: Digest, language: Language) -> "DigestAnswer":
        """Return a digest."""
        return cls(
            day=digest.day,
            open=digest.open,
            waiting=[WarningAnswer.of(one, language) for one in digest.waiting],
            regulator_only=digest.regulator_only,
            happened={
                str(kind): [WarningAnswer.of(one, language) for one in found]
                for kind, found in digest.happened.items()
            },
        )


def subject_name(one: Warned, language: str) -> str:
    """Name what a warning is about."""
    if one.key.level in set(Level):
        return node_words(Level(one.key.level), one.key.node, language)
    return one.key.node.replace("|", " ")


def _members(one: Warned, language: Language) -> dict[str, Any]:
    book = rule_book()
    rule = book.named(one.key.rule)
    band = band_of(one.state, falling=rule is not None and rule.direction == "down")
    reason = one.reason
    return {
        "warning": one.warning_id,
        "family": one.family,
        "level": one.key.level,
        "node": Named(key=one.key.node, name=subject_name(one, language)),
        "rule": Named(key=one.key.rule, name=book.words(one.key.rule, language)),
        "rules_digest": one.rules_sha256,
        "rules_earlier": one.rules_sha256 != book.sha256,
        "form": one.key.form,
        "visible": one.visible,
        "state": _state(one.state, language),
        "worst": _state(one.worst, language),
        "band": Named(key=band.word, name=band.zh if language == "zh" else band.word),
        "open": one.open,
        "waiting": one.waiting,
        "gathered_into": one.gathered_into,
        "opened": local(one.opened_ms, 0),
        "told": moment_or_none(one.told_ms),
        "acknowledged": moment_or_none(one.acknowledged_ms),
        "snoozed_until": moment_or_none(one.snoozed_until_ms),
        "escalated": moment_or_none(one.escalated_ms),
        "ended": moment_or_none(one.ended_ms),
        "reason": None if reason is None else Named(key=str(reason), name=reason.words(language)),
        "release": one.release_id,
    }


def _state(state: State, language: str) -> Named:
    return Named(key=state.word, name=state_words(state, language))


def _reason(event: Event, language: str) -> Named | None:
    return None if event.reason is None else Named(key=str(event.reason), name=event.reason.words(language))
