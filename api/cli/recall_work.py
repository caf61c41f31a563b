"""The work behind `daodi hold` and `daodi recall`: handed to the running service, or done in this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.cli import deployment
from api.cli.errors import FileUnreadable

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.station import Station
    from trace.recalls.persons import Person

_MOST: Final = 200
_MINUTE: Final = "%Y-%m-%d %H:%M"
STATES: Final = {"open": "recall.open", "completed": "recall.completed", "lifted": "recall.lifted"}
"""Phrase of each state of a recall."""
PHASES: Final = {"lots": "drill.lots", "holders": "drill.holders", "list": "drill.list"}
"""Phrase of each part of a drill."""
_NOTICES: Final = {
    "opened": "notice.opened",
    "extended": "notice.extended",
    "reminder": "notice.reminder",
    "closed": "notice.closed",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One request: the address it would be sent to, and its members."""

    path: str
    here: str
    """What it is called in `recall_local.WORKS`, for when no service runs."""
    about: str = ""
    """Id of the hold or recall."""
    body: Mapping[str, object] = field(default_factory=dict)


def send(screen: "Screen", work: Work, token_file: Path | None) -> Mapping[str, Any]:
    """Do a work as the operator, or as the bearer of the token in `token_file`, and return the answer.

    Raises `FileUnreadable`, `TokenRefused`, what the work raises, and what `hand_over` raises.
    """
    chosen = deployment.settings()
    token = None if token_file is None else _token(token_file)
    body = {name: value for name, value in work.body.items() if value is not None}
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        answer: Mapping[str, Any] = hand_over(
            chosen, address, work.path, screen.language, body=body, token=token
        )
        return answer
    from api.cli.recall_local import WORKS

    with deployment.writing(chosen) as station:
        return WORKS[work.here](station, work.about, body, person_here(station, token))


def person_here(station: "Station", token: str | None) -> "Person":
    """Return who works in this process: the bearer of a token, or whoever may read this service's folder."""
    from api.callers import caller_of, require_scope
    from api.holding import person_of
    from api.tokens import Scope
    from trace.recalls.hold_world import Role
    from trace.recalls.persons import Person

    if token is None:
        return Person(role=Role.OPERATOR, party=None, name="daodi", token="")
    with station.database.read() as session:
        caller = caller_of(session, token, station.clock())
    require_scope(caller, (Scope.STEPS_WRITE, Scope.SUPERVISE))
    return person_of(caller)


def read_holds(screen: "Screen", *, every: bool) -> None:
    """Print the holds there are."""
    from trace.recalls.hold_listing import holds_seen_by
    from trace.recalls.hold_world import HoldKind, Role
    from trace.recalls.persons import Person

    operator = Person(role=Role.OPERATOR, party=None, name="", token="")
    with deployment.reading(deployment.settings()) as session:
        rows = [
            (
                row.hold_id,
                HoldKind(row.kind).words(screen.language),
                row.target,
                str(row.lots),
                row.reason,
                Role(row.role).words(screen.language),
                _moment(row.placed_ms),
                screen.words(
                    "hold.is_lifted" if row.lifted_ms else "hold.is_asked" if row.asked_ms else "hold.is_open"
                ),
            )
            for row in holds_seen_by(session, operator, lifted=every, after=None, limit=_MOST)
        ]
    heads = ("head.hold", "head.kind", "head.target", "head.lots", "head.reason", "head.by", "head.placed")
    screen.table((*heads, "head.status"), rows)


def read_recalls(screen: "Screen") -> None:
    """Print the recalls there are."""
    from trace.recalls.hold_listing import recalls
    from trace.recalls.recall_words import RecallClass, class_words

    with deployment.reading(deployment.settings()) as session:
        rows = [
            (
                recall.recall_id,
                class_words(RecallClass(recall.recall_class)).zh
                if screen.language == "zh"
                else class_words(RecallClass(recall.recall_class)).en,
                hold.reason,
                str(hold.lots),
                _moment(recall.opened_ms),
                screen.words(STATES[recall.state]),
            )
            for recall, hold in recalls(session, only_open=False, after=None, limit=_MOST)
        ]
    heads = ("head.recall", "head.class", "head.reason", "head.lots", "head.opened", "head.status")
    screen.table(heads, rows)


def read_recall(screen: "Screen", recall_id: str) -> bytes:
    """Print a recall holder by holder; return the list of its goods as CSV. Raises `UnknownRecall`."""
    from api.web.recall_csv import holders_lines
    from trace.lineages.lineage_graph import party_names
    from trace.quantities import format_mass
    from trace.recalls.recall_progress import progress_of

    with deployment.reading(deployment.settings()) as session:
        found = progress_of(session, recall_id)
        names = party_names(session, sorted({each.holder for each in found.holders if each.holder}))
    state, language = screen.words(STATES[found.recall.state]), screen.language
    screen.table(
        ("head.holder", "head.name", "head.had", "head.has", "head.destroyed", "head.packs"),
        [
            (
                each.holder or screen.words("recall.end_users"),
                names.get(each.holder, ""),
                format_mass(each.had_grams, language),
                format_mass(each.has_grams, language),
                format_mass(each.destroyed_grams, language),
                f"{each.has_packs} / {each.had_packs}",
            )
            for each in found.holders
        ],
        title=screen.words("recall.title", recall=recall_id, state=state),
    )
    reached = found.effectiveness
    screen.show(
        "recall.effect",
        recovered=format_mass(reached.recovered_grams, language),
        distributed=format_mass(reached.distributed_grams, language),
        share="–" if reached.per_mille is None else f"{reached.per_mille / 10:.1f} %",
    )
    return holders_lines(found.portions, names)


def read_notices(screen: "Screen", party: str) -> None:
    """Print the notices to a party."""
    from trace.recalls.notices import notices_to

    with deployment.reading(deployment.settings()) as session:
        rows = [
            (
                row.notice_id,
                row.recall_id,
                screen.words(_NOTICES[row.kind]),
                _moment(row.sent_ms),
                _moment(row.due_ms),
                _moment(read_ms),
                _moment(row.acknowledged_ms),
            )
            for row, read_ms in notices_to(session, party, _MOST)
        ]
    heads = ("head.notice", "head.recall", "head.kind", "head.sent", "head.due", "head.read", "head.known")
    screen.table(heads, rows)


def _token(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise FileUnreadable(file=path, reason=error.strerror or type(error).__name__) from error


def _moment(at_ms: int | None) -> str:
    return "" if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().strftime(_MINUTE)
