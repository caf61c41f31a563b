"""`daodi feeds`: sources of quotes that are polled, and the exchange rates of foreign ones."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment
from api.cli.errors import DateWrong
from api.cli.feeds_forms import sign_form
from api.cli.index import day
from ledger.errors import Location

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.cli.screen import Screen
    from priceindex.feeds.feeds import FeedNew, FeedSetUp

_HEADS: Final = (
    "head.feed",
    "head.shape",
    "head.status",
    "head.answer",
    "head.new_quotes",
    "head.poll",
    "head.rows",
    "head.not_taken",
    "head.breaker",
)
feeds = typer.Typer(help="help.feeds", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="option.feed")]
_MINUTE = "%Y-%m-%d %H:%MZ"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    feeds.command("sign-form", help="help.feeds.sign-form")(sign_form)
    app.add_typer(feeds, name="feeds")


@feeds.command("add", help="help.feeds.add")
def add(
    context: typer.Context,
    name: Name,
    address: Annotated[str, typer.Argument(help="option.feed.address")],
    shape: Annotated[str, typer.Option("--shape", help="option.feed.shape")] = "table",
    form: Annotated[str, typer.Option("--form", help="option.feed.form")] = "csv",
    source: Annotated[str, typer.Option("--source", help="option.feed.source")] = "",
    every: Annotated[int, typer.Option("--every", help="option.feed.every", min=5)] = 60,
    told: Annotated[list[str] | None, typer.Option("--set", help="option.feed.set")] = None,
) -> None:
    """Set a feed up, here or in the running service; it is due at once."""
    from priceindex.feeds.feeds import add_feed

    new = _new(
        {
            "name": name,
            "address": address,
            "shape": shape,
            "form": form,
            "source": source,
            "every_minutes": every,
            "settings": _settings(told or ()),
        }
    )
    chosen = deployment.settings()
    running = deployment.running(chosen)
    if running is None:
        with deployment.writing(chosen) as station:
            now_ms = station.clock()
            station.writer.submit(lambda session: add_feed(session, new, "operator", now_ms))
    else:
        from api.cli.remote import hand_over

        hand_over(chosen, running, "/v1/feeds", context.obj.language, body=new.model_dump(mode="json"))
    context.obj.show("feeds.added", name=name, minutes=every)


@feeds.command("list", help="help.feeds.list")
def show(context: typer.Context) -> None:
    """List the feeds with what their last polls brought."""
    from api.clock import system_clock
    from priceindex.feeds import feeds as set_up

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        lines = [_line(session, each, screen, system_clock()) for each in set_up.feeds(session)]
    if not lines:
        screen.remark("feeds.none")
        return
    screen.table(_HEADS, lines)


@feeds.command("poll", help="help.feeds.poll")
def poll(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="option.feeds")] = None,
) -> None:
    """Poll feeds one after another and say what came of each."""
    from priceindex.feeds import feeds as set_up

    screen = context.obj
    chosen = deployment.settings()
    if not names:
        with deployment.reading(chosen) as session:
            names = [each.name for each in set_up.feeds(session) if each.enabled]
    if not names:
        screen.remark("feeds.none")
        return
    running = deployment.running(chosen)
    with screen.progress("feeds.asking", total=len(names)) as bar:
        if running is None:
            with deployment.writing(chosen) as station:
                for name in names:
                    found = station.polling.poll(name)
                    _tell(screen, name, _members(found, screen))
                    bar.advance(bar.task_ids[0])
        else:
            from api.cli.remote import hand_over

            for name in names:
                _tell(screen, name, hand_over(chosen, running, f"/v1/feeds/{name}/polls", screen.language))
                bar.advance(bar.task_ids[0])


@feeds.command("disable", help="help.feeds.disable")
def disable(context: typer.Context, name: Name) -> None:
    """Stop polling a feed."""
    _switch(context.obj, name, on=False)
    context.obj.show("feeds.disabled", name=name)


@feeds.command("enable", help="help.feeds.enable")
def enable(context: typer.Context, name: Name) -> None:
    """Poll a feed again, from now on."""
    _switch(context.obj, name, on=True)
    context.obj.show("feeds.enabled", name=name)


@feeds.command("rate", help="help.feeds.rate")
def rate(
    context: typer.Context,
    currency: Annotated[str, typer.Argument(help="option.rate.currency")],
    on: Annotated[str, typer.Argument(help="option.rate.day", metavar="YYYY-MM-DD")],
    yuan: Annotated[str, typer.Argument(help="option.rate.value")],
    source: Annotated[str, typer.Option("--source", help="option.rate.source")],
) -> None:
    """Enter what one unit of a currency was worth on a day."""
    from priceindex.currency.rates import enter

    chosen = deployment.settings()
    when = day(on)
    if when is None:
        raise DateWrong(at=Location(field="YYYY-MM-DD", value=on), value=on)
    running = deployment.running(chosen)
    if running is None:
        with deployment.writing(chosen) as station:
            now_ms = station.clock()
            station.writer.submit(lambda session: enter(session, currency, when, yuan, source, now_ms))
    else:
        from api.cli.remote import hand_over

        wish = {"currency": currency, "day": str(when), "yuan_per_unit": yuan, "source": source}
        hand_over(chosen, running, "/v1/exchange-rates", context.obj.language, body=wish)
    context.obj.show("feeds.rate", currency=currency, day=when, rate=yuan, source=source)


def _new(members: dict[str, Any]) -> "FeedNew":
    """A feed as set up on the command line; raises `MalformedFeed` naming what is wrong."""
    from pydantic import ValidationError

    from ledger.errors import Said
    from priceindex.feeds.feed_errors import MalformedFeed
    from priceindex.feeds.feeds import FeedNew

    try:
        return FeedNew.model_validate(members)
    except ValidationError as error:
        wrong = "、".join(".".join(map(str, each["loc"])) for each in error.errors())
    why = Said(zh=f"{wrong} 无效", en=f"{wrong} is not valid")
    raise MalformedFeed(at=Location(field=wrong), why=why)


def _settings(told: Sequence[str]) -> dict[str, str]:
    """Settings written as name=value; what they mean is judged with the feed."""
    return {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in told)}


def _switch(screen: "Screen", name: str, *, on: bool) -> None:
    from priceindex.feeds.feeds import switch_feed

    chosen = deployment.settings()
    running = deployment.running(chosen)
    if running is None:
        with deployment.writing(chosen) as station:
            now_ms = station.clock()
            station.writer.submit(lambda session: switch_feed(session, name, on=on, at_ms=now_ms))
    else:
        from api.cli.remote import hand_over

        hand_over(chosen, running, f"/v1/feeds/{name}/switches", screen.language, body={"enabled": on})


def _members(found: Any, screen: "Screen") -> dict[str, Any]:  # noqa: ANN401  a Poll, imported late
    """A poll as the service would tell it."""
    names = ("outcome", "rows", "written", "quarantined", "faults", "claims_agreed", "claims_differed")
    return {name: getattr(found, name) for name in names} | {"message": found.message(screen.language)}


def _tell(screen: "Screen", name: str, poll: dict[str, Any]) -> None:
    from priceindex.feeds.feed_polls import Outcome

    outcome = Outcome(poll["outcome"]).words(screen.language)
    counts = {each: poll[each] for each in ("written", "quarantined", "faults")}
    screen.show("feeds.polled", name=name, outcome=outcome, rows=poll["rows"] or 0, **counts)
    if poll["claims_agreed"] or poll["claims_differed"]:
        screen.show("feeds.claims", agreed=poll["claims_agreed"], differed=poll["claims_differed"])
    if poll["message"]:
        screen.remark("feeds.message", message=poll["message"])


def _line(session: "Session", each: "FeedSetUp", screen: "Screen", now_ms: int) -> tuple[str, ...]:
    from priceindex.feeds.feed_polls import feed_health
    from priceindex.feeds.host_breaker import breaker_of
    from priceindex.feeds.shapes import SHAPE_WORDS

    health = feed_health(session, each.name)
    none = screen.words("trace.none")
    last = health.last
    zh, en = SHAPE_WORDS[each.shape]
    return (
        each.name,
        zh if screen.language == "zh" else en,
        screen.words("feeds.on" if each.enabled else "feeds.off"),
        _moment(health.last_answer_ms, none),
        _moment(health.last_new_ms, none),
        none if last is None else last.outcome.words(screen.language),
        none if health.last_rows is None else str(health.last_rows),
        none if last is None else str(last.faults),
        breaker_of(session, each.host).state(now_ms).words(screen.language),
    )


def _moment(at_ms: int | None, none: str) -> str:
    return none if at_ms is None else f"{datetime.fromtimestamp(at_ms / 1000, UTC):{_MINUTE}}"
