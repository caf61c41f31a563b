"""The log of the worked example in docs/ledger-format.md, made by the code: what every block should be."""

import hashlib
import json
from base64 import b64decode
from pathlib import Path

import ledger.manifests.manifest_tables
import ledger.subjects.subject_index_tables  # noqa: F401  registers the tables
from ledger import log as reading
from ledger import registry, store
from ledger.entry import Statement, sign_statement
from ledger.keyring.key_statements import log_key_added, revocation, rotation
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.manifests.manifest import sign_manifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.private.disclosure import Disclosure
from ledger.private.redaction import redaction
from ledger.proofs.evidence import evidence
from ledger.proofs.printed_phrases import PHRASES
from ledger.proofs.printed_proof import pack, to_text
from ledger.sm.checkpoint import Sm2NoteKey, tree_origin
from ledger.sm.keys import Sm2SigningKey
from ledger.subjects.subject_index import IndexedSubject
from ledger.subjects.subject_index_building import SubjectIndexer
from ledger.subjects.subject_index_proofs import proof_of
from ledger.witnessing.cosignature import CosignerKey, cosign
from ledger.witnessing.policy import Policy
from ledger.writing import outbox
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, VKEY, SmallLog

HOLDER = "91341600MA2MRYJ17X"
LOT = "lot/BS-24-0001"
WITNESS = SigningKey.from_seed(bytes(range(64, 96)))
NEXT = SigningKey.from_seed(bytes(range(96, 128)))
NEXT_LOG = SigningKey.from_seed(bytes(range(128, 160)))
WITNESS_NAME = "witness.example/w1"
SEEN_S = AT_MS // 1000
PHONE = Disclosure("WyJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwicGhvbmUiLCIxMzgwMDAwMDAwMCJd")


def _step(number: int, **public: str | int) -> Statement:
    return Statement(id=f"step/{number}", kind="step", subject=LOT, at_ms=AT_MS, public=public)


class PageLog(SmallLog):
    """Fourteen entries, in the order in which the page speaks of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"sqlite:///{folder / 'page.db'}")
        self.blocks: dict[str, str] = {"vkey": VKEY, "disclosure": PHONE.encoded, "digest": PHONE.digest}
        self._first_three()
        self._manifest_and_document()
        self._index_and_evidence()
        self._key_statements()

    def put(self, key: SigningKey, *said: Statement) -> None:
        """Submit and integrate."""
        with self.write() as session:
            for each in said:
                outbox.submit(session, sign_statement(each, ORIGIN, key))
        self.sequencer().drain()

    def sequencer(self, group: int = 1024, kept: KeptHeads | None = None) -> Sequencer:
        """A sequencer that holds both log keys; the log says which of them signs."""
        return Sequencer(self.write, ORIGIN, fixed(LOG_KEY, NEXT_LOG), group, kept)

    def leaf(self, index: int) -> str:
        """The bytes of an entry."""
        with self.read() as session:
            return next(leaf for _, _, leaf in store.leaves_between(session, index, index + 1)).decode()

    def _first_three(self) -> None:
        said = Statement(
            id="step/1",
            kind="step",
            subject=LOT,
            at_ms=AT_MS,
            public={"grams": 12500, "herb": "白芍"},
            digests=(PHONE.digest,),
        )
        self.put(GROWER, said)
        with self.read() as session:
            receipt = reading.receipt(session, "step/1")
        self._note("printed", to_text(pack(receipt)))
        self._note("phrases", "\n".join(PHRASES))
        tree = Sm2SigningKey(bytes(range(1, 33)))
        self._note("smvkey", Sm2NoteKey(tree_origin(ORIGIN), tree.public).to_vkey())
        self._note("registration", self.leaf(1))
        self._note("leaf", self.leaf(2))
        self._note("receipt", receipt.to_text())
        self._note("checkpoint", receipt.checkpoint_text)

    def _manifest_and_document(self) -> None:
        name = f"document/{HOLDER}/coa-1"
        public = {"media_type": "application/pdf", "sha256": hashlib.sha256(b"").hexdigest()}
        self.put(GROWER, Statement(id=name, kind="document", subject=name, at_ms=AT_MS, public=public))
        steps = [_step(2, grams=11800, work="晒干"), _step(3, grams=11750, work="去皮")]
        manifest = sign_manifest(steps, ORIGIN, GROWER, "manifest/1", AT_MS)
        with self.write() as session:
            submit_manifest(session, manifest)
        self.sequencer().drain()
        self._note("document", self.leaf(3))
        self._note("manifest", self.leaf(4))
        self._note("member", self.leaf(5))

    def _index_and_evidence(self) -> None:
        SubjectIndexer(self.read, self.write, ORIGIN, LOG_KEY).run(AT_MS)
        self.sequencer().drain()
        self._note("indexed", self.leaf(7))
        with self.read() as session:
            note = reading.checkpoint(session).text
            shown = proof_of(session, LOT).newest
            raw = evidence(session, ["step/1"])
            member = reading.receipt(session, "step/3").to_text()
        assert isinstance(shown, IndexedSubject)
        self._note("head", shown.head.leaf().decode())
        self._note("newest", json.dumps(shown.to_json(), separators=(",", ":"), sort_keys=True))
        line = cosign(note.partition("\n\n")[0] + "\n", WITNESS_NAME, WITNESS, SEEN_S)
        self._note("cosigned", note + line)
        cosigner = CosignerKey(WITNESS_NAME, WITNESS.public).to_vkey()
        policy = f"log {VKEY}\nwitness w1 {cosigner} https://witness.example/w1\nquorum w1\n"
        self._note("policy", Policy.from_text(policy).to_text())
        self._note("evidence", raw.decode())
        self._note("extra2", _extra(member))

    def _key_statements(self) -> None:
        with self.write() as session:
            registry.register_key(session, NEXT, ORIGIN, AT_MS, holder=HOLDER)
            registry.register_key(session, NEXT_LOG, ORIGIN, AT_MS, holder=ORIGIN)
        self.sequencer().drain()
        self.put(GROWER, rotation(GROWER.public.key_id, NEXT.public.key_id, AT_MS))
        self.put(LOG_KEY, redaction("redacted/1", "step/1", LOT, ["phone"], "subject-request", AT_MS))
        self.put(LOG_KEY, revocation(NEXT.public.key_id, "lost", AT_MS))
        self.put(LOG_KEY, log_key_added(NEXT_LOG.public.key_id, AT_MS))
        for place, name in enumerate(("rotated", "redacted", "revoked", "added")):
            self._note(name, self.leaf(10 + place))
        with self.read() as session:
            self._note("overlap", reading.checkpoint(session).text)

    def _note(self, name: str, text: str) -> None:
        self.blocks[name] = text.removesuffix("\n")


def _extra(receipt: str) -> str:
    return b64decode(receipt.split("\n")[1].removeprefix("extra ")).decode()
