"""Roots of RFC 6962, section 2.1, computed by nothing of ours: what `judge` holds the product against."""

import hashlib
from collections.abc import Iterable, Sequence


def roots_at(leaves: Iterable[bytes], sizes: Sequence[int]) -> dict[int, bytes]:
    """Return the root over the first n leaves (their bytes) for every n in `sizes` that is reached.

    >>> roots_at([], [0])[0].hex()[:16]
    'e3b0c44298fc1c14'
    """
    wanted = set(sizes)
    found = {0: hashlib.sha256(b"").digest()} if 0 in wanted else {}
    peaks: list[tuple[int, bytes]] = []
    for size, leaf in enumerate(leaves, start=1):
        peaks.append((1, hashlib.sha256(b"\x00" + leaf).digest()))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            width, right = peaks.pop()
            _, left = peaks.pop()
            peaks.append((2 * width, hashlib.sha256(b"\x01" + left + right).digest()))
        if size in wanted:
            found[size] = _folded(peaks)
    return found


def _folded(peaks: list[tuple[int, bytes]]) -> bytes:
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = hashlib.sha256(b"\x01" + left + root).digest()
    return root
