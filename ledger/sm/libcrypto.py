"""SM2 by the OpenSSL this interpreter has loaded already, called through ctypes.

Nothing is kept between calls: each makes what it needs and frees it, whatever happens, so any number of
threads may call at once. Where the library is older than 3.0, is built without SM2, or fails its known
answers, there is none, and `ledger.sm.sm2` does the work.
"""

import ctypes
import ctypes.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from importlib import import_module
from typing import Any, Final

from ledger.sm import der
from ledger.sm.known_answer import holds_for
from ledger.sm.sm2 import IDENTITY

_OLDEST: Final = 0x30000000
_ROOM: Final = 128
"""Bytes for a signature in DER; it has 72 at most."""
_DONE: Final = 1

_FUNCTIONS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "OpenSSL_version_num": (c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "d2i_PUBKEY": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_new": (c_void_p, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_int)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_sm3": (c_void_p, ()),
    "EVP_DigestSignInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
}


class LibraryFault(Exception):
    """The library refused a step that has nothing to do with whether a signature is right."""


class Sm2Library:
    """SM2 over one loaded library; raises `LibraryFault` when it lacks a function or is too old."""

    name = "OpenSSL"

    def __init__(self, loaded: ctypes.CDLL) -> None:
        self._call: dict[str, Callable[..., Any]] = {}
        for name, (result, arguments) in _FUNCTIONS.items():
            try:
                function = getattr(loaded, name)
            except AttributeError as error:
                raise LibraryFault(name) from error
            function.restype, function.argtypes = result, arguments
            self._call[name] = function
        if self._call["OpenSSL_version_num"]() < _OLDEST:
            raise LibraryFault("OpenSSL_version_num")

    def sign(self, secret: bytes, raw: bytes, message: bytes) -> bytes:
        """Return the 64-byte signature by a key, 32 bytes of secret and its point; each time another one."""
        encoded = der.wrapped_private_key(secret, raw)
        with ExitStack() as kept:
            context = self._begun(kept, "d2i_AutoPrivateKey", encoded, "EVP_DigestSignInit")
            room = ctypes.create_string_buffer(_ROOM)
            length = c_size_t(_ROOM)
            done = self._call["EVP_DigestSign"](context, room, byref(length), message, len(message))
            signature = der.joined_signature(room.raw[: length.value]) if done == _DONE else None
        if signature is None:
            raise LibraryFault("EVP_DigestSign")
        return signature

    def verifies(self, raw: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature of 64 bytes is that of the key with this point, which is on the curve."""
        encoded = der.signature(signature)
        with ExitStack() as kept:
            context = self._begun(kept, "d2i_PUBKEY", der.public_key(raw), "EVP_DigestVerifyInit")
            found = self._call["EVP_DigestVerify"](context, encoded, len(encoded), message, len(message))
        return bool(found == _DONE)

    def _begun(self, kept: ExitStack, reader: str, encoded: bytes, begin: str) -> int:
        """Return a digest context over a key, both of which `kept` frees; raises `LibraryFault`."""
        # First in, so last out: what failed must not be found later by Python's own use of the library.
        kept.callback(self._call["ERR_clear_error"])
        at = c_char_p(encoded)
        key = self._made(kept, self._call[reader](None, byref(at), len(encoded)), "EVP_PKEY_free")
        options = self._made(kept, self._call["EVP_PKEY_CTX_new"](key, None), "EVP_PKEY_CTX_free")
        # Before the context that uses it, therefore freed after it.
        if self._call["EVP_PKEY_CTX_set1_id"](options, IDENTITY, len(IDENTITY)) != _DONE:
            raise LibraryFault("EVP_PKEY_CTX_set1_id")
        context = self._made(kept, self._call["EVP_MD_CTX_new"](), "EVP_MD_CTX_free")
        self._call["EVP_MD_CTX_set_pkey_ctx"](context, options)
        if self._call[begin](context, None, self._call["EVP_sm3"](), None, key) != _DONE:
            raise LibraryFault(begin)
        return context

    def _made(self, kept: ExitStack, pointer: int | None, free: str) -> int:
        if not pointer:
            raise LibraryFault(free)
        kept.callback(self._call[free], pointer)
        return pointer


def find() -> Sm2Library | None:
    """Return SM2 of the library in this process, once it gave its known answers; None when none does."""
    for loaded in _loaded():
        try:
            library = Sm2Library(loaded)
            if holds_for(library):
                return library
        except LibraryFault:
            continue
    return None


def _loaded() -> Iterator[ctypes.CDLL]:
    """Give the libraries to look in: first what Python's own modules are linked with, under any name."""
    for name in ("_hashlib", "_ssl"):
        try:
            path = getattr(import_module(name), "__file__", None)
            yield ctypes.CDLL(path)
        except (ImportError, OSError):
            continue
    found = ctypes.util.find_library("crypto")
    if found is not None:
        try:
            yield ctypes.CDLL(found)
        except OSError:
            return
