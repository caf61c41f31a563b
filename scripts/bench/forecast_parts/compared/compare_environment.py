"""The environment the packages we are compared with live in: `.venv-compare`, made from its own lock."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[4]
LOCK: Final = ROOT / "requirements-compare.lock"
FOLDER: Final = ROOT / ".venv-compare"


class ComparisonMissing(Exception):
    """No environment for the comparison could be made; figures that need it are not measured."""


def compare_python() -> Path:
    """The interpreter of an environment that holds exactly what the lock names, made where it is absent.

    `DAODI_COMPARE_PYTHON` names a ready one. A stamp keeps the digest of the lock it was made from.
    Raises `ComparisonMissing` with what the installer said.
    """
    if named := os.environ.get("DAODI_COMPARE_PYTHON"):
        return Path(named)
    python, stamp = FOLDER / "bin" / "python", FOLDER / "requirements-compare.lock.stamp"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text().strip() == digest:
        return python
    print("making .venv-compare (a minute or two)", file=sys.stderr, flush=True)
    _run(sys.executable, "-m", "venv", "--clear", str(FOLDER))
    _run(str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
         "--require-hashes", "--no-deps", "-r", str(LOCK))  # fmt: skip
    stamp.write_text(digest + "\n")
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise ComparisonMissing(lines[-1] if lines else f"{command[0]} ended with {done.returncode}")
