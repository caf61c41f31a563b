"""`daodi party …` and `daodi place …`: the registers, here or through the running service."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import deployment

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.station import Station

party = typer.Typer(help="help.party")
place = typer.Typer(help="help.place")

Uscc = Annotated[str, typer.Argument(help="option.uscc")]
PlaceId = Annotated[str, typer.Argument(help="option.place_id")]
Name = Annotated[str, typer.Option("--name", help="option.register_name")]
Division = Annotated[str, typer.Option("--division", help="option.division")]
Gln = Annotated[str | None, typer.Option("--gln", help="option.gln")]
Reason = Annotated[str, typer.Option("--reason", help="option.register_reason")]
Work = Callable[["Session", "Station"], Mapping[str, Any]]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(party, name="party")
    app.add_typer(place, name="place")


@party.command("register", help="help.party.register")
def register_party(
    context: typer.Context,
    uscc: Uscc,
    name: Name,
    node_type: Annotated[list[str], typer.Option("--type", help="option.node_type")],
    division: Division,
    gln: Gln = None,
) -> None:
    """Register a party and its key."""
    from trace.parties import PartyNew

    body = {"uscc": uscc, "name": name, "node_types": node_type, "division": division, "gln": gln}
    new = _checked(PartyNew, body)

    def work(session: "Session", station: "Station") -> Mapping[str, Any]:
        station.recorder.register_party(session, new, station.clock())
        return {}

    _do(context, "/v1/parties", body, work)
    context.obj.show("register.party", uscc=uscc, name=name)


@party.command("license", help="help.party.license")
def license_party(
    context: typer.Context,
    uscc: Uscc,
    kind: Annotated[str, typer.Option("--kind", help="option.licence_kind")],
    number: Annotated[str, typer.Option("--number", help="option.licence_number")],
    issuer: Annotated[str, typer.Option("--issuer", help="option.issuer")],
    valid_from: Annotated[str, typer.Option("--from", help="option.valid_from")],
    valid_until: Annotated[str | None, typer.Option("--until", help="option.valid_until")] = None,
) -> None:
    """Register a licence with its validity."""
    from trace.registers.licences import LicenceNew, register_licence

    body = {
        "kind": kind,
        "number": number,
        "issuer": issuer,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    new = _checked(LicenceNew, body)

    def work(session: "Session", station: "Station") -> Mapping[str, Any]:
        register_licence(session, station.recorder.declarer, uscc, new, station.clock())
        return {}

    _do(context, f"/v1/parties/{uscc}/licences", body, work)
    context.obj.show("register.licence", kind=new.kind.words(context.obj.language), number=number)


@party.command("suspend", help="help.party.suspend")
def suspend_party(context: typer.Context, uscc: Uscc, reason: Reason) -> None:
    """Suspend a party, as the operator."""
    _stand(context, "party", uscc, "suspend", reason)


@party.command("resume", help="help.party.resume")
def resume_party(context: typer.Context, uscc: Uscc, reason: Reason) -> None:
    """Let a suspended party work again, as the operator."""
    _stand(context, "party", uscc, "resume", reason)


@party.command("close", help="help.party.close")
def close_party(context: typer.Context, uscc: Uscc, reason: Reason) -> None:
    """Close a party for good, as the operator, and list what it still holds."""
    from trace.registers.holdings import holdings

    _stand(context, "party", uscc, "close", reason)
    with deployment.reading(deployment.settings()) as session:
        left = holdings(session, uscc)
    for each in left.lots:
        context.obj.show("register.held", lot=each.lot, herb=each.herb, grams=each.grams)
    for lot in left.awaited:
        context.obj.show("register.awaited", lot=lot)


@party.command("show", help="help.party.show")
def show_party(context: typer.Context, uscc: Uscc) -> None:
    """Print a party with its registers as JSON, as the service answers it."""
    from api.clock import system_clock
    from api.routes.register_answers import PartyAnswer
    from trace.registers.register_reading import party_shown

    with deployment.reading(deployment.settings()) as session:
        shown = PartyAnswer.shown(party_shown(session, uscc), context.obj.language, system_clock())
    context.obj.plain(shown.model_dump_json(indent=2))


@place.command("register", help="help.place.register")
def register_place(
    context: typer.Context,
    place_id: PlaceId,
    name: Name,
    owner: Annotated[str, typer.Option("--party", help="option.place_party")],
    division: Division,
    market: Annotated[str | None, typer.Option("--market", help="option.register_market")] = None,
    gln: Gln = None,
) -> None:
    """Register a place of a party."""
    from trace.places import PlaceNew

    body = {
        "place_id": place_id,
        "name": name,
        "party": owner,
        "division": division,
        "market": market,
        "gln": gln,
    }
    new = _checked(PlaceNew, body)

    def work(session: "Session", station: "Station") -> Mapping[str, Any]:
        station.recorder.register_place(session, new, station.clock())
        return {}

    _do(context, "/v1/places", body, work)
    context.obj.show("register.place", place=place_id)


@place.command("outline", help="help.place.outline")
def outline_one(
    context: typer.Context,
    place_id: PlaceId,
    file: Annotated[Path, typer.Argument(help="option.geojson", exists=True, dir_okay=False)],
    declared_mu: Annotated[str | None, typer.Option("--declared-mu", help="option.declared_mu")] = None,
) -> None:
    """State the outline of a place, as the operator, and print the area measured."""
    from api.routes.register_answers import OutlineAnswer
    from trace.registers.outlines import OutlineNew, outline_place

    body = {**_polygon(context, file), "declared_mu": declared_mu}
    new = _checked(OutlineNew, body)

    def work(session: "Session", station: "Station") -> Mapping[str, Any]:
        made = outline_place(
            session, station.recorder.declarer, place_id, new, at_ms=station.clock(), by=None
        )
        return OutlineAnswer.of(made).model_dump()

    done = _do(context, f"/v1/places/{place_id}/outlines", body, work)
    context.obj.show("register.area", area_m2=done["area_m2"], area_mu=done["area_mu"])
    if done["differs"]:
        context.obj.remark("register.differs", declared_mu=done["declared_mu"])


@place.command("suspend", help="help.place.suspend")
def suspend_place(context: typer.Context, place_id: PlaceId, reason: Reason) -> None:
    """Suspend a place, as the operator."""
    _stand(context, "place", place_id, "suspend", reason)


@place.command("resume", help="help.place.resume")
def resume_place(context: typer.Context, place_id: PlaceId, reason: Reason) -> None:
    """Let a suspended place be used again, as the operator."""
    _stand(context, "place", place_id, "resume", reason)


@place.command("close", help="help.place.close")
def close_place(context: typer.Context, place_id: PlaceId, reason: Reason) -> None:
    """Close a place for good, as the operator."""
    _stand(context, "place", place_id, "close", reason)


@place.command("show", help="help.place.show")
def show_place(context: typer.Context, place_id: PlaceId) -> None:
    """Print a place with its registers as JSON, as the service answers it."""
    from api.routes.register_answers import PlaceAnswer
    from trace.registers.register_reading import place_shown

    with deployment.reading(deployment.settings()) as session:
        shown = PlaceAnswer.shown(place_shown(session, place_id), context.obj.language)
    context.obj.plain(shown.model_dump_json(indent=2))


def _stand(context: typer.Context, sort: str, target: str, verb: str, reason: str) -> None:
    from trace.registers import standing
    from trace.registers.register_words import Registered

    function = {"suspend": standing.suspend, "resume": standing.resume, "close": standing.close}[verb]
    plural = {"suspend": "suspensions", "resume": "resumptions", "close": "closings"}[verb]

    def work(session: "Session", station: "Station") -> Mapping[str, Any]:
        stated = function(
            session,
            station.recorder.declarer,
            Registered(sort),
            target,
            reason=reason,
            at_ms=station.clock(),
            by=None,
        )
        return {"statement_id": stated}

    stem = {"party": "parties", "place": "places"}[sort]
    done = _do(context, f"/v1/{stem}/{target}/{plural}", {"reason": reason}, work)
    context.obj.show("register.stated", statement=done["statement_id"])


def _do(context: typer.Context, path: str, body: Mapping[str, object], work: Work) -> Mapping[str, Any]:
    """Do `work` here, or hand `body` to the running service, and return the answer."""
    from api.cli.remote import hand_over

    chosen = deployment.settings()
    address = deployment.running(chosen)
    if address is not None:
        given = {name: value for name, value in body.items() if value is not None}
        answer: Mapping[str, Any] = hand_over(chosen, address, path, context.obj.language, body=given)
        return answer
    with deployment.writing(chosen) as station:
        return station.writer.submit(lambda session: work(session, station))


def _checked(kind: Any, body: Mapping[str, object]) -> Any:  # noqa: ANN401  any model of a request
    """Return `body` as a request; a person who typed something else is told where."""
    from pydantic import ValidationError

    try:
        return kind.model_validate({name: value for name, value in body.items() if value is not None})
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = "/".join(str(each) for each in first["loc"])
        raise typer.BadParameter(f"{where}: {first['msg']}") from wrong


def _polygon(context: typer.Context, file: Path) -> Mapping[str, object]:
    """Read the polygon of a GeoJSON file: a geometry, a feature, or a collection with one feature."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"), parse_float=str)
    except ValueError as wrong:
        raise typer.BadParameter(context.obj.words("register.not_geojson")) from wrong
    if isinstance(found, dict) and found.get("type") == "FeatureCollection" and len(found["features"]) == 1:
        found = found["features"][0]
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict) or found.get("type") != "Polygon":
        raise typer.BadParameter(context.obj.words("register.not_geojson"))
    return {"type": "Polygon", "coordinates": found.get("coordinates")}
