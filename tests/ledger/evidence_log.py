"""A log with everything an evidence file can hold: lots, codes, a manifest, a rotated and a revoked key, an
index of subjects, a checkpoint that two of three witnesses cosigned."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import ledger.manifests.manifest_tables
import ledger.subjects.subject_index_tables  # noqa: F401  registers the tables
from ledger import registry
from ledger.canonical import canonical
from ledger.entry import Statement, sign_statement
from ledger.keyring.key_statements import revocation, rotation
from ledger.keys import SigningKey
from ledger.manifests.manifest import sign_manifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.merkle import leaf_hash, nodes_of, prove_inclusion, root_of
from ledger.proofs.evidence import IssuedCode, evidence
from ledger.subjects.subject_index_building import SubjectIndexer
from ledger.witnessing.cosignature import CosignerKey, cosign
from ledger.writing import outbox
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, VKEY, SmallLog

MAKER = SigningKey.from_seed(bytes(range(96, 128)))
MAKER_NEXT = SigningKey.from_seed(bytes(range(128, 160)))
LOST = SigningKey.from_seed(bytes(range(160, 192)))
WITNESSES = [SigningKey.from_seed(bytes([number]) * 32) for number in (7, 8, 9)]
SEEN_S = 1_735_693_200
CODES = [f"0ABCDEFGHJKMNPQRST{letter}W" for letter in "ABCDEFG"]


def witness_vkey(number: int) -> str:
    return CosignerKey(f"witness{number}.example", WITNESSES[number].public).to_vkey()


POLICY = (
    f"log {VKEY}\n"
    + "".join(f"witness w{number} {witness_vkey(number)}\n" for number in range(3))
    + "group all-of-them 2 w0 w1 w2\nquorum all-of-them\n"
)


def step(name: str, subject: str, *refs: str, **public: object) -> Statement:
    return Statement(id=name, kind="step", subject=subject, at_ms=AT_MS, public={"said": public}, refs=refs)


class EvidenceLog(SmallLog):
    """The log; `before` and `after` the index of subjects was logged."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        for key, holder in ((MAKER, "maker"), (MAKER_NEXT, "maker"), (LOST, "lost")):
            with self.write() as session:
                registry.register_key(session, key, ORIGIN, AT_MS, holder=holder)
        self.put(GROWER, step("s0", "lot/BS-1", herb="白芍"), step("s1", "lot/BS-1", work="除草"))
        self.put(LOST, step("s2", "lot/BS-1", dried=True))
        self.root = root_of(leaf_hash(code.encode()) for code in CODES)
        self.put(MAKER, self.issued())
        self.put(MAKER, step("pack", "lot/YP-1", "s2", f"codes/{self.root.hex()}", packs=7))
        self.put(MAKER, rotation(MAKER.public.key_id, MAKER_NEXT.public.key_id, AT_MS))
        self.put(LOST, revocation(LOST.public.key_id, "lost", AT_MS))
        self.put(MAKER_NEXT, step("ship", "lot/YP-1", to="pharmacy"))
        self.sequencer().drain()
        many = [step(f"m{number}", "lot/YP-1", sold=number) for number in range(3)]
        manifest = sign_manifest(many, ORIGIN, MAKER_NEXT, "manifest/1", AT_MS)
        with self.write() as session:
            submit_manifest(session, manifest)
        self.sequencer().drain()
        self.put(GROWER, *(step(f"x{number}", f"lot/OTHER-{number}") for number in range(9)))
        self.sequencer().drain()

    def issued(self) -> Statement:
        public = {"party": "maker", "count": len(CODES), "root": self.root.hex()}
        return Statement(
            id=f"codes/{self.root.hex()}",
            kind="codes.issued",
            subject="codes/maker",
            at_ms=AT_MS,
            public=public,
        )

    def put(self, key: SigningKey, *statements: Statement) -> None:
        """Submit and integrate."""
        with self.write() as session:
            for each in statements:
                outbox.submit(session, sign_statement(each, ORIGIN, key))
        self.sequencer().drain()

    def index(self) -> None:
        """Log an index of all subjects."""
        SubjectIndexer(self.read, self.write, ORIGIN, LOG_KEY).run(AT_MS)
        self.sequencer().drain()

    def evidence(self, number: int = 2, witnesses: int = 2) -> bytes:
        """The evidence of one of the codes, cosigned."""
        hashes = [leaf_hash(code.encode()) for code in CODES]
        path = tuple(prove_inclusion(number, len(CODES), nodes_of(hashes)))
        issued = f"codes/{self.root.hex()}"
        code = IssuedCode(
            code=CODES[number], issued=issued, count=len(CODES), place=number, path=path, step="pack"
        )
        with self.read() as session:
            raw = evidence(session, ["s0", "pack"], code=code)
        return edited(raw, lambda file: file["checkpoint"].extend(cosigned(file["checkpoint"], witnesses)))


def cosigned(lines: list[str], count: int) -> list[str]:
    body = "\n".join(lines[: lines.index("")]) + "\n"
    return [
        cosign(body, CosignerKey(f"witness{number}.example", key.public).name, key, SEEN_S).removesuffix("\n")
        for number, key in enumerate(WITNESSES[:count])
    ]


def edited(raw: bytes, edit: Callable[[dict], object]) -> bytes:
    """The file with something in it changed, canonical again."""
    file = json.loads(raw)
    edit(file)
    return canonical(file)


def rich_log(folder: Path) -> EvidenceLog:
    log = EvidenceLog(f"sqlite:///{folder / 'log.db'}")
    log.index()
    return log


def leaf_of(file: Mapping, name: str) -> dict:
    """The entry of a statement in a file."""
    return next(each for each in file["entries"] if json.loads(each["leaf"])["id"] == name)
