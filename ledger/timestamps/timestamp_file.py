"""Timestamp files: a checkpoint with the authority's answer over it, which anybody can check offline."""

import json
from dataclasses import dataclass
from typing import Final

from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.errors import MalformedNote, Said
from ledger.note import decode_base64, encode_base64
from ledger.timestamps.timestamp import Authorities, Timestamp, verify_timestamp
from ledger.timestamps.timestamp_errors import MalformedTimestamp
from ledger.witnessing.policy import Policy

FORMAT: Final = "daodi-timestamp@v1"
_MEMBERS: Final = {"format", "checkpoint", "answer"}


@dataclass(frozen=True, slots=True)
class TimestampFile:
    """A log-signed checkpoint and the TimeStampResp over it."""

    checkpoint: str
    answer: bytes

    def to_text(self) -> str:
        """Return the file: JSON with exactly `format`, `checkpoint` and `answer` (DER in base64)."""
        members = {"format": FORMAT, "checkpoint": self.checkpoint, "answer": encode_base64(self.answer)}
        return json.dumps(members, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "TimestampFile":
        """Take up a file; raises `MalformedTimestamp`. Nothing is verified."""
        try:
            members = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise MalformedTimestamp(reason=Said("不是 JSON", "it is not JSON")) from error
        if not isinstance(members, dict) or members.keys() != _MEMBERS or members["format"] != FORMAT:
            raise MalformedTimestamp(reason=Said("成员不对", "its members are others"))
        checkpoint, answer = members["checkpoint"], members["answer"]
        if not isinstance(checkpoint, str) or not isinstance(answer, str):
            raise MalformedTimestamp(reason=Said("成员不对", "its members are others"))
        try:
            return cls(checkpoint, decode_base64(answer))
        except MalformedNote as error:
            raise MalformedTimestamp(reason=error) from error

    def verify(self, policy: Policy, authorities: Authorities) -> tuple[Checkpoint, Timestamp]:
        """Check that a log of `policy` signed the checkpoint, and that it existed when the timestamp says.

        No witness is asked for: their lines are added later than what is stamped. Raises what
        `open_checkpoint` and `verify_timestamp` raise.
        """
        logs = Policy(policy.logs)
        head = open_checkpoint(self.checkpoint, logs).checkpoint
        return head, verify_timestamp(self.answer, self.checkpoint.encode(), authorities)
