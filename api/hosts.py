"""Which host names a request may ask for: those of the settings, and no other."""

import re
from collections.abc import Iterable
from typing import Final

from api.errors import HostUnknown

_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
"""RFC 9110, section 7.2, without the user part some URL readers would skip."""


class Hosts:
    """The names this service answers to."""

    def __init__(self, trusted: Iterable[str]) -> None:
        """Take names as the settings give them: `*` for any, `*.example.org` for any below it."""
        self._trusted = tuple(host.lower() for host in trusted)

    def require(self, header: str) -> None:
        """Raise `HostUnknown` unless the `Host` header names one of them."""
        if "*" in self._trusted:
            return
        matched = _HOST.fullmatch(header)
        host = matched[1].lower() if matched else ""
        for known in self._trusted:
            if host == known or (known.startswith("*.") and host.endswith(known[1:])):
                return
        raise HostUnknown
