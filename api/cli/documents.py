"""`daodi document keep`: a report, photo or series kept by its hash, here or by the running service."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment, files

if TYPE_CHECKING:
    from api.settings import Settings

document = typer.Typer(help="help.document")
_TYPES: Final = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
}
"""The type a name claims; the file's own bytes decide."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(document, name="document")


@document.callback()
def documents() -> None:
    """Keep the group a group though it has one command."""


@document.command("keep", help="help.document.keep")
def keep(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.file")],
    party: Annotated[str, typer.Option("--party", help="option.document_party")],
    kind: Annotated[str, typer.Option("--kind", help="option.document_kind")],
    title: Annotated[str, typer.Option("--title", help="option.document_title")] = "",
    visibility: Annotated[str, typer.Option("--visibility", help="option.document_visibility")] = "partner",
    lot: Annotated[list[str] | None, typer.Option("--lot", help="option.document_lot")] = None,
    quantity: Annotated[str, typer.Option("--quantity", help="option.document_quantity")] = "",
) -> None:
    """Keep a file and state it; the same file again states nothing new."""
    screen, chosen = context.obj, deployment.settings()
    body = files.read(file, limit=chosen.max_document_bytes)
    form = {
        "party": party,
        "kind": kind,
        "title": title or file.name[:120],
        "visibility": visibility,
        "lots": ",".join(lot or ()),
        "quantity": quantity,
    }
    form = {name: text for name, text in form.items() if text}
    declared = _TYPES.get(file.suffix.lower(), "application/octet-stream")
    address = deployment.running(chosen)
    if address is None:
        done = _keep_here(chosen, form, body, declared)
    else:
        from api.cli.remote import hand_over

        sent = (file.name, body, declared)
        done = hand_over(chosen, address, "/v1/documents", screen.language, file=sent, form=form)
    screen.show("document.again" if done["replayed"] else "document.kept", **done)
    if done["series"]:
        screen.show("document.series", **done["series"])


def _keep_here(chosen: "Settings", form: dict[str, str], body: bytes, declared: str) -> dict[str, Any]:
    from pydantic import ValidationError

    from api.documents import take_in_document
    from api.errors import FieldWrong
    from api.field_words import field_words
    from ledger.errors import Location
    from trace.documents.documents import DocumentNew
    from trace.sensors.sensing import Quantity

    lots = tuple(form.get("lots", "").split(",")) if form.get("lots") else ()
    said = {name: text for name, text in form.items() if name not in ("lots", "quantity")}
    try:
        new = DocumentNew.model_validate({**said, "lots": lots})
        quantity = Quantity(form["quantity"]) if "quantity" in form else None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        words = field_words(first)
        where = str(first["loc"][0])
        raise FieldWrong(reason_zh=words.zh, reason_en=words.en, at=Location(field=where)) from None
    except ValueError:
        known = ", ".join(each.value for each in Quantity)
        raise FieldWrong(reason_zh=known, reason_en=known, at=Location(field="quantity")) from None
    with deployment.writing(chosen) as station:
        done = take_in_document(station, new, (body,), declared, quantity)
    return {
        "sha256": done.kept.sha256,
        "media_type": done.kept.media_type,
        "size": done.kept.size,
        "replayed": done.stated.replayed,
        "series": done.series,
    }
