"""A disk whose every fsync takes 4 ms longer, as an ordinary one's does, where this machine's is faster.

Done by a small library loaded before the C library (ld.so(8), LD_PRELOAD), so that SQLite, PostgreSQL and
whatever else a process starts wait alike.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

DELAY_MS: Final = 4

_SOURCE: Final = f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void wait_longer(void) {{ struct timespec t = {{0, {DELAY_MS} * 1000000L}}; nanosleep(&t, 0); }}
int fsync(int fd) {{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(fd);
    wait_longer();
    return result;
}}
int fdatasync(int fd) {{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(fd);
    wait_longer();
    return result;
}}
"""


def slow_disk(folder: Path) -> dict[str, str] | None:
    """Return the environment in which a process finds its disk slow; None where no C compiler is."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "slow_disk.c", folder / "slow_disk.so"
    source.write_text(_SOURCE)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}
