"""The static tree of c2sp.org/tlog-tiles written a second time, from its page alone and without our code."""

import hashlib


def mth(hashes: list[bytes], hasher: str = "sha256") -> bytes:
    """RFC 6962, section 2.1, over leaf hashes."""
    if not hashes:
        return hashlib.new(hasher).digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.new(hasher, b"\x01" + mth(hashes[:split], hasher) + mth(hashes[split:], hasher)).digest()


def number(index: int) -> str:
    """The page's example: index 1234067 is x001/x234/067."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03d}")
    return "/".join(parts)


def files(leaves: list[bytes], hasher: str = "sha256") -> dict[str, bytes]:
    """Every tile and bundle of the tree of these leaves, by path."""
    found: dict[str, bytes] = {}
    for begin in range(0, len(leaves), 256):
        some = leaves[begin : begin + 256]
        suffix = "" if len(some) == 256 else f".p/{len(some)}"
        bundle = b"".join(bytes([len(leaf) >> 8, len(leaf) & 255]) + leaf for leaf in some)
        found[f"tile/entries/{number(begin // 256)}{suffix}"] = bundle
    level, hashes = 0, [hashlib.new(hasher, b"\x00" + leaf).digest() for leaf in leaves]
    while hashes:
        above = []
        for begin in range(0, len(hashes), 256):
            some = hashes[begin : begin + 256]
            suffix = "" if len(some) == 256 else f".p/{len(some)}"
            found[f"tile/{level}/{number(begin // 256)}{suffix}"] = b"".join(some)
            if len(some) == 256:
                above.append(mth(some, hasher))
        level, hashes = level + 1, above
    return found
