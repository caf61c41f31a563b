"""Serves on loopback until its standard input closes: `python served_scans.py FOLDER URL [REDIS]`, or `bare`.

One worker, as `daodi serve` runs it; `bare` is a Starlette application of one route that answers a small
JSON document. Prints one line of JSON: its port, and an operator's token.
"""

import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api import logs
from api.app import create_app
from api.connections import Connection
from api.station import Station
from api.tokens import Scope, issue_token
from scan_parts.grown_codes import settings_of


async def _small(_request: Request) -> JSONResponse:
    return JSONResponse({"code": "7Q2MAXKPD4R9TWE3HZCB", "verdict": "matches", "scans": 1})


def _serve(app: Any, listening: socket.socket, token: str) -> None:  # noqa: ANN401  any ASGI application
    server = uvicorn.Server(
        uvicorn.Config(
            app, http=Connection, log_config=None, access_log=False, server_header=False, proxy_headers=True
        )
    )
    threading.Thread(target=_until_told, args=(server,), daemon=True).start()
    told = {"port": listening.getsockname()[1], "token": token, "pid": os.getpid()}
    print(json.dumps(told), file=sys.__stdout__, flush=True)
    server.run(sockets=[listening])


def _until_told(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


def _token(station: Station) -> str:
    return station.writer.submit(
        lambda session: issue_token(
            session,
            name="bench",
            scopes=frozenset({Scope.OPERATOR}),
            party=None,
            created_ms=station.clock(),
            expires_ms=None,
            randomness=station.randomness,
        )
    )


def main(arguments: list[str]) -> None:
    """Serve what the arguments say; log lines are written as a service writes them, and read by nobody."""
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  open until the process ends
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        if arguments == ["bare"]:
            _serve(Starlette(routes=[Route("/", _small)]), listening, "")
            return
        folder, url, *redis = arguments
        settings = settings_of(Path(folder), url, redis[0] if redis else None, listening.getsockname()[1])
        logs.configure(settings)
        with Station.open(settings) as station:
            _serve(create_app(station), listening, _token(station))


if __name__ == "__main__":
    main(sys.argv[1:])
