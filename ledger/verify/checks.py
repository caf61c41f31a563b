"""The check of an evidence file, from its bytes and a policy to a verdict. Believes nothing else.

The first check that fails ends the work: what comes after would build on what does not hold.
api/web/static/verify.js makes the same checks in the same order; a test holds the two together.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ledger.errors import Said
from ledger.verify import ed25519, evidence, leaves, policies, strict_json
from ledger.verify.encodings import base64url, decoded, hash_of, leaf_hash
from ledger.verify.evidence import Evidence, Shown
from ledger.verify.faults import Refused
from ledger.verify.histories import Completeness, chained, completeness
from ledger.verify.leaves import Leaf
from ledger.verify.policies import Opened, Policy
from ledger.verify.standing import Standing, Standings
from ledger.verify.trees import root_from
from ledger.verify.verdicts import CHECKS, Check, Mark, Verdict

_CODE: Final = re.compile(r"[0-9A-Z]{1,64}")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+")
_OWN_SIGNATURE: Final = re.compile(r"manifest|(key|log|subjects)\..*")
_MOST_COVERED: Final = 10_000
_NOTHING: Final = Said("", "")


def check(raw: bytes, policy: Policy) -> Verdict:
    """Check an evidence file against whom the verifier trusts."""
    return EvidenceCheck(raw, policy).verdict()


class EvidenceCheck:
    """One check of one file; each step leaves what the next ones need."""

    def __init__(self, raw: bytes, policy: Policy) -> None:
        self.raw, self.policy = raw, policy
        self.opened: Opened | None = None
        self.lot: str | None = None
        self.complete: Completeness | None = None
        self.file: Evidence
        self.leaves: Sequence[Leaf]
        self.by_index: Mapping[int, Leaf]
        self.keys: Sequence[Standing]
        self.chains: Mapping[str, Sequence[Leaf]]

    def verdict(self) -> Verdict:
        """Make the checks in their order; the first that fails ends the work."""
        steps: Mapping[str, Callable[[], Said | None]] = {
            "form": self._form,
            "checkpoint": self._checkpoint,
            "entries": self._entries,
            "inclusion": self._inclusion,
            "keys": self._keys,
            "signatures": self._signatures,
            "chains": self._chains,
            "complete": self._complete,
            "code": self._code,
            "disclosures": self._disclosures,
        }
        checks: list[Check] = []
        failed = False
        for name in CHECKS:
            checks.append(_made(name, steps[name], reached=not failed))
            failed = failed or checks[-1].mark is Mark.FAILS
        shown = None if failed or self.file.code is None else self.file.code.code
        return Verdict(
            checks=tuple(checks),
            origin=self.opened.log if self.opened else None,
            size=self.opened.head.size if self.opened else None,
            code=shown,
            subject=self.lot,
            complete_to=self.complete.size if self.complete and not failed else None,
        )

    def _form(self) -> Said:
        self.file = evidence.parse(self.raw)
        return _NOTHING

    def _checkpoint(self) -> Said:
        self.opened = found = policies.opened(self.file.checkpoint, self.policy)
        size, names = found.head.size, "、".join(found.witnesses)
        if not found.witnesses:
            return Said(
                f"{found.log}，共 {size} 条，无见证", f"{found.log}, {size} entries, without witnesses"
            )
        return Said(
            f"{found.log}，共 {size} 条，见证：{names}",
            f"{found.log}, {size} entries, witnessed by {', '.join(found.witnesses)}",
        )

    def _entries(self) -> Said:
        self.leaves = [leaves.read(shown.leaf, shown.index) for shown in self.file.entries]
        self.by_index = {leaf.index: leaf for leaf in self.leaves}
        log = self.opened.log if self.opened else None
        if any(leaf.log != log for leaf in self.leaves):
            raise Refused(Said("记录属于另一个账本", "an entry belongs to another log"))
        if len({leaf.id for leaf in self.leaves}) != len(self.leaves):
            raise Refused(Said("同一编号出现两次", "an id stands in it twice"))
        count = len(self.leaves)
        return Said(f"{count} 条", f"{count} entries")

    def _inclusion(self) -> Said:
        if self.opened is None:
            raise Refused(_NOTHING)
        head = self.opened.head
        hashed = {leaf.index: leaf.hashed for leaf in self.leaves}
        if root_from(hashed, head.size, self.file.hashes) != head.root:
            raise Refused(Said("推出的根不同", "they lead to another root"))
        return _NOTHING

    def _keys(self) -> Said:
        standings = Standings()
        self.keys = [standings.take(leaf) for leaf in self.leaves]
        count = len(standings.known)
        return Said(f"{count} 把密钥", f"{count} keys")

    def _signatures(self) -> Said:
        by_id = {leaf.id: leaf for leaf in self.leaves}
        for shown, leaf, key in zip(self.file.entries, self.leaves, self.keys, strict=True):
            _check_signature(shown, leaf, key, by_id)
        count = len(self.leaves)
        return Said(f"{count} 个", f"{count} signatures")

    def _chains(self) -> Said | None:
        self.chains = chained(self.leaves)
        count = len(self.chains)
        return Said(f"{count} 个主题", f"{count} subjects")

    def _complete(self) -> Said | None:
        if self.file.complete is None:
            return None
        self.complete = found = completeness(self.file.complete, self.by_index, self.chains)
        later = Said(
            f"；{found.newer} 个主题晚于此" if found.newer else "",
            f"; {found.newer} began later" if found.newer else "",
        )
        return Said(
            f"截至第 {found.size} 条，{found.covered} 个主题{later.zh}",
            f"{found.covered} subjects, up to entry {found.size}{later.en}",
        )

    def _code(self) -> Said | None:
        shown = self.file.code
        if shown is None:
            return None
        issued, step = self.by_index.get(shown.issued), self.by_index.get(shown.step)
        if issued is None or step is None or issued.kind != "codes.issued" or not _CODE.fullmatch(shown.code):
            raise Refused(Said("没有出示发码记录", "the entry that issued it is not shown"))
        count, root = issued.public.get("count"), issued.public.get("root")
        hashed = {shown.place: leaf_hash(shown.code.encode())}
        if root_from(hashed, strict_json.count(count), shown.path) != hash_of(strict_json.text(root)):
            raise Refused(Said("它不在发码记录的批次中", "it is not in the batch that was issued"))
        holders = {leaf.index: key.holder for leaf, key in zip(self.leaves, self.keys, strict=True)}
        used = step.kind == "step" and issued.id in step.refs and issued.index < step.index
        if not used or holders[issued.index] != holders[step.index]:
            raise Refused(Said("该环节没有启用此批次", "that step did not put the batch to use"))
        self.lot = step.subject
        return Said(f"{shown.code}，{step.subject}", f"{shown.code}, {step.subject}")

    def _disclosures(self) -> Said | None:
        for index, disclosure in self.file.disclosures:
            leaf = self.by_index.get(index)
            name = _disclosed(disclosure)
            digest = base64url(hashlib.sha256(disclosure.encode("ascii")).digest())
            if leaf is None or digest not in leaf.digests:
                raise Refused(Said(f"{name} 与承诺不符", f"{name} is not what was committed to"))
        count = len(self.file.disclosures)
        return Said(f"{count} 项", f"{count} values") if count else None


def _made(name: str, step: Callable[[], Said | None], *, reached: bool) -> Check:
    if not reached:
        return Check(name, Mark.NOT_REACHED, _NOTHING)
    try:
        found = step()
    except Refused as refused:
        return Check(name, Mark.FAILS, refused.why)
    return Check(name, Mark.NOT_SHOWN, _NOTHING) if found is None else Check(name, Mark.HOLDS, found)


def _check_signature(shown: Shown, leaf: Leaf, key: Standing, by_id: Mapping[str, Leaf]) -> None:
    """Raise unless the key signed the entry, or the manifest that covers it."""
    if leaf.signature is not None:
        if shown.path is not None or not ed25519.holds(key.raw, leaf.signing_input, leaf.signature):
            raise Refused(Said(f"第 {leaf.index} 号记录的签名不符", f"the signature of entry {leaf.index}"))
        return
    manifest = by_id.get(leaf.manifest or "")
    if manifest is None or shown.path is None or not may_cover(manifest, leaf):
        raise Refused(Said(f"第 {leaf.index} 号记录没有清单", f"no manifest covers entry {leaf.index}"))
    public = strict_json.members(manifest.public, "count", "root")
    size = strict_json.count(public["count"])
    if size > _MOST_COVERED:
        raise Refused(Said(f"清单含 {size} 条陈述", f"a manifest of {size} statements"))
    root = root_from({leaf.place: leaf_hash(leaf.statement)}, size, shown.path)
    if root != hash_of(strict_json.text(public["root"])):
        raise Refused(Said(f"第 {leaf.index} 号记录不在清单中", f"entry {leaf.index} is not in its manifest"))


def may_cover(manifest: Leaf, leaf: Leaf) -> bool:
    """Say whether `manifest` has a manifest's form and may vouch for `leaf` (format, section 4)."""
    return (
        manifest.kind == "manifest"
        and manifest.signature is not None
        and manifest.id.startswith("manifest/")
        and manifest.subject == manifest.id
        and not (manifest.digests or manifest.refs)
        and manifest.index < leaf.index
        and manifest.actor == leaf.actor
        and not _OWN_SIGNATURE.fullmatch(leaf.kind)
    )


def _disclosed(disclosure: str) -> str:
    """Return the name of a disclosed value; raises `Refused` for another form than ours."""
    if not _BASE64URL.fullmatch(disclosure):
        raise Refused(Said("披露格式不对", "a disclosure is malformed"))
    padded = disclosure.replace("-", "+").replace("_", "/") + "=" * (-len(disclosure) % 4)
    parts = strict_json.listed(strict_json.read(decoded(padded)))
    if len(parts) != 3:
        raise Refused(Said("披露格式不对", "a disclosure is malformed"))
    strict_json.text(parts[0])
    return strict_json.text(parts[1])
