"""Records a run for `power`: what it does to its database and beside its keys, and what was there before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crash.plan import Plan
from crash.plants import SWALLOWED_SYNC
from crash.power_images import DATABASE
from crash.power_trace import Trace
from crash.recording_folder import FolderWatch
from crash.recording_vfs import RecordingVfs


@contextmanager
def recorded(plan: Plan) -> Iterator[Trace]:
    """Record what happens in the block and keep it in the plan's file; without one nothing is recorded."""
    trace = Trace()
    if plan.recording is None:
        yield trace
        return
    trace.before = files_of(Path(plan.folder))
    swallowing = SWALLOWED_SYNC in plan.plants
    watch = FolderWatch(trace, Path(plan.folder), ("keys",))
    vfs = RecordingVfs(trace, plan.failing_syncs, swallowing=swallowing)
    vfs.install()
    try:
        with watch.watching():
            yield trace
    finally:
        vfs.remove()
        trace.keep(Path(plan.recording))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of the database and the keys of the station in `folder`."""
    database = [path for path in folder.glob(f"{DATABASE}*") if path.suffix != ".writer"]
    keys = [path for path in (folder / "keys").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in (*database, *keys)}
