"""The SM3 tree for whoever follows it, as `/log` serves the log itself: checkpoint, tiles, bundles.

The prefix is `<service>/log-sm3`; hashes are SM3, the signature on the checkpoint is SM2.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from api.callers import Anyone, TheStation
from api.problems import problems
from api.routes.tiles import CHECKPOINT, TILE, TilePathText, head_answer, tile_answer
from api.station import Station
from ledger.sm import store
from ledger.sm.errors import SmTreeNotFounded
from ledger.sm.tables import SmTileRow
from ledger.tree.static_tree import tree_bytes
from ledger.tree.tile_errors import NoSuchTile
from ledger.tree.tile_paths import PREFIX, TilePath

router = APIRouter(prefix="/log-sm3", tags=["ledger"])


@router.head("/checkpoint", include_in_schema=False)
@router.get(
    "/checkpoint",
    summary="Read the newest checkpoint of the SM3 tree",
    response_class=PlainTextResponse,
    responses={200: CHECKPOINT, **problems(SmTreeNotFounded)},
)
def read_sm_tree_head(caller: Anyone, station: TheStation) -> PlainTextResponse:  # noqa: ARG001  declares who may call
    """Return it; it is never cached."""
    _check_used(station)
    with station.database.read() as session:
        return head_answer(store.published(session))


@router.head("/tile/{path:path}", include_in_schema=False)
@router.get(
    "/tile/{path:path}",
    summary="Read a tile of the SM3 tree or an entry bundle",
    response_class=Response,
    responses={200: TILE, **problems(NoSuchTile, SmTreeNotFounded)},
)
def read_sm_tile(path: TilePathText, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return its bytes; the bundles are those of the log."""
    _check_used(station)
    wanted = TilePath.parse(PREFIX + path)
    with station.database.read() as session:
        content = tree_bytes(session, wanted, store.published(session).size, SmTileRow)
    return tile_answer(wanted, content, request)


def _check_used(station: Station) -> None:
    """Raise `SmTreeNotFounded` where the tree is switched off: it would no longer follow the log."""
    if not station.sm_following.used:
        raise SmTreeNotFounded
