"""Which SQLite versions may lose or damage committed rows when two connections write a WAL.

The WAL-reset bug stands in 3.7.0 to 3.51.2 and was fixed in 3.51.3, with the fix carried back to
3.50.7 and 3.44.6 (https://sqlite.org/wal.html#the_wal_reset_bug, releaselog/3_51_3).
"""

Version = tuple[int, int, int]

_FIXED: Version = (3, 51, 3)
_FIXED_BRANCHES: tuple[Version, ...] = ((3, 50, 7), (3, 44, 6))


def has_wal_reset_bug(version: Version) -> bool:
    """Tell whether this SQLite needs all writes and checkpoints on one connection of one process.

    >>> has_wal_reset_bug((3, 40, 1)), has_wal_reset_bug((3, 51, 3)), has_wal_reset_bug((3, 44, 6))
    (True, False, False)
    """
    if version < (3, 7, 0) or version >= _FIXED:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_BRANCHES)
