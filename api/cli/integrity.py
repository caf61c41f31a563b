"""`daodi integrity`: score a period that is over, and show a party's score with all it is made of."""

from typing import Annotated

import typer

from api.cli import deployment


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.integrity", no_args_is_help=True)
    group.command("score", help="help.integrity.score")(score)
    group.command("show", help="help.integrity.show")(show)
    app.add_typer(group, name="integrity")


def score(context: typer.Context, period: Annotated[str, typer.Argument(help="option.score_period")]) -> None:
    """Score every party for a period and state the scores with their inputs."""
    from trace.integrity.periods import period as period_named
    from trace.integrity.scoring import score_period

    screen, chosen = context.obj, deployment.settings()
    wanted = period_named(period)
    address = deployment.running(chosen)
    if address is not None:
        from api.cli.remote import hand_over

        done = hand_over(
            chosen, address, "/v1/integrity/scores", screen.language, body={"period": wanted.name}
        )
        stated = done["statements"]
    else:
        with deployment.writing(chosen) as station:
            stated = station.writer.submit(
                lambda session: score_period(session, station.recorder.declarer, wanted, station.clock())
            )
    screen.show("integrity.scored", period=wanted.name, count=len(stated))


def show(context: typer.Context, party: Annotated[str, typer.Argument(help="option.score_party")]) -> None:
    """Show the newest score of a party."""
    from trace.integrity.scoring import scores_of
    from trace.parties import party as party_named

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        known = party_named(session, party)
        history = scores_of(session, party)
    if not history:
        screen.show("integrity.unscored", name=known.name)
        return
    newest = history[0]
    screen.show(
        "integrity.score",
        name=known.name,
        period=newest.period,
        score=newest.score.thousandths,
        stars=newest.score.stars,
        weeks=newest.score.weeks,
    )
    screen.table(
        ("column.component", "column.counted", "column.points"),
        [
            (
                part.component.words(screen.language),
                str(part.count) if part.share is None else f"{part.share.good}/{part.share.whole}",
                str(part.points),
            )
            for part in newest.score.parts
        ],
    )
