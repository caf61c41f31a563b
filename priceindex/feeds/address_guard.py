"""Where a feed may go: http and https on the public net, checked for the very address that is connected to.

A feed's address is somebody's input and its redirects are the source's: without this guard either could make
the service ask its own neighbours (server-side request forgery). The name is resolved once, every address it
has must be public, and the connection goes to the one that was checked, so a name that changes its mind
between the check and the connection (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import httpx

from ledger.errors import Said
from priceindex.feeds.feed_errors import AddressRefused

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host, or raises `OSError`."""
SCHEMES: Final = ("http", "https")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NO_WEB: Final = Said(zh="不是 http 或 https 地址", en="it is no http or https address")
_INSIDE: Final = Said(zh="它指向内网或本机", en="it leads inside, to this machine or its net")


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses the system's resolver has for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A request's address after the check: by number for the connection, by name for everything else."""

    url: httpx.URL
    """The address with the number in place of the name."""
    host: str
    """What the Host header says, port included where it is not the scheme's own."""
    server_name: str
    """The name the certificate must be for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressGuard:
    """Checks every address before it is asked."""

    private_allowed: bool = False
    """Whether addresses inside may be asked: the operator's setting."""
    resolve: Resolve = resolve

    def place(self, url: httpx.URL) -> Placed:
        """Return where to connect for `url`; raises `AddressRefused`, `httpx.ConnectError`."""
        host = url.raw_host.decode("ascii")
        if url.scheme not in SCHEMES or not host:
            raise AddressRefused(host=host or "?", why=_NO_WEB)
        if url.userinfo:
            raise AddressRefused(host=host, why=Said(zh="地址中含有用户名", en="it holds a user name"))
        port = url.port or _DEFAULT_PORTS[url.scheme]
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError) as fault:
            raise httpx.ConnectError(f"no address for {host}") from fault
        if not found:
            raise httpx.ConnectError(f"no address for {host}")
        if not self.private_allowed and not all(map(is_public, found)):
            raise AddressRefused(host=host, why=_INSIDE)
        named = f"[{host}]" if ":" in host else host
        return Placed(
            url=url.copy_with(host=found[0]),
            host=named if url.port is None else f"{named}:{url.port}",
            server_name=host,
        )


def is_public(address: str) -> bool:
    """Whether an IP address, and any IPv4 address carried inside it, is one of the public net.

    >>> [is_public(each) for each in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1")]
    [True, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    carried: list[ipaddress.IPv4Address | ipaddress.IPv6Address | None] = [ip]
    if isinstance(ip, ipaddress.IPv6Address):
        carried += [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            carried.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.ipv4_mapped is not None:
            carried.remove(ip)
    return all(each.is_global and not each.is_multicast for each in carried if each is not None)
