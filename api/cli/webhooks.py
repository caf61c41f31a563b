"""`daodi webhooks`: who is told of releases, notices and standings, and what became of it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment
from api.cli.index_work import moment, send

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.station import Station
    from api.webhooks.deliveries import Delivery
    from api.webhooks.endpoints import Endpoint, EndpointNew
    from priceindex.releases.persons import Person

webhooks = typer.Typer(help="help.webhooks", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="option.webhook", metavar="ep_…")]
_SHOWN: Final = 50
_STANDS: Final = {
    None: "feeds.on",
    "owner": "webhooks.ended.owner",
    "gone": "webhooks.ended.gone",
    "token": "webhooks.ended.token",
}
_EVERY: Final = (
    "release.published", "release.revised", "index.notice", "index.standing", "forecast.made",
    "warning.opened", "warning.raised", "warning.escalated", "warning.ended",
    "warning.regulator", "warning.digest",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(webhooks, name="webhooks")


@webhooks.command("add", help="help.webhooks.add")
def add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="option.webhook.address")],
    event: Annotated[list[str] | None, typer.Option("--event", help="option.webhook.event")] = None,
    description: Annotated[str, typer.Option("--description", help="option.webhook.description")] = "",
) -> None:
    """Register an endpoint and show its secret, this once."""
    new = _new({"address": address, "events": event or list(_EVERY), "description": description})

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api import webhook_work
        from api.webhooks.endpoints import OPERATOR

        return _made(station, webhook_work.register(station, new, OPERATOR))

    made = send(context.obj, "/v1/webhooks", new.model_dump(mode="json"), None, here)
    context.obj.show("webhooks.added", id=made["id"], secret=made["secret"])


@webhooks.command("list", help="help.webhooks.list")
def show(context: typer.Context) -> None:
    """List the endpoints."""
    from api.webhooks.endpoints import endpoints

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = endpoints(session)
    if not found:
        screen.remark("webhooks.none")
        return
    heads = (
        "head.webhook",
        "head.address",
        "head.events",
        "head.status",
        "head.failing",
        "head.description",
    )
    lines = (
        (
            each.endpoint_id,
            each.shown,
            screen.words("webhooks.every") if len(each.events) == len(_EVERY) else " ".join(each.events),
            screen.words(_STANDS[each.ended_why]),
            moment(each.failing_ms),
            each.description,
        )
        for each in found
    )
    screen.table(heads, lines)


@webhooks.command("disable", help="help.webhooks.disable")
def disable(context: typer.Context, endpoint: Id) -> None:
    """Send an endpoint nothing more."""
    _switch(context, endpoint, on=False)
    context.obj.show("webhooks.disabled", id=endpoint)


@webhooks.command("enable", help="help.webhooks.enable")
def enable(context: typer.Context, endpoint: Id) -> None:
    """Send an endpoint what becomes public from now on."""
    _switch(context, endpoint, on=True)
    context.obj.show("webhooks.enabled", id=endpoint)


@webhooks.command("rotate", help="help.webhooks.rotate")
def rotate(context: typer.Context, endpoint: Id) -> None:
    """Give an endpoint its next secret and show it, this once."""

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api import webhook_work

        return _made(station, webhook_work.rotate(station, endpoint, None))

    made = send(context.obj, f"/v1/webhooks/{endpoint}/rotations", {}, None, here)
    context.obj.show("webhooks.rotated", id=made["id"], secret=made["secret"])


@webhooks.command("deliveries", help="help.webhooks.deliveries")
def deliveries(context: typer.Context, endpoint: Id) -> None:
    """List the newest deliveries to an endpoint with their last tries."""
    from api.webhooks.deliveries import deliveries as delivered
    from api.webhooks.endpoints import endpoint as endpoint_named

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        endpoint_named(session, endpoint)
        found = delivered(session, endpoint, limit=_SHOWN)
    if not found:
        screen.remark("webhooks.nothing_sent")
        return
    heads = (
        "head.event",
        "head.event_kind",
        "head.about",
        "head.status",
        "head.tries",
        "head.last_outcome",
        "head.next_try",
    )
    screen.table(heads, (_line(each, screen.language) for each in found))


@webhooks.command("replay", help="help.webhooks.replay")
def replay(
    context: typer.Context,
    endpoint: Id,
    event: Annotated[
        str | None, typer.Option("--event", help="option.webhook.replay", metavar="msg_…")
    ] = None,
) -> None:
    """Send one event again, or all that never arrived."""

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api import webhook_work
        from api.routes.webhook_answers import Replayed

        count = webhook_work.replay(station, endpoint, None, event)
        station.delivering.deliver_due()
        return Replayed(replayed=count)

    done = send(context.obj, f"/v1/webhooks/{endpoint}/replays", {"event": event}, None, here)
    context.obj.show("webhooks.replayed", count=done["replayed"])


@webhooks.command("test", help="help.webhooks.test")
def trial(context: typer.Context, endpoint: Id) -> None:
    """Send a trial event now and say what came of it."""
    screen = context.obj

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api import webhook_work
        from api.routes.webhook_answers import DeliveryAnswer

        return DeliveryAnswer.of(webhook_work.send_trial(station, endpoint, None), screen.language)

    sent = send(screen, f"/v1/webhooks/{endpoint}/tests", {}, None, here)
    last = sent["tries"][-1] if sent["tries"] else None
    outcome = "" if last is None else last["status"] or last["fault"]["name"]
    screen.show("webhooks.tested", event=sent["event"], state=sent["state"]["name"], outcome=outcome)


def _new(members: dict[str, Any]) -> "EndpointNew":
    """An endpoint as registered on the command line; misuse names what is wrong."""
    from pydantic import ValidationError

    from api.webhooks.endpoints import EndpointNew

    try:
        return EndpointNew.model_validate(members)
    except ValidationError as error:
        wrong = "、".join(".".join(map(str, each["loc"])) for each in error.errors())
    raise typer.BadParameter(wrong)


def _made(station: "Station", found: "Endpoint") -> "BaseModel":
    from api.routes.webhook_answers import EndpointMade

    return EndpointMade.with_secret(found, station.webhook_keys)


def _switch(context: typer.Context, endpoint: str, *, on: bool) -> None:
    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api import webhook_work
        from api.routes.webhook_answers import EndpointAnswer

        return EndpointAnswer.of(webhook_work.switch(station, endpoint, None, on=on))

    send(context.obj, f"/v1/webhooks/{endpoint}/switches", {"enabled": on}, None, here)


def _line(each: "Delivery", language: str) -> tuple[str, ...]:
    following = datetime.fromtimestamp(each.next_ms / 1000, UTC)
    return (
        each.event_id,
        each.type,
        each.subject,
        each.state.words(language),
        str(len(each.tries)),
        _outcome(each, language),
        f"{following:%m-%d %H:%M:%SZ}" if each.state == "waiting" else "",
    )


def _outcome(each: "Delivery", language: str) -> str:
    """What came of the last try: the status of its answer, or why there was none."""
    last = each.tries[-1] if each.tries else None
    if last is None:
        return ""
    return str(last.status) if last.fault is None else last.fault.words(language)
