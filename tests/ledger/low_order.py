"""The 14 encodings of the points of small order, from the equation of the curve alone."""

PRIME = 2**255 - 19
D = -121665 * pow(121666, -1, PRIME) % PRIME


def low_order_ys() -> set[int]:
    """The y of every point P with 8P = 0, from the curve equation alone (RFC 8032, section 5.1).

    Orders 1, 2 and 4 have y = 1, -1 and 0. A point of order 8 doubles to y = 0, so y^2 = -x^2,
    which the curve turns into d y^4 + 2 y^2 - 1 = 0.
    """
    ys = {0, 1, PRIME - 1}
    root = modular_root(1 + D)
    for squared in ((-1 + root) * pow(D, -1, PRIME) % PRIME, (-1 - root) * pow(D, -1, PRIME) % PRIME):
        if pow(squared, (PRIME - 1) // 2, PRIME) == 1:
            ys |= {modular_root(squared), PRIME - modular_root(squared)}
    return ys


def modular_root(square: int) -> int:
    root = pow(square, (PRIME + 3) // 8, PRIME)
    return root if root * root % PRIME == square % PRIME else root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME


def low_order_encodings() -> list[bytes]:
    """Every 32-byte string that decodes, strictly or loosely, to one of those points."""
    spellings = {y + extra for y in low_order_ys() for extra in (0, PRIME) if y + extra < 2**255}
    return [(y | sign << 255).to_bytes(32, "little") for y in sorted(spellings) for sign in (0, 1)]
