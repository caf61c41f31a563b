"""`daodi init` and `daodi serve`."""

import os
from typing import Annotated

import typer

from api.cli import deployment


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("init", help="help.init")(init)
    app.command("serve", help="help.serve")(serve)


def init(context: typer.Context) -> None:
    """Make what of a service is missing here; what exists is kept, tables are brought up to date."""
    from api.founding import found

    screen = context.obj
    chosen = deployment.settings()
    deployment.must_not_serve(chosen)
    existed = chosen.keys_folder.is_dir()
    found(chosen, passphrase=deployment.passphrase(chosen))
    with deployment.writing(chosen) as station:
        station.settle()  # the log's own key is its first entry
    screen.show("init.current" if existed else "init.done", folder=chosen.folder)
    screen.show("init.vkey", vkey=deployment.trusted_key(chosen))
    if chosen.origin == type(chosen).model_fields["origin"].default:
        screen.remark("init.trial_name", origin=chosen.origin)
    screen.remark("init.next")


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="option.host")] = None,
    port: Annotated[int | None, typer.Option("--port", help="option.port", min=0, max=65535)] = None,
) -> None:
    """Serve until interrupted; everything acknowledged is in the log when it ends."""
    from api.serving import serve as serve_station
    from api.settings import load_settings

    told: dict[str, object] = {}
    if host is not None:
        told["host"] = host
    if port is not None:
        told["port"] = port
        if "DAODI_BASE_URL" not in os.environ:  # links must lead to where it listens
            told["base_url"] = f"http://127.0.0.1:{port}"
    chosen = load_settings(**told)
    context.obj.remark("serve.open", address=f"http://{chosen.host}:{chosen.port}")
    serve_station(chosen, deployment.passphrase(chosen))
