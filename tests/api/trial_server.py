"""Serve one small application on loopback: `python -m tests.api.trial_server ours|stock PORT FOLDER`.

A process of its own, so that its memory can be measured from outside.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI

from api.app import create_app
from api.callers import Anyone
from api.founding import found
from api.settings import load_settings
from api.station import Station


def _router() -> APIRouter:
    router = APIRouter()

    @router.post("/names")
    def names(names: list[str], _: Anyone) -> int:
        return len(names)

    return router


def _serve(app: FastAPI, port: int) -> None:
    uvicorn.run(
        app, host="127.0.0.1", port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1
    )


def main(kind: str, port: int, folder: Path) -> None:
    if kind == "stock":
        app = FastAPI()
        app.include_router(_router())
        _serve(app, port)
        return
    settings = load_settings(folder=folder, body_seconds=3)
    found(settings)
    with Station.open(settings, background=False) as station:
        _serve(create_app(station, [_router()]), port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
