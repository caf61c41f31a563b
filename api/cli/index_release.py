"""`daodi index publish|approve|refuse|revise|due`: from a computation to a public release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment
from api.cli.index import FAMILY, Family, Until, day, index, shown
from api.cli.index_work import moment, send

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.cli.screen import Screen
    from api.station import Station
    from priceindex.releases.exclusions import Exclusion
    from priceindex.releases.persons import Person

_HERBS_NAMED: Final = 5
"""Herbs named of those whose quotes were left out; the bundle lists every quote."""
_LEAST_DIGITS: Final = 12
"""Digits of a digest that a person may abbreviate it to."""

Token = Annotated[Path | None, typer.Option("--token-file", help="option.token_file")]
OwnToken = Annotated[Path, typer.Option("--token-file", help="option.own_token_file")]
Reason = Annotated[str, typer.Option("--reason", help="option.index.reason")]
ReleaseId = Annotated[str, typer.Argument(help="option.release")]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Quotes that did not count, by the reason that kept them out."""

    quotes: int
    why: str
    herbs: Sequence[str]

    @classmethod
    def of(cls, exclusion: "Exclusion", language: str) -> "LeftOut":
        """What a computation found, in the screen's language."""
        return cls(exclusion.quotes, exclusion.words(language), exclusion.herbs)


def show_left_out(screen: "Screen", left_out: Sequence[LeftOut]) -> None:
    """Say how many quotes did not count, and why (Decree 22, article 17: no exclusion is silent)."""
    for each in left_out:
        named = [*each.herbs[:_HERBS_NAMED], *(["…"] if len(each.herbs) > _HERBS_NAMED else [])]
        herbs = ("、" if screen.language == "zh" else ", ").join(named)
        screen.remark("index.left_out", count=each.quotes, why=each.why, herbs=herbs)


@index.command("publish", help="help.index.publish")
def publish(
    context: typer.Context, family: Family = FAMILY, until: Until = None, token_file: Token = None
) -> None:
    """Compute and publish; the digest of inputs and values is in the log when this ends."""
    _publish(context.obj, family, day(until), None, token_file)


@index.command("revise", help="help.index.revise")
def revise(
    context: typer.Context,
    reason: Reason,
    family: Family = FAMILY,
    until: Until = None,
    token_file: Token = None,
) -> None:
    """Publish a correction: values already said change, and a notice says why."""
    _publish(context.obj, family, day(until), reason, token_file)


def _publish(
    screen: "Screen", family: str, last: date | None, reason: str | None, token_file: Path | None
) -> None:
    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.releasing import release_or_make
        from api.routes.release_answer import ReleaseAnswer
        from api.routes.release_life_answer import DraftAnswer
        from priceindex.releases.drafts import Draft

        made = release_or_make(station, family, last, person, reason)
        if isinstance(made, Draft):
            return DraftAnswer.of(made, screen.language)
        return ReleaseAnswer.of(made, None, screen.language)

    wish = {"family": family, "until": None if last is None else last.isoformat(), "reason": reason}
    with screen.progress("index.publishing"):
        answer = send(screen, "/v1/releases", wish, token_file, here)
    if "stage" in answer:
        screen.show("index.made", release=answer["id"], digest=answer["values_digest"])
        return
    screen.show("index.published", release=answer["id"], value=shown(answer["value"]))
    screen.show("index.statement", statement=answer["statement_id"])
    left_out = [LeftOut(each["quotes"], each["why"], each["herbs"]) for each in answer["left_out"]]
    show_left_out(screen, left_out)


@index.command("approve", help="help.index.approve")
def approve(
    context: typer.Context,
    release: ReleaseId,
    digest: Annotated[str, typer.Option("--digest", help="option.index.digest")],
    token_file: OwnToken,
) -> None:
    """Approve what another person made."""
    screen = context.obj
    whole = _whole_digest(release, digest)

    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.releasing import approve as approve_release
        from api.routes.release_life_answer import DraftAnswer

        draft, _ = approve_release(station, release, whole, person)
        return DraftAnswer.of(draft, screen.language)

    with screen.progress("index.publishing"):
        answer = send(screen, f"/v1/releases/{release}/approval", {"values_digest": whole}, token_file, here)
    _show_decided(screen, answer)


def _whole_digest(release: str, digest: str) -> str:
    """The digest of the draft that begins as a person abbreviated it; else what the person gave."""
    from priceindex.releases.drafts import draft

    if len(digest) < _LEAST_DIGITS:
        return digest
    with deployment.reading(deployment.settings()) as session:
        made = draft(session, release).values_sha256
    return made if made.startswith(digest.lower()) else digest


@index.command("review", help="help.index.review")
def review(context: typer.Context, release: ReleaseId) -> None:
    """Show what waits for approval: its values beside the public ones, its checks, its digest."""
    from api.clock import system_clock
    from priceindex.classification import Level, node_words
    from priceindex.releases.draft_review import review_of

    screen = context.obj
    with deployment.reading(deployment.settings()) as session, screen.progress("index.recomputing"):
        found = review_of(session, release, system_clock())
    none = screen.words("trace.none")
    screen.table(
        ("head.level", "head.node", "head.index", "head.public_value", "head.contribution"),
        (
            (
                screen.words(f"level.{node.level}"),
                node_words(Level(node.level), node.node, screen.language),
                node.value or none,
                node.published or none,
                node.contribution or none,
            )
            for node in found.nodes
        ),
        title=screen.words("index.review_title", release=release, day=found.last_day),
    )
    screen.show(
        "index.review_counts",
        quotes=found.quotes,
        left_out=found.left_out,
        outliers=found.outliers,
        entered=found.entered,
        left=found.left,
    )
    for check in found.checks:
        if not check.passed:
            screen.remark("index.review_check", found=check.words(screen.language))
    screen.show("index.review_digest", digest=found.values_sha256)


@index.command("refuse", help="help.index.refuse")
def refuse(context: typer.Context, release: ReleaseId, reason: Reason, token_file: Token = None) -> None:
    """Send back what waits for approval."""
    screen = context.obj

    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.releasing import refuse as refuse_release
        from api.routes.release_life_answer import DraftAnswer

        return DraftAnswer.of(refuse_release(station, release, reason, person), screen.language)

    answer = send(screen, f"/v1/releases/{release}/refusal", {"reason": reason}, token_file, here)
    screen.show("index.refused", release=answer["id"])


def _show_decided(screen: "Screen", answer: Mapping[str, Any]) -> None:
    if answer["stage"]["key"] == "sealed":
        screen.show("index.sealed", release=answer["id"], due=answer["due"])
    else:
        screen.show("index.approved", release=answer["id"])


@index.command("due", help="help.index.due")
def due(context: typer.Context) -> None:
    """Publish what is due where no service runs (a running one does it itself); say what waits or is late."""
    from api.clock import system_clock
    from priceindex.families import all_families
    from priceindex.releases.due import late

    screen = context.obj
    chosen = deployment.settings()
    if deployment.running(chosen) is None:
        with deployment.writing(chosen) as station:
            outcomes = station.publish_due()
        for each in outcomes:
            if each.fault is None:
                screen.show("index.due_published", release=each.release_id)
            else:
                why = each.fault.message(screen.language)
                screen.show("index.due_withheld", release=each.release_id, why=why)
        if not outcomes:
            screen.show("index.due_none")
    show_waiting(screen)
    newest = {each.id: each for each in all_families()}
    with deployment.reading(chosen) as session:
        for behind in late(session, newest.values(), system_clock()):
            screen.show("index.late", family=behind.family, day=behind.last, due=moment(behind.due_ms))


def show_waiting(screen: "Screen") -> None:
    """Show the releases that are not public yet: digests and moments, no values."""
    from priceindex.releases.drafts import Stage, drafts

    with deployment.reading(deployment.settings()) as session:
        found = drafts(session, Stage.MADE, Stage.SEALED)
    if not found:
        screen.remark("index.waiting_none")
        return
    screen.table(
        ("head.release", "head.status", "head.stage_of", "head.public_at", "head.made_by", "head.digest"),
        (
            (
                each.release_id,
                each.status,
                each.stage.words(screen.language),
                moment(each.due_ms),
                each.made_by,
                f"{each.values_sha256[:16]}…",
            )
            for each in found
        ),
    )
