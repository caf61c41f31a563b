"""`daodi inspections`: draw a seed, announce a 双随机 draw, draw, and verify anybody's draw from the log."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import deployment, files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.cli.screen import Screen

DrawId = Annotated[str, typer.Argument(help="option.draw")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.inspections", no_args_is_help=True)
    group.command("seed", help="help.inspections.seed")(new_seed)
    group.command("announce", help="help.inspections.announce")(announce)
    group.command("draw", help="help.inspections.draw")(draw)
    group.command("verify", help="help.inspections.verify")(verify)
    app.add_typer(group, name="inspections")


def new_seed(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.draw_seed_out")],
) -> None:
    """Keep a fresh seed in a file and tell its hash, for whoever announces a draw on the desk."""
    from api.clock import system_randomness
    from trace.integrity.drawing import commitment

    secret = system_randomness(32)
    files.write(file, f"{secret.hex()}\n".encode(), private=True)
    context.obj.show("draw.seed_made", commitment=commitment(secret))
    context.obj.remark("draw.keep_seed", file=file)


def announce(
    context: typer.Context,
    period: Annotated[str, typer.Option("--period", help="option.score_period")],
    parties: Annotated[int, typer.Option("--parties", min=1, max=1000, help="option.draw_parties")],
    inspector: Annotated[list[str], typer.Option("--inspector", help="option.draw_inspector")],
    seed: Annotated[Path, typer.Option("--seed", help="option.draw_seed_out")],
    each: Annotated[int, typer.Option("--each", min=1, max=10, help="option.draw_each")] = 2,
    area: Annotated[str, typer.Option("--area", help="option.area")] = "",
) -> None:
    """Keep a fresh seed in a file and state its hash with the list and everybody's odds."""
    from api.clock import system_randomness
    from trace.integrity.drawing import commitment

    screen, chosen = context.obj, deployment.settings()
    secret = system_randomness(32)
    files.write(seed, f"{secret.hex()}\n".encode(), private=True)
    wish: dict[str, object] = {
        "period": period,
        "commitment": commitment(secret),
        "inspectors": inspector,
        "parties": parties,
        "inspectors_each": each,
        "area": area,
    }
    address = deployment.running(chosen)
    done: Mapping[str, Any]
    if address is not None:
        from api.cli.remote import hand_over

        done = hand_over(chosen, address, "/v1/draws", screen.language, body=wish)
    else:
        from trace.integrity import draws
        from trace.integrity.draw_reading import draw as read_draw

        with deployment.writing(chosen) as station:
            new = draws.DrawNew.model_validate(wish)
            made = station.writer.submit(
                lambda session: draws.announce(session, station.recorder.declarer, new, None, station.clock())
            )
            with station.database.read() as session:
                found = read_draw(session, made)
        done = {"draw": made, "listed": len(found.candidates), "beacon_size": found.beacon_size}
    screen.show("draw.announced", draw=done["draw"], listed=done["listed"], size=done["beacon_size"])
    screen.remark("draw.keep_seed", file=seed)


def draw(
    context: typer.Context,
    draw_id: DrawId,
    seed: Annotated[Path, typer.Option("--seed", help="option.draw_seed")],
) -> None:
    """Reveal the seed and draw, once the log has grown to the size that was announced."""
    screen, chosen = context.obj, deployment.settings()
    secret = files.read(seed).decode().strip()
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        done = hand_over(
            chosen, address, f"/v1/draws/{draw_id}/result", screen.language, body={"seed": secret}
        )
        _show(screen, [(each["party"], each["inspectors"]) for each in done["picks"]])
        return
    from trace.integrity import draws

    with deployment.writing(chosen) as station:
        made = station.writer.submit(
            lambda session: draws.make(
                session, station.recorder.declarer, draw_id, bytes.fromhex(secret), None, station.clock()
            )
        )
    _show(screen, [(each.party, each.inspectors) for each in made.picks])


def verify(context: typer.Context, draw_id: DrawId) -> None:
    """Draw again from the statements in the log and compare."""
    from trace.integrity.draw_verification import verify_draw

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        verified = verify_draw(session, draw_id)
    _show(screen, [(each.party, each.inspectors) for each in verified.picks])
    screen.show("draw.verified", draw=draw_id, listed=verified.listed, others=verified.others)


def _show(screen: "Screen", picks: "Sequence[tuple[str, Sequence[str]]]") -> None:
    rows = [(str(place), party, " ".join(inspectors)) for place, (party, inspectors) in enumerate(picks, 1)]
    screen.table(("column.place", "column.party", "column.inspectors"), rows)
