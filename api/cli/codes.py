"""`daodi codes`: batches of trace codes issued and listed, labels spoiled, codes retired."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.cli.screen import Screen
    from api.settings import Settings
    from api.station import Station
    from trace.coding.batch_reading import BatchState
    from trace.coding.code_words import CodeStatus

_MOST_LISTED: Final = 200

codes = typer.Typer(help="help.codes")

Party = Annotated[str, typer.Argument(help="option.code_party")]
First = Annotated[str, typer.Argument(help="option.first_code")]
Last = Annotated[str | None, typer.Argument(help="option.last_code")]
Owner = Annotated[str | None, typer.Option("--party", help="option.code_owner")]
Reason = Annotated[str | None, typer.Option("--reason", help="option.code_reason")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(codes, name="codes")


@codes.command("issue", help="help.codes.issue")
def issue(
    context: typer.Context,
    party: Party,
    count: Annotated[int, typer.Argument(help="option.code_count", min=1, max=20_000_000)],
    level: Annotated[str, typer.Option("--level", help="option.code_level")] = "pack",
) -> None:
    """Issue a batch of codes; with a bar, since millions take a while."""
    from trace.coding.code_words import Level
    from trace.identifiers import check_uscc

    screen = context.obj
    wanted = Level.named(level)
    if wanted is None:
        raise typer.BadParameter(f"{level} ({', '.join(Level)})", param_hint="--level")
    uscc = check_uscc(party)
    chosen = deployment.settings()
    address = deployment.running(chosen)
    if address is None:
        batch, first = _issue_here(chosen, screen, uscc, count, wanted.value)
    else:
        body = {"party": uscc, "count": count, "level": wanted.value}
        told = _hand_over(chosen, screen, address, "/v1/codes", body)
        batch, first = told["batch"], told["first"]
    screen.show("codes.issued", count=f"{count:,}", level=wanted.words(screen.language), party=uscc)
    screen.show("codes.batch", batch=batch)
    screen.show("codes.first", first=first)


@codes.command("list", help="help.codes.list")
def list_(context: typer.Context, party: Owner = None) -> None:
    """List batches, the newest first."""
    from trace.coding.batch_reading import batches

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = batches(session, party, limit=_MOST_LISTED)
    heads = ("head.code_batch", "head.code_party", "head.code_level", "head.code_count", "head.code_counts")
    screen.table(heads, (_row(each, screen) for each in found), title=screen.words("codes.batches"))


@codes.command("state", help="help.codes.state")
def state(context: typer.Context, batch: Annotated[str, typer.Argument(help="option.code_batch")]) -> None:
    """Show how many codes of a batch are in which status."""
    from trace.coding.batch_reading import batch_state

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = batch_state(session, batch, None)
    screen.show("codes.batch", batch=found.batch_id)
    rows = ((status.words(screen.language), f"{count:,}") for status, count in sorted(found.counts.items()))
    screen.table(("head.code_status", "head.code_count"), rows)


@codes.command("printed", help="help.codes.printed")
def printed(
    context: typer.Context, first: First, last: Last = None, party: Owner = None, reason: Reason = None
) -> None:
    """Say that labels are printed."""
    _change(context.obj, "printed", first, last, party, reason)


@codes.command("spoil", help="help.codes.spoil")
def spoil(
    context: typer.Context, first: First, last: Last = None, party: Owner = None, reason: Reason = None
) -> None:
    """Say that labels were spoiled in printing."""
    _change(context.obj, "spoiled", first, last, party, reason)


@codes.command("retire", help="help.codes.retire")
def retire(
    context: typer.Context, first: First, last: Last = None, party: Owner = None, reason: Reason = None
) -> None:
    """Say that codes count no longer."""
    _change(context.obj, "retired", first, last, party, reason)


def _issue_here(chosen: "Settings", screen: "Screen", party: str, count: int, level: str) -> tuple[str, str]:
    from api.code_issuing import issue_batch
    from trace.coding.batch_reading import batch_state
    from trace.coding.code_orders import CodeOrder
    from trace.coding.code_words import Level
    from trace.coding.trace_code import encode_many, grouped

    with deployment.writing(chosen) as station, screen.progress("bar.codes", count) as bar:
        task = bar.task_ids[0]
        order = CodeOrder(party=party, count=count, level=Level(level))
        batch_id = issue_batch(station, order, lambda more: bar.update(task, advance=more))
        with station.database.read() as session:
            issued = batch_state(session, batch_id, party)
        [first] = encode_many(issued.first_serial, 1, station.code_keys, issued.key_version)
    return batch_id, grouped(first)


def _change(
    screen: "Screen", status: str, first: str, last: str | None, party: str | None, reason: str | None
) -> None:
    chosen = deployment.settings()
    address = deployment.running(chosen)
    if address is None:
        count = _change_here(chosen, status, first, last, party, reason)
    else:
        body = {"party": party, "first": first, "last": last, "reason": reason}
        sent = {name: value for name, value in body.items() if value is not None}
        count = _hand_over(chosen, screen, address, f"/v1/codes/{status}", sent)["count"]
    from trace.coding.code_words import CodeStatus

    screen.show("codes.changed", count=f"{count:,}", status=CodeStatus(status).words(screen.language))


def _change_here(
    chosen: "Settings", status: str, first: str, last: str | None, party: str | None, reason: str | None
) -> int:
    from trace.coding.code_words import CodeStatus

    with deployment.writing(chosen) as station:
        wanted = CodeStatus(status)
        return station.writer.submit(
            lambda session: _stated(session, station, wanted, (first, last or first), party, reason)
        )


def _stated(
    session: "Session",
    station: "Station",
    status: "CodeStatus",
    ends: Sequence[str],
    party: str | None,
    reason: str | None,
) -> int:
    from trace.coding.status_changes import change_status, range_between

    keys = station.code_keys
    ranges = range_between(session, ends[0], ends[1], keys)
    declarer, now = station.recorder.declarer, station.clock()
    change_status(session, declarer, keys, status, ranges, by=party, at_ms=now, reason=reason)
    return sum(end - begin + 1 for begin, end in ranges)


def _hand_over(
    chosen: "Settings",
    screen: "Screen",
    address: str,
    path: str,
    body: Mapping[str, object],
) -> Any:  # noqa: ANN401  the service's JSON
    from api.cli.remote import hand_over

    with screen.progress("bar.codes"):
        return hand_over(chosen, address, path, screen.language, body=body)


def _row(batch: "BatchState", screen: "Screen") -> tuple[str, ...]:
    language = screen.language
    counts = (f"{status.words(language)} {count:,}" for status, count in sorted(batch.counts.items()))
    return (
        batch.batch_id,
        batch.party,
        batch.level.words(language),
        f"{batch.count:,}",
        ("、" if language == "zh" else ", ").join(counts),
    )
