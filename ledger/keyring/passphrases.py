"""The passphrase of key files: one line of text that is never shown, logged or given as an argument."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.errors import Said
from ledger.keyring.key_errors import PassphraseFileUnsafe, PassphraseUnusable

LEAST: Final = 8
"""Fewest characters of a passphrase."""
_MOST: Final = 1024
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, repr=False)
class Passphrase:
    """A passphrase of one line; raises `PassphraseUnusable`. Its text form shows nothing of it.

    >>> Passphrase("correct horse")
    Passphrase(…)
    """

    secret: str

    def __post_init__(self) -> None:
        if len(self.secret) < LEAST:
            raise PassphraseUnusable(
                why=Said(f"少于 {LEAST} 个字符", f"fewer than {LEAST} characters"), least=LEAST
            )
        if not self.secret.isprintable() or len(self.secret) > _MOST:
            raise PassphraseUnusable(
                why=Said("含控制符、换行或过长", "control characters, several lines, or too long"),
                least=LEAST,
            )

    @property
    def encoded(self) -> bytes:
        """The bytes that enter the key derivation: UTF-8, no normalisation."""
        return self.secret.encode()

    def __repr__(self) -> str:
        return "Passphrase(…)"


def read_passphrase(path: Path) -> Passphrase:
    """Return the one line of a file that only its owner, who is this account, can read.

    Raises `PassphraseFileUnsafe` or `PassphraseUnusable`; a line end at the end is not part of it.
    """
    try:
        with open(path, "rb", opener=_open_warily) as file:
            _check_owner(path, os.fstat(file.fileno()))
            raw = file.read(4 * _MOST + 2)
    except OSError as error:
        raise PassphraseFileUnsafe(path=path, why=Said("打不开", "it cannot be opened")) from error
    try:
        return Passphrase(raw.decode().removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError:
        raise PassphraseUnusable(why=Said("不是 UTF-8 文本", "not UTF-8 text"), least=LEAST) from None


def _open_warily(path: str, flags: int) -> int:
    # A link could lead to what somebody else keeps; a pipe could make us wait.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _check_owner(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise PassphraseFileUnsafe(
            path=path, why=Said("不属于本账户或不是普通文件", "another account's, or no ordinary file")
        )
    if found.st_mode & _OTHERS:
        mode = f"{stat.S_IMODE(found.st_mode):o}"
        raise PassphraseFileUnsafe(
            path=path, why=Said(f"权限为 {mode}，其他用户可以读取", f"mode {mode}: others can read it")
        )
