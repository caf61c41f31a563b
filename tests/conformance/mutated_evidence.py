"""Evidence files changed in every way we could think of, drawn from a seed: what two verifiers must agree on.

Besides bytes and members of one good file, a hostile log is played: entries are altered and the tree, the
checkpoint and its witnesses made anew, so that the checks behind the first signature are reached too.
"""

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.conformance.hostile_ground import (
    ORDER,
    UNSAFE,
    Ground,
    hostile,
    malleable,
    resigned,
    signed,
    written,
)
from tests.ledger.evidence_log import LOST, MAKER_NEXT, POLICY
from tests.ledger.small_log import GROWER, LOG_KEY, ORIGIN


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    policy: str


def cases(ground: Ground, seed: int, count: int) -> Iterator[Case]:
    """`count` cases, every kind in turn."""
    chance = random.Random(seed)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        made = kind(ground, chance)
        raw, policy = made if isinstance(made, tuple) else (made, POLICY)
        yield Case(kind.__name__, raw, policy)


def bit_of_the_file(ground: Ground, chance: random.Random) -> bytes:
    raw = bytearray(ground.raw)
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def cut(ground: Ground, chance: random.Random) -> bytes:
    begin = chance.randrange(len(ground.raw))
    return ground.raw[:begin] + ground.raw[begin + chance.randrange(1, 60) :]


def unchanged(ground: Ground, chance: random.Random) -> bytes:
    return hostile(ground, lambda _file, _parsed: None) if chance.random() < 0.5 else ground.raw


def member_twice(ground: Ground, chance: random.Random) -> bytes:
    text = ground.raw.decode()
    names = [name for name in ('"index":', '"code":', '"size":', '"place":', '"hashes":') if name in text]
    name = chance.choice(names)
    return text.replace(name, f"{name}{chance.choice(['0', '1', 'null'])},{name}", 1).encode()


def spelling(ground: Ground, chance: random.Random) -> bytes:
    """Base64 and JSON spelt otherwise."""
    file = json.loads(ground.raw)
    where = chance.choice([(file, "hashes"), (file["complete"], "hashes"), (file["code"], "path")])
    text = where[0][where[1]]
    last = text.rstrip("=")
    other = chance.choice(
        [
            last,
            text + "=",
            text + "\n",
            " " + text,
            text.replace("+", "-").replace("/", "_"),
            last[:-1] + chance.choice("ABCDEFGHwxyz+/") + text[len(last) :],
            text[: 4 * chance.randrange(1, 6)],
            text + "AAAA",
            base64.b64encode(base64.b64decode(text) + bytes(32)).decode(),
            "",
        ]
    )
    where[0][where[1]] = other
    return written(file)


def shape(ground: Ground, chance: random.Random) -> bytes:
    """Members of another type, missing or left over."""
    file = json.loads(ground.raw)
    head = file["complete"]["heads"][0]
    target = chance.choice([file, file["code"], file["complete"], head, *file["entries"]])
    name = chance.choice(sorted(target))
    odd = [
        None,
        True,
        0,
        -1,
        1.5,
        2**53,
        10**30,
        "",
        "x",
        [],
        {},
        [[]],
        "\ud800",
        "a\u202eb",
        "\x01",
        "\u2028",
    ]
    chance.choice(
        [
            lambda: target.pop(name),
            lambda: target.update({name: chance.choice(odd)}),
            lambda: target.update({"extra": 1}),
            lambda: target.update({"__proto__": {}}),
            lambda: target.update({"é": 1}),
        ]
    )()
    return written(file)


def swapped(ground: Ground, chance: random.Random) -> bytes:
    file = json.loads(ground.raw)
    one, two = chance.sample(file["entries"], 2)
    name = chance.choice(["leaf", "index"])
    one[name], two[name] = two[name], one[name]
    if chance.random() < 0.5:
        file["entries"].sort(key=lambda each: each["index"])
    return written(file)


def index_moved(ground: Ground, chance: random.Random) -> bytes:
    file = json.loads(ground.raw)
    chance.choice(file["entries"])["index"] += chance.choice([-2, -1, 1, 2, 2**40])
    return written(file)


def entry_left_out(ground: Ground, chance: random.Random) -> bytes:
    def change(file: dict, parsed: dict[int, dict]) -> None:
        gone = file["entries"].pop(chance.randrange(len(file["entries"])))
        parsed.pop(gone["index"])

    return hostile(ground, change)


def checkpoint(ground: Ground, chance: random.Random) -> bytes:
    file = json.loads(ground.raw)
    lines = file["checkpoint"]
    at = chance.randrange(4, len(lines))
    words = lines[at].split(" ")
    body = lines[:3]
    chance.choice(
        [
            lambda: lines.pop(at),
            lambda: lines.append(lines[at]),
            lambda: lines.extend([lines[at]] * 17),
            lambda: lines.append("— stranger.example AAAAAAAA"),
            lambda: lines.append("— stranger.example AAAAAA=="),
            lambda: lines.append("- stranger.example AAAAAAAA"),
            lambda: lines.append(""),
            lambda: lines.__setitem__(1, "0" + lines[1]),
            lambda: lines.__setitem__(1, str(int(lines[1]) + 1)),
            lambda: lines.__setitem__(0, "other.example"),
            lambda: lines.__setitem__(2, lines[2][:-1]),
            lambda: lines.__setitem__(
                at, " ".join([*words[:2], malleable(words[2], len(words[2]) * 3 // 4 - 33)])
            ),
            lambda: lines.__setitem__(at, " ".join([*words[:2], words[2][:-8] + "AAAAAAA="])),
            lambda: lines.__setitem__(at, lines[at] + "\r"),
            lambda: lines.__setitem__(slice(None), signed([*body, "an extension"])),
            lambda: lines.__setitem__(slice(None), signed([body[0], "0" + body[1], body[2]])),
            lambda: lines.__setitem__(slice(None), signed(["x.example", *body[1:]])),
            lambda: lines.__setitem__(slice(None), signed(body, witnesses=chance.randrange(4))),
            lambda: lines.__setitem__(slice(None), signed(body, key=GROWER)),
        ]
    )()
    return written(file)


def policy(ground: Ground, chance: random.Random) -> tuple[bytes, str]:
    lines = POLICY.splitlines()
    at = chance.randrange(len(lines))
    text = POLICY
    letter = chance.randrange(len(text))
    unsafe = chance.choice(UNSAFE)
    typed = b"\x01" + unsafe
    hashed = hashlib.sha256(ORIGIN.encode() + b"\n" + typed).digest()[:4].hex()
    changed = chance.choice(
        [
            text[:letter] + chance.choice("a+ \t\n#0=\x0b\x7f") + text[letter + 1 :],
            "\n".join([*lines[:at], *lines[at + 1 :]]) + "\n",
            "\n".join([*lines, lines[at]]) + "\n",
            text.replace(" 2 w0", f" {chance.choice(['3', '0', '4', '02', 'all', 'any', '1'])} w0"),
            text.replace("quorum all-of-them", f"quorum {chance.choice(['none', 'w0', 'w2', 'w9'])}"),
            text.replace("w0 w1 w2", chance.choice(["w0 w0 w1", "none w1", "w1", "w0 w1 w9"])),
            f"log {ORIGIN}+{hashed}+{base64.b64encode(typed).decode()}\nquorum none\n",
            "# a remark\n\n \t \n" + text,
        ]
    )
    return ground.raw, changed


def code(ground: Ground, chance: random.Random) -> bytes:
    def change(file: dict, parsed: dict[int, dict]) -> None:
        shown = file["code"]
        name = chance.choice(["place", "issued", "step", "code", "nothing"])
        if name == "code":
            shown["code"] = chance.choice(
                [shown["code"][::-1], shown["code"].lower(), shown["code"] + "0", ""]
            )
        elif name == "nothing":
            file["code"] = None
        else:
            shown[name] = chance.choice([shown[name] + 1, 0, chance.choice(sorted(parsed))])

    return hostile(ground, change)


def completeness(ground: Ground, chance: random.Random) -> bytes:
    def change(file: dict, _: dict[int, dict]) -> None:
        shown = file["complete"]
        head = chance.choice(shown["heads"])
        chance.choice(
            [
                lambda: head.update(count=head["count"] + chance.choice([-1, 1])),
                lambda: head.update(place=head["place"] + 1),
                lambda: head.update(head="0" * 64),
                lambda: head.update(subject="lot/none"),
                lambda: shown["heads"].remove(head),
                lambda: shown.update(entry=shown["entry"] - chance.randrange(1, 9)),
                lambda: shown["heads"].append(dict(head)),
                lambda: file.update(complete=None),
            ]
        )()

    return hostile(ground, change)


def disclosure(ground: Ground, chance: random.Random) -> bytes:
    file = json.loads(ground.raw)
    parts = chance.choice([["salt", "phone", "138"], ["salt", 1, 2], [1], {}, ["s", "n", {"a": [1.5]}]])
    text = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    file["disclosures"] = [
        {"disclosure": chance.choice([text, text + "=", "", "!"]), "index": chance.randrange(9)}
    ]
    return written(file)


def leaf_member(ground: Ground, chance: random.Random) -> bytes:
    def change(_: dict, parsed: dict[int, dict]) -> None:
        members = parsed[chance.choice(sorted(parsed))]
        name = chance.choice(sorted(members))
        odd = [
            None,
            True,
            1,
            -1,
            2,
            2**53,
            1.5,
            "",
            "x",
            [],
            {},
            "0" * 64,
            "lot/a b",
            "lot/a\u200bb",
            ["b", "a"],
        ]
        chance.choice(
            [
                lambda: members.pop(name),
                lambda: members.update({name: chance.choice(odd)}),
                lambda: members.update(more=1),
                lambda: members.update(seq=chance.choice([0, 1, 2, 7])),
                lambda: members.update(refs=[chance.choice(["a b", "x" * 201, "s0", ""])]),
                lambda: members.update(digests=chance.choice([["b" * 43, "a" * 43], ["a" * 42], ["a" * 43]])),
            ]
        )()

    return hostile(ground, change)


def leaf_bit(ground: Ground, chance: random.Random) -> bytes:
    file = json.loads(ground.raw)
    each = chance.choice(file["entries"])
    at = chance.randrange(len(each["leaf"]))
    each["leaf"] = (
        each["leaf"][:at] + chr(ord(each["leaf"][at]) ^ 1 << chance.randrange(5)) + each["leaf"][at + 1 :]
    )
    return written(file)


def signature(ground: Ground, chance: random.Random) -> bytes:
    """Signatures that some verifiers accept and others do not."""

    def change(_: dict, parsed: dict[int, dict]) -> None:
        with_sig = [members for members in parsed.values() if "sig" in members]
        members = chance.choice(with_sig)
        raw = base64.b64decode(members["sig"])
        low = chance.choice(UNSAFE)
        members["sig"] = chance.choice(
            [
                malleable(members["sig"]),
                base64.b64encode(low + bytes(32)).decode(),
                base64.b64encode(low + raw[32:]).decode(),
                base64.b64encode(raw[:63]).decode(),
                base64.b64encode(raw[:32] + ORDER.to_bytes(32, "little")).decode(),
                members["sig"].rstrip("="),
                chance.choice(with_sig)["sig"],
            ]
        )

    return hostile(ground, change)


def unsafe_key(ground: Ground, chance: random.Random) -> bytes:
    """A key of small order, registered and used: under one, a constant signature holds for many messages."""

    def change(_: dict, parsed: dict[int, dict]) -> None:
        raw = chance.choice([*UNSAFE, chance.randbytes(32)])
        named = hashlib.sha256(raw).hexdigest()[:32]
        of_grower = [each for each in parsed.values() if each["actor"] == GROWER.public.key_id]
        members = of_grower[0]
        for each in of_grower:
            each["actor"] = named
        members["public"]["key"] = base64.b64encode(raw).decode()
        members["id"], members["subject"] = f"key.registered/{named}", f"key/{named}"
        members["sig"] = base64.b64encode(chance.choice(UNSAFE) + bytes(32)).decode()

    return hostile(ground, change)


def key_statement(ground: Ground, chance: random.Random) -> bytes:
    """Key statements that say what they may not, rightly signed."""
    keys = {key.public.key_id: key for key in (GROWER, LOG_KEY, LOST, MAKER_NEXT)}

    def change(_: dict, parsed: dict[int, dict]) -> None:
        if chance.random() < 0.3:  # a step under a key that was revoked before
            ship = next(each for each in parsed.values() if each["id"] == "ship")
            ship["actor"] = LOST.public.key_id
            resigned(ship, LOST)
            return
        about = [each for each in parsed.values() if each["kind"].startswith("key.")]
        members = chance.choice(about)
        key = chance.choice(list(keys))
        chance.choice(
            [
                lambda: members.update(actor=key),
                lambda: members["public"].update(key=key),
                lambda: members.update(public={"key": key, "reason": "lost"}),
                lambda: members.update(kind=chance.choice(["key.revoked", "log.key.added", "step"])),
                lambda: members.update(id=f"key.revoked/{key}", kind="key.revoked", subject=f"key/{key}"),
                lambda: members["public"].update(holder=""),
            ]
        )()
        if members["actor"] in keys and "sig" in members:
            resigned(members, keys[members["actor"]])

    return hostile(ground, change)


def manifest(ground: Ground, chance: random.Random) -> bytes:
    def change(file: dict, parsed: dict[int, dict]) -> None:
        shown = [each for each in file["entries"] if "path" in each]
        each = chance.choice(shown)
        members = parsed[each["index"]]
        of = next(entry for entry in parsed.values() if entry["kind"] == "manifest")
        chance.choice(
            [
                lambda: members.update(place=chance.choice([0, 1, 2, 3, 9])),
                lambda: members.update(manifest=chance.choice(["manifest/2", "s0", of["id"]])),
                lambda: members["public"].update(said="otherwise"),
                lambda: each.update(path=""),
                lambda: each.pop("path"),
                lambda: of["public"].update(count=chance.choice([0, 2, 4, True, "3"])),
                lambda: chance.choice(file["entries"]).update(path=each["path"]),
                lambda: members.update(actor=GROWER.public.key_id),
            ]
        )()

    return hostile(ground, change)


KINDS: tuple[Callable[[Ground, random.Random], bytes | tuple[bytes, str]], ...] = (
    bit_of_the_file, cut, unchanged, member_twice, spelling, shape, swapped, index_moved, entry_left_out,
    checkpoint, policy, code, completeness, disclosure, leaf_member, leaf_bit, signature, unsafe_key,
    key_statement, manifest,
)  # fmt: skip
