"""The whole tree for any tlog client below one prefix: checkpoint, tiles, bundles (c2sp.org/tlog-tiles).

The prefix is `<service>/log`. Everything but the checkpoint never changes, so any cache or file server may
stand in front; nothing is served beyond the checkpoint that is published.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import PlainTextResponse

from api.callers import Anyone, TheStation
from api.encodings import encoded
from api.problems import problems
from api.sequencing import NOT_THE_LOG
from ledger import log
from ledger.checkpoint import SignedCheckpoint
from ledger.errors import LogNotFounded, NoCheckpointYet
from ledger.tree.static_tree import tree_bytes
from ledger.tree.tile_errors import NoSuchTile
from ledger.tree.tile_paths import PREFIX, TilePath

router = APIRouter(prefix="/log", tags=["ledger"])

CHECKPOINT: Final[dict[str, Any]] = {
    "description": "A C2SP tlog-checkpoint in a signed note.",
    "content": {"text/plain": {}},
}
"""How the API documents describe a checkpoint."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_BINARY: Final = "application/octet-stream"
TILE: Final[dict[str, Any]] = {
    "description": "Hashes one after another, or entries each behind its length as a uint16.",
    "content": {_BINARY: {}},
}
"""How the API documents describe a tile."""

TilePathText = Annotated[
    str, Path(max_length=80, description="`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`.", examples=["0/000"])
]


@router.head("/checkpoint", include_in_schema=False)
@router.get(
    "/checkpoint",
    summary="Read the newest checkpoint, as tlog clients ask for it",
    response_class=PlainTextResponse,
    responses={200: CHECKPOINT, **problems(NoCheckpointYet, LogNotFounded, *NOT_THE_LOG)},
)
def read_tree_head(caller: Anyone, station: TheStation) -> PlainTextResponse:  # noqa: ARG001  declares who may call
    """Return the published checkpoint; it is never cached."""
    station.require_standing()
    with station.database.read() as session:
        return head_answer(log.checkpoint(session))


@router.head("/tile/{path:path}", include_in_schema=False)
@router.get(
    "/tile/{path:path}",
    summary="Read a tile or an entry bundle",
    response_class=Response,
    responses={200: TILE, **problems(NoSuchTile, NoCheckpointYet, LogNotFounded)},
)
def read_tile(path: TilePathText, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return its bytes: of any width the published tree has or had, for ever the same."""
    wanted = TilePath.parse(PREFIX + path)
    with station.database.read() as session:
        content = tree_bytes(session, wanted, log.checkpoint(session).size)
    return tile_answer(wanted, content, request)


def head_answer(head: SignedCheckpoint) -> PlainTextResponse:
    """Return a checkpoint as it is published: never cached."""
    return PlainTextResponse(head.text, headers={"Cache-Control": "no-store"})


def tile_answer(wanted: TilePath, content: bytes, request: Request) -> Response:
    """Return a tile or bundle, cached for ever; bundles compressed for whoever takes that."""
    headers = {"Cache-Control": _FOR_EVER}
    if wanted.entries:
        content = encoded(content, request.headers, headers)
    return Response(content, media_type=_BINARY, headers=headers)
