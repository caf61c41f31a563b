"""`daodi hold` and `daodi recall`: goods frozen, found, taken back; a mock recall timed.

Placing and opening take one person: whoever runs this service's account, or the bearer of a token file.
Lifting and closing take two, so each is asked for a token of their own.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import files
from api.cli.recall_work import (
    PHASES,
    STATES,
    Work,
    read_holds,
    read_notices,
    read_recall,
    read_recalls,
    send,
)

if TYPE_CHECKING:
    from api.cli.screen import Screen

hold = typer.Typer(help="help.hold")
recall = typer.Typer(help="help.recall")

Id = Annotated[str, typer.Argument(help="option.hold_id")]
RecallId = Annotated[str, typer.Argument(help="option.recall_id")]
Lots = Annotated[list[str], typer.Argument(help="option.recall_lots")]
Reason = Annotated[str, typer.Option("--reason", help="option.hold_reason")]
Document = Annotated[str | None, typer.Option("--document", help="option.hold_document")]
Token = Annotated[Path | None, typer.Option("--token-file", help="option.token_file")]
OwnToken = Annotated[Path, typer.Option("--token-file", help="option.own_token_file")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(hold, name="hold")
    app.add_typer(recall, name="recall")


@hold.command("place", help="help.hold.place")
def place(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="option.hold_kind")],
    target: Annotated[str, typer.Argument(help="option.hold_target")],
    reason: Reason,
    document: Document = None,
    token_file: Token = None,
) -> None:
    """Freeze a party, product, lot or code."""
    body = {"kind": kind, "target": target, "reason": reason, "document": document}
    done = send(context.obj, Work("/v1/holds", "place", body=body), token_file)
    context.obj.show("hold.placed", hold=done["hold"], lots=done["lots"])
    context.obj.remark("recall.receipt", statement=done["statement_id"])


@hold.command("list", help="help.hold.list")
def list_holds(
    context: typer.Context, every: Annotated[bool, typer.Option("--all", help="option.hold_all")] = False
) -> None:
    """List the holds there are."""
    read_holds(context.obj, every=every)


@hold.command("ask-lift", help="help.hold.ask-lift")
def ask_lift(context: typer.Context, hold_id: Id, reason: Reason, token_file: OwnToken) -> None:
    """Ask for a hold to be lifted: the first of two persons."""
    send(
        context.obj,
        Work(f"/v1/holds/{hold_id}/lift-requests", "ask_lift", hold_id, {"reason": reason}),
        token_file,
    )
    context.obj.show("hold.asked", hold=hold_id)


@hold.command("lift", help="help.hold.lift")
def lift(context: typer.Context, hold_id: Id, token_file: OwnToken) -> None:
    """Lift a hold: the second of two persons."""
    done = send(context.obj, Work(f"/v1/holds/{hold_id}/lifts", "lift", hold_id), token_file)
    context.obj.show("hold.lifted", hold=hold_id, lots=done["lots"])


@recall.command("open", help="help.recall.open")
def open_recall(
    context: typer.Context,
    lots: Lots,
    recall_class: Annotated[int, typer.Option("--class", min=1, max=3, help="option.recall_class")],
    reason: Reason,
    advice: Annotated[str, typer.Option("--advice", help="option.recall_advice")] = "",
    document: Document = None,
    responsible: Annotated[
        str | None, typer.Option("--responsible", help="option.recall_responsible")
    ] = None,
    token_file: Token = None,
) -> None:
    """Open a recall: freeze, find and notify at once."""
    body = {
        "lots": lots,
        "class": recall_class,
        "reason": reason,
        "advice": advice,
        "document": document,
        "responsible": responsible,
    }
    done = send(context.obj, Work("/v1/recalls", "open", body=body), token_file)
    context.obj.show("recall.opened", **done)
    context.obj.remark("recall.next", recall=done["recall"])


@recall.command("list", help="help.recall.list")
def list_recalls(context: typer.Context) -> None:
    """List the recalls there are."""
    read_recalls(context.obj)


@recall.command("show", help="help.recall.show")
def show(
    context: typer.Context,
    recall_id: RecallId,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="option.recall_out")] = None,
) -> None:
    """Show who had and has what, and how effective the recall is."""
    listed = read_recall(context.obj, recall_id)
    if out is not None:
        files.write(out, listed)
        context.obj.remark("recall.written", file=out)


@recall.command("acknowledge", help="help.recall.acknowledge")
def acknowledge(context: typer.Context, recall_id: RecallId, token_file: OwnToken) -> None:
    """State that the party of a token knows of a recall."""
    send(context.obj, Work(f"/v1/recalls/{recall_id}/acknowledgements", "acknowledge", recall_id), token_file)
    context.obj.show("recall.known", recall=recall_id)


@recall.command("remind", help="help.recall.remind")
def remind(context: typer.Context, recall_id: RecallId, token_file: Token = None) -> None:
    """Send another notice to whoever is late."""
    done = send(context.obj, Work(f"/v1/recalls/{recall_id}/reminders", "remind", recall_id), token_file)
    context.obj.show("recall.reminded", count=len(done["parties"]))


@recall.command("ask-close", help="help.recall.ask-close")
def ask_close(
    context: typer.Context,
    recall_id: RecallId,
    state: Annotated[str, typer.Argument(help="option.recall_state")],
    report: Annotated[str, typer.Option("--report", help="option.recall_report")],
    token_file: OwnToken,
) -> None:
    """Ask for a recall to be closed: the first of two persons."""
    body = {"state": state, "report": report}
    send(
        context.obj,
        Work(f"/v1/recalls/{recall_id}/closing-requests", "ask_close", recall_id, body),
        token_file,
    )
    context.obj.show("recall.close_asked", recall=recall_id)


@recall.command("close", help="help.recall.close")
def close(context: typer.Context, recall_id: RecallId, token_file: OwnToken) -> None:
    """Close a recall: the second of two persons."""
    done = send(context.obj, Work(f"/v1/recalls/{recall_id}/closings", "close", recall_id), token_file)
    context.obj.show("recall.closed", recall=recall_id, state=context.obj.words(STATES[done["state"]]))


@recall.command("drill", help="help.recall.drill")
def drill(context: typer.Context, lots: Lots, token_file: Token = None) -> None:
    """Hold a mock recall and print how long each part took."""
    screen: Screen = context.obj
    done: Any = send(screen, Work("/v1/drills", "drill", body={"lots": lots}), token_file)
    phases: dict[str, int] = done["phases_us"]
    rows = [(screen.words(PHASES[name]), f"{us / 1000:.1f}") for name, us in phases.items()]
    total = (screen.words("drill.total"), f"{sum(phases.values()) / 1000:.1f}")
    screen.show("drill.found", **{name: done[name] for name in ("lots", "packs", "grams", "holders")})
    screen.table(("head.phase", "head.milliseconds"), [*rows, total], title=screen.words("drill.title"))
    screen.remark("drill.logged", drill=done["drill"])


@recall.command("notices", help="help.recall.notices")
def notices(context: typer.Context, party: Annotated[str, typer.Argument(help="option.party")]) -> None:
    """List what a party was told of recalls."""
    read_notices(context.obj, party)
