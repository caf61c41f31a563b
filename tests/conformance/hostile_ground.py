"""A good evidence file, and a hostile log that alters entries and signs the outcome anew."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from ledger.keys import SigningKey
from ledger.merkle import leaf_hash, nodes_of, root_of
from ledger.note import NoteKey
from ledger.proofs.joint_proof import prove_together, spans_of
from tests.ledger.evidence_log import cosigned
from tests.ledger.small_log import LOG_KEY, ORIGIN

ORDER = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
LOW = (0, 1, P - 1, ORDER_EIGHT, P - ORDER_EIGHT)
UNSAFE = [(y | sign << 255).to_bytes(32, "little") for y in (*LOW, P, P + 1) for sign in (0, 1)]
"""The fourteen encodings of points of small order (RFC 8032 decoding, canonical or not)."""


@dataclass(frozen=True)
class Ground:
    """A good file and everything needed to forge others like it."""

    raw: bytes
    leaves: tuple[bytes, ...]
    """Every entry of the log, by index."""


def written(value: object) -> bytes:
    """Canonical or not: whatever the value holds, in the canonical layout."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def hostile(ground: Ground, change: Callable[[dict, dict[int, dict]], None]) -> bytes:
    """The file of a log that altered entries and signed the outcome, with witnesses that looked away."""
    file = json.loads(ground.raw)
    parsed = {each["index"]: json.loads(each["leaf"]) for each in file["entries"]}
    change(file, parsed)
    leaves = list(ground.leaves)
    for index, members in parsed.items():
        leaves[index] = written(members)
    for each in file["entries"]:
        each["leaf"] = leaves[each["index"]].decode("utf-8", "surrogatepass")
    hashes = [leaf_hash(leaf) for leaf in leaves]
    shown = [each["index"] for each in file["entries"]]
    proof = prove_together(shown, len(hashes), spans_of(nodes_of(hashes)))
    file["hashes"] = base64.b64encode(b"".join(proof)).decode()
    root = base64.b64encode(root_of(hashes)).decode()
    file["checkpoint"] = signed([ORIGIN, str(len(hashes)), root])
    return written(file)


def signed(body: list[str], key: SigningKey = LOG_KEY, witnesses: int = 2) -> list[str]:
    text = "\n".join(body) + "\n"
    raw = NoteKey(ORIGIN, key.public).key_hash + key.sign(text.encode())
    lines = [*body, "", f"— {ORIGIN} {base64.b64encode(raw).decode()}"]
    return lines + cosigned(lines, witnesses)


def resigned(members: dict, key: SigningKey) -> None:
    """Sign an altered entry as its party would."""
    said = {name: value for name, value in members.items() if name not in {"seq", "prev", "sig"}}
    body = written(said)
    message = b"daodi/statement/v1\n" + len(body).to_bytes(8, "big") + body
    members["sig"] = base64.b64encode(key.sign(message)).decode()


def malleable(text: str, at: int = 32) -> str:
    """The signature in this base64 text with the order added to S."""
    raw = bytearray(base64.b64decode(text))
    s = int.from_bytes(raw[at : at + 32], "little") + ORDER
    raw[at : at + 32] = s.to_bytes(32, "little")
    return base64.b64encode(bytes(raw)).decode()
