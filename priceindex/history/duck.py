"""A DuckDB connection that reads and writes one folder and nothing else: no network, no extension."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class DuckLimits:
    """What a query may use."""

    threads: int = 2
    memory_mb: int = 2048
    """Beyond it DuckDB spills to a temporary folder."""


@contextmanager
def opened(folder: Path, limits: DuckLimits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database that sees `folder` alone; its settings can no longer be changed."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": limits.threads,
        "memory_limit": f"{limits.memory_mb}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # Rows are sorted where their order matters; keeping that of the file would cost threads.
        "preserve_insertion_order": False,
    }
    with (
        tempfile.TemporaryDirectory(prefix="daodi-history-") as spill,
        duckdb.connect(config=settings) as found,
    ):
        found.execute(f"SET temp_directory = {quoted(spill)}")
        found.execute(f"SET allowed_directories = [{quoted(str(folder.resolve()))}]")
        found.execute("SET enable_external_access = false")
        found.execute("SET lock_configuration = true")
        yield found


def quoted(text: str) -> str:
    """Write a text as a literal of SQL: settings take no parameters.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
