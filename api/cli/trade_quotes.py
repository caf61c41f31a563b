"""`daodi quotes from-trades`: a week's traced trades as quotes of tier trade."""

from typing import Annotated, Any

import typer

from api.cli import deployment


def from_trades(
    context: typer.Context,
    week: Annotated[str | None, typer.Option("--week", help="option.week", metavar="YYYY-Www")] = None,
) -> None:
    """Take the trades of a week in, here or in the running service, and say how many cells stay unsaid."""
    from api.clock import system_clock
    from priceindex.feeds.traced_trades import last_ended_week

    screen = context.obj
    chosen = deployment.settings()
    asked = week or last_ended_week(system_clock())
    running = deployment.running(chosen)
    with screen.progress("trades.summing"):
        taken = _here(chosen, asked) if running is None else _there(screen, chosen, running, asked)
    screen.show("trades.taken", **taken)
    screen.show("trades.hidden", **taken)


def _here(chosen: Any, week: str) -> dict[str, Any]:  # noqa: ANN401  Settings, imported late
    from api.routes.trade_quotes import WeekAnswer
    from api.trade_quotes import take_in_week

    with deployment.writing(chosen) as station:
        return WeekAnswer.of(week, take_in_week(station, week)).model_dump()


def _there(screen: Any, chosen: Any, running: str, week: str) -> dict[str, Any]:  # noqa: ANN401  as above
    from api.cli.remote import hand_over

    answer: dict[str, Any] = hand_over(
        chosen, running, "/v1/quotes/from-trades", screen.language, body={"week": week}
    )
    return answer
