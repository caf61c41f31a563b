"""The folder a demo city lives in: its settings, and a note of which city is loaded there."""

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings, load_settings
from api.writer_lock import running_service
from daodi_city.city import City
from daodi_city.errors import DemoRunning, FolderNotOurs
from daodi_city.visitors import FILE as SIGN_IN_FILE

_NOTE = "city.json"
FIRST_PORT = 8000
_PORTS_TRIED = 50


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """One folder for one city."""

    path: Path

    def settings(self, port: int = FIRST_PORT) -> Settings:
        """Return the settings of a service on this folder: SQLite, loopback, marked as a demonstration."""
        return load_settings(
            folder=self.path.absolute(),
            database_url=None,
            redis_url=None,
            origin="demo.daodi.example/log",
            base_url=f"http://127.0.0.1:{port}",
            host="127.0.0.1",
            port=port,
            demo=True,
            log_level="warning",
        )

    def holds(self, city: City) -> bool:
        """Say whether exactly this city was loaded here to the end, with accounts to sign in with."""
        whole = self._note() == {"fingerprint": city.fingerprint, "loaded": True}
        return whole and (self.path / SIGN_IN_FILE).exists()

    def require_idle(self) -> None:
        """Raise `DemoRunning` while another process writes to the city in this folder."""
        running = running_service(self.path / "daodi.sqlite")
        if running is not None:
            raise DemoRunning(folder=self.path, pid=running.pid or "?", url=running.url or "-")

    def clear(self) -> None:
        """Empty the folder; raises `FolderNotOurs` when it holds anything no demo put there."""
        if not self.path.exists():
            return
        if any(self.path.iterdir()) and self._note() is None:
            raise FolderNotOurs(folder=self.path)
        shutil.rmtree(self.path)

    def begin(self, city: City) -> None:
        """Note that this city is being loaded: a load cut short is never taken for a whole one."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write({"fingerprint": city.fingerprint, "loaded": False})

    def finish(self, city: City) -> None:
        """Note that this city is loaded."""
        self._write({"fingerprint": city.fingerprint, "loaded": True})

    def _write(self, note: dict[str, object]) -> None:
        (self.path / _NOTE).write_text(json.dumps(note), encoding="utf-8")

    def _note(self) -> dict[str, object] | None:
        try:
            read = json.loads((self.path / _NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return read if isinstance(read, dict) else None


def free_port(wished: int | None) -> int:
    """Return `wished`, or else the first free port on loopback from 8000 on."""
    if wished is not None:
        return wished
    for port in range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0
