"""Copy the scripts of others that our pages load: pinned in package.json, hashed, with their licences.

Run by whoever raises a version, never at run time: `npm pack` fetches each package by its registry's own
client, nothing of it is executed, and only the files named here are copied. `vendored.json` lists every
file with its SHA-384, and a test compares.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "api" / "web" / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file of a package, and what it is called here."""

    package: str
    path: str
    name: str
    licence: str
    """SPDX name of the licence of what the file holds."""


WANTED: Final = (
    Wanted("zxing-wasm", "dist/iife/reader/index.js", "zxing-reader.js", "MIT"),
    # zxing-cpp, compiled; the text of its licence is our own LICENSE.
    Wanted("zxing-wasm", "dist/reader/zxing_reader.wasm", "zxing-reader.wasm", "Apache-2.0 AND MIT"),
    Wanted("zxing-wasm", "LICENSE", "zxing-wasm.LICENSE.txt", "MIT"),
)


def main() -> None:
    """Fetch every package anew and write its files and the list of them."""
    versions = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    listed = []
    for package, version in sorted(versions.items()):
        with tempfile.TemporaryDirectory() as folder:
            archive = _packed(f"{package}@{version}", Path(folder))
            listed += [_copied(archive, wanted, version) for wanted in WANTED if wanted.package == package]
    text = json.dumps(listed, indent=2, ensure_ascii=False)
    (FOLDER / "vendored.json").write_text(text + "\n", encoding="utf-8")


def _packed(named: str, folder: Path) -> Path:
    """Fetch a package into `folder`, running none of its scripts."""
    subprocess.run(["npm", "pack", "--ignore-scripts", "--silent", named], cwd=folder, check=True)
    return next(folder.glob("*.tgz"))


def _copied(archive: Path, wanted: Wanted, version: str) -> dict[str, str | int]:
    with tarfile.open(archive) as opened:
        member = opened.extractfile(f"package/{wanted.path}")
        if member is None:
            raise FileNotFoundError(wanted.path)
        body = member.read()
    (FOLDER / wanted.name).write_bytes(body)
    return {
        "file": wanted.name,
        "package": wanted.package,
        "version": version,
        "path": wanted.path,
        "licence": wanted.licence,
        "bytes": len(body),
        "sha384": integrity(body),
    }


def integrity(body: bytes) -> str:
    """Return a file's hash as browsers write it (W3C Subresource Integrity).

    >>> integrity(b"")[:20]
    'sha384-OLBgp1GsljhM2'
    """
    return "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()


if __name__ == "__main__":
    main()
