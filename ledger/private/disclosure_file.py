"""Disclosure files: some private values of one statement, with the receipt that binds them to the log.

A party hands such a file to a buyer or a regulator; whoever trusts the log's key checks it without us.
Only the fields chosen are in it. No database and no network. docs/ledger-format.md fixes the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from ledger.canonical import JsonValue
from ledger.errors import MalformedDisclosure, Said
from ledger.private.disclosure import Disclosure, check
from ledger.proofs.bundle import Receipt, VerifiedEntry, verify_receipt
from ledger.witnessing.policy import Policy

FORMAT: Final = "daodi-disclosure@v1"
_MEMBERS: Final = {"format", "statement", "disclosures", "receipt"}
_FORM: Final = Said("不是披露文件的格式", "it does not have the form of a disclosure file")


@dataclass(frozen=True, slots=True)
class DisclosureFile:
    """What one file says; nothing of it is verified yet."""

    statement_id: str
    disclosures: tuple[Disclosure, ...]
    receipt: Receipt

    def to_text(self) -> str:
        """Return the file."""
        members = {
            "format": FORMAT,
            "statement": self.statement_id,
            "disclosures": [each.encoded for each in self.disclosures],
            "receipt": self.receipt.to_text(),
        }
        return orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()

    @classmethod
    def from_text(cls, text: str) -> "DisclosureFile":
        """Take up a file.

        Raises `MalformedDisclosure` for another form, or `MalformedReceipt`.
        """
        members = _members(text)
        encoded = members["disclosures"]
        statement_id, receipt = members["statement"], members["receipt"]
        if not isinstance(encoded, list) or not isinstance(statement_id, str) or not isinstance(receipt, str):
            raise MalformedDisclosure(reason=_FORM)
        if not encoded or not all(isinstance(each, str) for each in encoded):
            raise MalformedDisclosure(reason=_FORM)
        disclosures = tuple(Disclosure(str(each)) for each in encoded)
        if len({each.name for each in disclosures}) != len(disclosures):
            raise MalformedDisclosure(reason=Said("同一字段出现两次", "one field occurs twice"))
        return cls(statement_id, disclosures, Receipt.from_text(receipt))


@dataclass(frozen=True, slots=True)
class VerifiedDisclosures:
    """Values that were committed to when their statement was logged."""

    logged: VerifiedEntry
    values: Mapping[str, JsonValue]


def verify_disclosures(file: DisclosureFile, policy: Policy) -> VerifiedDisclosures:
    """Check a file against the log (and witnesses) of `policy`; nothing else is believed.

    Raises what `verify_receipt` raises, `MalformedDisclosure` when the receipt is another statement's, or
    `DisclosureMismatch` naming the field whose value was not the one committed to.
    **It does not show** that the values are true, nor that these are all the statement has.
    """
    logged = verify_receipt(file.receipt, policy)
    said = logged.entry.statement
    if said.id != file.statement_id:
        raise MalformedDisclosure(
            reason=Said("回执属于另一条陈述", "its receipt is that of another statement")
        )
    for each in file.disclosures:
        check(each, said.digests)
    return VerifiedDisclosures(logged, {each.name: each.value for each in file.disclosures})


def _members(text: str) -> Mapping[str, object]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise MalformedDisclosure(reason=_FORM) from error
    if not isinstance(value, dict) or value.keys() != _MEMBERS or value["format"] != FORMAT:
        raise MalformedDisclosure(reason=_FORM)
    return value
