"""Files named on the command line: read whole, or written whole."""

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from api.cli.errors import FileTooLarge, FileUnreadable, FileUnwritable
from ledger.errors import Said

_REASONS: Final[dict[int, str]] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许这样做",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "符号链接循环",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "文件系统只读",
    errno.EIO: "读写出错",
    errno.EMFILE: "打开的文件过多",
    errno.EBUSY: "正被占用",
}
"""Chinese for what POSIX.1-2017 <errno.h> says in English; the system has the English."""


def read(path: Path, limit: int | None = None) -> bytes:
    """Return the bytes of a file; raises `FileUnreadable` with the system's reason, or `FileTooLarge`."""
    try:
        size = path.stat().st_size
        if limit is not None and size > limit:
            raise FileTooLarge(file=path, size=size, limit=limit)
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=path, reason=reason(error)) from error


def write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file in one stroke: a reader finds the old bytes or the new, never half of them.

    With `private` only its owner may read it. Raises `FileUnwritable` with the system's reason.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
            draft.write(content)
        if not private:  # it was made for its owner alone
            Path(draft.name).chmod(0o666 & ~_umask())
        Path(draft.name).replace(path)
    except OSError as error:
        raise FileUnwritable(file=path, reason=reason(error)) from error


def prove_writable(path: Path) -> None:
    """Raise `FileUnwritable` when `write` could not put a file there; nothing is left behind."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            pass
    except OSError as error:
        raise FileUnwritable(file=path, reason=reason(error)) from error


def reason(error: OSError) -> Said:
    """Say why the system refused, in both languages.

    >>> reason(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    Said(zh='没有这个文件或文件夹', en='No such file or directory')
    """
    english = error.strerror or type(error).__name__
    return Said(_REASONS.get(error.errno or 0, english), english)


def _umask() -> int:
    """Return the account's mask; the system only tells it while setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
