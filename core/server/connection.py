"""Decide whether a connection comes from the user of this machine, by its address and headers."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Self, TypeAlias
from urllib.parse import urlsplit

import psutil

Address: TypeAlias = IPv4Address | IPv6Address

_RELAYS = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip"}
)
_RELAY_PREFIXES = ("x-forwarded-", "x-original-")
"""Prefixes of headers that proxies add; browsers do not send them."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The names and addresses under which a user of this machine reaches it."""

    names: frozenset[str]
    addresses: frozenset[Address]

    @classmethod
    def this(cls) -> Self:
        """This machine at this moment; a laptop may change networks."""
        name = socket.gethostname().lower()
        own = (_address(entry.address) for entries in psutil.net_if_addrs().values() for entry in entries)
        return cls(
            # a name with more dots may belong to a public site that a proxy on this machine serves
            frozenset({"localhost", f"{name.partition('.')[0]}.local", *([] if "." in name else [name])}),
            # hosts on other links may share a link-local address, and a connection does not tell its link
            frozenset(address for address in own if address and not (address.version == 6 and address.is_link_local)),
        )


def is_local(peer: str | None, headers: Iterable[tuple[str, str]], machine: Machine) -> bool:
    """Whether the request comes directly from a browser on this machine.

    `peer` is the remote address, None for a Unix socket. Host and Origin must also name this machine: they do not if
    a website points its own name here (DNS rebinding), or behind a proxy that adds no headers.
    """
    sent = [(name.lower(), value) for name, value in headers]
    if any(name in _RELAYS or name.startswith(_RELAY_PREFIXES) for name, _ in sent):
        return False
    address = _address(peer or "")
    if address is None or not (address.is_loopback or address in machine.addresses):
        return False
    hosts = [_hostname(f"//{value}") for name, value in sent if name == "host"]
    origins = [_hostname(value) for name, value in sent if name == "origin"]
    return len(hosts) == 1 and all(_names(host, address, machine) for host in hosts + origins)


def _names(host: str, address: Address, machine: Machine) -> bool:
    """Whether this host name leads to this machine from this address."""
    if host in machine.names:
        return True
    asked = _address(host)
    if asked is None:
        return False
    # a proxy on this machine connects from loopback, whatever address its visitor used
    return asked.is_loopback or asked.is_unspecified if address.is_loopback else asked in machine.addresses


def _hostname(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _address(text: str) -> Address | None:
    """The address without its zone, IPv4-mapped addresses as IPv4; None if the text is not an address."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address
