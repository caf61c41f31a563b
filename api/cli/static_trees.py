"""Static trees of a log named on the command line: a folder, or an address read over HTTP.

Neither is trusted: whatever they hold or answer, no file takes more memory or time than the longest that
a log may have.
"""

import os
import stat
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.cli.files import reason
from ledger.audits.fsck_errors import LogUnreadable
from ledger.errors import Said

if TYPE_CHECKING:
    from httpx import Client, Response

    from ledger.audits.log_source import StaticTree

_AT_ONCE: Final = 8
_TIMEOUT_SECONDS: Final = 20
"""How long each part of an answer may take."""
PATIENCE_SECONDS: Final = 120
"""How long the body of an answer may take, however slowly its bytes drip in."""
LARGEST: Final = 256 * (2 + 65_535)
"""Bytes of the largest entry bundle there can be (c2sp.org/tlog-tiles): nothing longer is taken in."""
_GZIP: Final = 16 + zlib.MAX_WBITS

_TOO_LONG: Final = Said("过长", "it is too long")

_SERVER_ERRORS: Final = 500
_COME_BACK: Final = frozenset((408, 429))
"""Request Timeout and Too Many Requests: answers that ask for another try (RFC 9110; RFC 6585)."""


@contextmanager
def static_tree(source: str) -> Iterator["StaticTree"]:
    """Open the tree in the folder, or below the address, `source`; reads raise `LogUnreadable`."""
    from ledger.audits.log_source import StaticTree

    if not source.startswith(("http://", "https://")):
        yield StaticTree(_folder(Path(source)))
        return
    import httpx

    with (
        httpx.Client(base_url=source.rstrip("/") + "/", timeout=_TIMEOUT_SECONDS) as client,
        ThreadPoolExecutor(_AT_ONCE) as threads,
    ):
        yield StaticTree(_address(client), _ahead(threads))


def _folder(root: Path) -> Callable[[str], bytes | None]:
    def fetch(path: str) -> bytes | None:
        try:
            with open(root / path, "rb", opener=_open_warily) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise _unreadable(path, "不是普通文件", "it is no ordinary file")
                content = file.read(LARGEST + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LogUnreadable(path=path, reason=reason(error)) from error
        if len(content) > LARGEST:
            raise LogUnreadable(path=path, reason=_TOO_LONG)
        return content

    return fetch


def _open_warily(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe could make us wait


def _address(client: "Client") -> Callable[[str], bytes | None]:
    """Return a reader that asks again, a few times, when the network or the server fails."""
    import httpx
    import stamina

    @stamina.retry(on=_worth_asking_again, attempts=5, timeout=60)
    def ask(path: str) -> bytes:
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            return _body(path, answer.raise_for_status())

    def fetch(path: str) -> bytes | None:
        try:
            return ask(path)
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status == httpx.codes.NOT_FOUND:
                return None
            raise _unreadable(path, f"服务答复 {status}", f"the answer was {status}") from error
        except httpx.HTTPError as error:
            raise _unreadable(path, f"网络错误 {error}", f"network error {error}") from error

    return fetch


def _body(path: str, answer: "Response") -> bytes:
    """Return the body, unpacked no further than it may be long."""
    packing = answer.headers.get("content-encoding", "identity").lower()
    if packing not in ("identity", "gzip"):
        raise _unreadable(path, f"编码 {packing[:40]!a}", f"its encoding is {packing[:40]!a}")
    unpack = zlib.decompressobj(_GZIP) if packing == "gzip" else None
    begun = time.monotonic()
    content = bytearray()
    for chunk in answer.iter_raw():
        try:
            content += unpack.decompress(chunk, LARGEST + 1) if unpack else chunk
        except zlib.error as error:
            raise _unreadable(path, "压缩有误", "it is packed wrongly") from error
        if len(content) > LARGEST or (unpack and unpack.unused_data):
            raise LogUnreadable(path=path, reason=_TOO_LONG)
        if time.monotonic() - begun > PATIENCE_SECONDS:
            raise _unreadable(path, "过慢", "it comes too slowly")
    if unpack and not unpack.eof:
        raise _unreadable(path, "压缩有误", "it is packed wrongly")
    return bytes(content)


def _unreadable(path: str, zh: str, en: str) -> LogUnreadable:
    return LogUnreadable(path=path, reason=Said(zh, en))


def _worth_asking_again(error: Exception) -> bool:
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        return status >= _SERVER_ERRORS or status in _COME_BACK
    return isinstance(error, httpx.TransportError)


def _ahead(
    threads: ThreadPoolExecutor,
) -> Callable[[Callable[[int], list[bytes]], Iterable[int]], Iterable[list[bytes]]]:
    """Return a `map` that fetches a bounded number of bundles ahead."""

    def ahead(fetch: Callable[[int], list[bytes]], numbers: Iterable[int]) -> Iterator[list[bytes]]:
        running: deque[Future[list[bytes]]] = deque()
        for number in numbers:
            running.append(threads.submit(fetch, number))
            if len(running) > 2 * _AT_ONCE:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()

    return ahead
