"""Serves one fresh station on loopback, to be measured: `python served.py FOLDER URL GROUP`.

It founds the service, registers the keys of some parties, prints one line of JSON (port, log name, tokens)
and serves until its standard input closes. GROUP is how many writes share a transaction.
"""

import json
import socket
import sys
import threading
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import uvicorn
from sqlmodel import Session

from api import logs
from api.app import create_app
from api.connections import Connection
from api.founding import found
from api.settings import Settings, load_settings
from api.station import Station
from api.tokens import Scope, issue_token
from ledger.keys import SigningKey
from ledger.registry import register_key

PARTIES: Final = tuple(f"91341600MA2MRY{number:03d}X" for number in range(8))


def key_of(party: str) -> SigningKey:
    """The same key for the service that registers it and the generator that signs with it."""
    return SigningKey.from_seed(party.encode().ljust(32, b"."))


def settings_of(folder: Path, url: str, group: int, port: int) -> Settings:
    """The settings of a deployment, but for the size of a group."""
    return load_settings(folder=folder, database_url=url, group_size=group, port=port, log_level="warning")


def introduced(station: Station) -> list[str]:
    """Register the parties' keys and return a token for each."""

    def work(session: Session) -> list[str]:
        tokens = []
        for party in PARTIES:
            register_key(session, key_of(party), station.settings.origin, station.clock(), party)
            tokens.append(
                issue_token(
                    session,
                    name=party,
                    scopes=frozenset({Scope.STEPS_WRITE}),
                    party=party,
                    created_ms=station.clock(),
                    expires_ms=None,
                    randomness=station.randomness,
                )
            )
        return tokens

    return station.writer.submit(work)


def main(folder: Path, url: str, group: int) -> None:
    """Found, introduce, serve."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings = settings_of(folder, url, group, port)
        logs.configure(settings)
        found(settings)
        with Station.open(settings) as station:
            tokens = introduced(station)
            server = uvicorn.Server(
                uvicorn.Config(
                    create_app(station),
                    http=Connection,
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    proxy_headers=True,
                )
            )
            threading.Thread(target=_until_told, args=(server,), daemon=True).start()
            print(json.dumps({"port": port, "origin": settings.origin, "tokens": tokens}), flush=True)
            server.run(sockets=[listening])


def _until_told(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
