"""`daodi witness`: be a witness of other logs, and see what the witnesses of this one said."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.cli.screen import Screen
    from ledger.witnessing.policy import Policy

_FOLDER: Final = Path(".daodi-witness")
_PORT: Final = 7380

witness = typer.Typer(help="help.witness")

Folder = Annotated[Path, typer.Option("--folder", help="option.witness_folder")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(witness, name="witness")


@witness.command("init", help="help.witness.init")
def init(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="option.witness_name")],
    log: Annotated[list[str], typer.Option("--log", help="option.witness_log")],
    folder: Folder = _FOLDER,
) -> None:
    """Make what of a witness is missing, and begin to remember the logs named."""
    from api.clock import system_randomness
    from api.passphrases import passphrase_of
    from api.witness_setup import set_up

    screen = context.obj
    passphrase = passphrase_of(deployment.settings())
    cosigner = set_up(folder, name, log, system_randomness, passphrase)
    screen.show("witness.ready", folder=folder, name=cosigner.name)
    screen.plain(cosigner.to_vkey())
    screen.remark(
        "witness.policy_line", line=f"witness {cosigner.name} {cosigner.to_vkey()} http://…:{_PORT}"
    )
    screen.remark("witness.keep_memory", folder=folder)


@witness.command("serve", help="help.witness.serve")
def serve(
    context: typer.Context,
    folder: Folder = _FOLDER,
    host: Annotated[str, typer.Option("--host", help="option.host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="option.port", min=0, max=65535)] = _PORT,
) -> None:
    """Cosign what the logs it was told of offer, until interrupted."""
    from api.clock import system_clock
    from api.passphrases import passphrase_of
    from api.witness_service import serve_witness
    from api.witness_setup import open_witness

    chosen = deployment.settings()
    opened = open_witness(folder, lambda: system_clock() // 1000, passphrase_of(chosen))
    try:
        context.obj.remark("serve.open", address=f"http://{host}:{port}")
        serve_witness(opened, host, port, chosen)
    finally:
        opened.store.close()


@witness.command("show", help="help.witness.show")
def show(context: typer.Context, folder: Folder = _FOLDER) -> None:
    """Show the witness's key, and what it cosigned last of each log."""
    from api.witness_setup import open_memory

    screen = context.obj
    store, origins = open_memory(folder)
    try:
        screen.show("witness.key", vkey=store.vkey)
        seen = [(origin, store.seen(origin)) for origin in origins]
    finally:
        store.close()
    screen.table(
        ("head.log", "head.size", "head.root", "head.cosigned"),
        (
            (origin, str(last.size), last.root.hex()[:16], _time(last.at_s) if last.at_s else "")
            for origin, last in seen
        ),
    )


@witness.command("policy", help="help.witness.policy")
def policy(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="option.policy_file")] = None,
) -> None:
    """Check a policy and say what it asks for; without a file, also what its witnesses have said."""
    from api.cli.errors import NoPolicy
    from api.policy_file import load_policy, read_policy_file
    from ledger.witnessing.publication import policy_in_force

    screen = context.obj
    if file is not None:
        _describe(screen, read_policy_file(file))
        return
    chosen = deployment.settings()
    wanted = load_policy(chosen)
    with deployment.reading(chosen) as session:
        found = wanted or policy_in_force(session)
        if found is None:
            raise NoPolicy
        _describe(screen, found)
        _heard(screen, found, session)


def _describe(screen: "Screen", found: "Policy") -> None:
    for log in found.logs:
        screen.show("policy.log", name=log.key.name, vkey=log.key.to_vkey())
    if not found.logs:
        screen.show("policy.no_log")
    screen.table(
        ("head.witness", "head.address", "head.key"),
        ((each.name, each.url or "", _short(each.key.to_vkey())) for each in found.witnesses),
    )
    for group in found.groups:
        screen.show(
            "policy.group",
            name=group.name,
            least=group.threshold,
            count=len(group.members),
            members=", ".join(group.members),
        )
    if found.fewest:
        screen.show("policy.quorum", name=found.quorum, fewest=found.fewest)
    else:
        screen.show("policy.quorum_none")


def _heard(screen: "Screen", found: "Policy", session: "Session") -> None:
    from ledger import store
    from ledger.errors import NoCheckpointYet
    from ledger.witnessing.publication import cosignature_lines, known_size, published, refuse_below_witnesses

    newest = store.last_checkpoint(session)
    if newest is None:
        screen.show("policy.unsigned")
        return
    lines = cosignature_lines(session, newest.size)
    rows = []
    for each in found.witnesses:
        known = known_size(session, each.key)
        done = each.key.to_vkey() in lines
        rows.append(
            (
                each.name,
                screen.words("policy.never") if known is None else str(known),
                screen.words(_MARK[done]),
            )
        )
    screen.table(("head.witness", "head.known", "head.newest"), rows)
    try:
        shown = published(session).size
    except NoCheckpointYet:
        shown = 0
    screen.show("policy.published", size=shown, signed=newest.size)
    refuse_below_witnesses(session, newest.size)


_MARK: Final = {True: "policy.cosigned", False: "policy.not_cosigned"}


def _short(vkey: str) -> str:
    """Return the name and hash of a key, by which its signature lines are known."""
    return "+".join(vkey.split("+")[:2])  # base64 has plus signs too


def _time(epoch_s: int) -> str:
    return f"{datetime.fromtimestamp(epoch_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
