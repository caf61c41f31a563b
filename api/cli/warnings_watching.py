"""`daodi warnings watch`, `health-list`, `grain-price`: looking now, and what the operator enters."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from api.cli.index import FAMILY, Family
from api.cli.index_work import moment, send
from api.cli.warnings import valid, warnings

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.station import Station
    from priceindex.releases.persons import Person

Source = Annotated[str | None, typer.Option("--source", help="option.warnings.source")]


@warnings.command("watch", help="help.warnings.watch")
def watch(context: typer.Context, family: Family = FAMILY) -> None:
    """Look at a family's newest release by every rule."""
    from priceindex.warning.alerts.happenings import Happening
    from priceindex.warning.rule_text import rule_book

    screen = context.obj

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api.routes.warning_lists import WatchedAnswer
        from api.warning_work import watch_family

        return WatchedAnswer.of(watch_family(station, family), screen.language)

    with screen.progress("warnings.watching"):
        done = send(screen, "/v1/warning-watches", {"family": family}, None, here)
    book = rule_book()
    screen.table(
        ("head.rule", "head.subjects", "head.judged", "head.withheld"),
        [
            (
                book.words(each["rule"], screen.language),
                str(each["subjects"]),
                str(each["judged"]),
                "，".join(
                    " ".join((screen.words(f"warnings.withheld.{reason}"), str(count)))
                    for reason, count in each["withheld"].items()
                )
                or "—",
            )
            for each in done["rules"]
        ],
        title=done["release"],
    )
    counts = Counter({kind: len(found) for kind, found in done["happened"].items()})
    for kind, count in counts.items():
        screen.show("warnings.happened", kind=Happening(kind).words(screen.language), count=count)
    if not counts:
        screen.show("warnings.nothing_new")


@warnings.command("health-list", help="help.warnings.health_list")
def health_list(
    context: typer.Context,
    herb: Annotated[str | None, typer.Argument(help="option.warnings.herb")] = None,
    source: Source = None,
    remove: Annotated[bool, typer.Option("--remove", help="option.warnings.remove")] = False,
) -> None:
    """Show the public-health list, or put a herb on it or take it off."""
    screen = context.obj
    if herb is not None:
        body = {"herb": herb, "listed": not remove, "source": source or ""}

        def here(station: "Station", person: "Person") -> "BaseModel":
            from api.routes.warning_lists import HealthListAnswer
            from api.warning_work import list_health_herb
            from priceindex.warning.alerts.entered_lists import HealthHerbNew

            new = valid(HealthHerbNew, body)
            return HealthListAnswer.of(list_health_herb(station, new, person.name))

        send(screen, "/v1/health-herbs", body, None, here)
        screen.show("warnings.unlisted" if remove else "warnings.listed", herb=herb)
    _show_health_list(context)


@warnings.command("grain-price", help="help.warnings.grain_price")
def grain_price(
    context: typer.Context,
    month: Annotated[str, typer.Argument(help="option.warnings.month")],
    fen_per_kg: Annotated[int, typer.Argument(help="option.warnings.fen")],
    source: Source = None,
) -> None:
    """Enter the price of grain in a month."""
    body = {"month": month, "fen_per_kg": fen_per_kg, "source": source or ""}

    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.warning_work import keep_grain_price
        from priceindex.warning.alerts.entered_lists import GrainPriceNew

        new = valid(GrainPriceNew, body)
        keep_grain_price(station, new, person.name)
        return new

    send(context.obj, "/v1/grain-prices", body, None, here)
    context.obj.show("warnings.grain", month=month, fen=fen_per_kg)


def _show_health_list(context: typer.Context) -> None:
    from priceindex.warning.alerts.entered_lists import health_list as listed

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = listed(session)
    if not found:
        screen.remark("warnings.list_empty")
        return
    screen.table(
        ("head.herb", "head.listed_since", "head.paper"),
        [(one.herb, moment(one.at_ms), one.source) for one in found],
    )
