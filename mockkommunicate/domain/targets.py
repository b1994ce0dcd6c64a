"""Targets: which addresses may be called. A test double calls what is near; clouds' metadata, which gives keys away, never."""

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_METADATA = frozenset(
    map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
"""Metadata and host services of clouds that are not link-local, as 169.254.169.254 is."""
_PRIVATE = [
    ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Allowed:
    """What may be called besides this machine and private networks: patterns of names, addresses, networks."""

    patterns: Sequence[str] = ()

    def refusal(self, host: str, address: str) -> str | None:
        """Say why an address, to which the name of a host has led, must not be called; None if it may be."""
        target = _embedded(ip_address(address.partition("%")[0]))
        shown = host if host == address else f"{host} is {address}, which"
        if target in _METADATA or target.is_link_local:
            return f"{shown} is never called: link-local addresses and clouds' metadata services"
        if target.is_unspecified or target.is_multicast or target == IPv4Address("255.255.255.255"):
            return f"{shown} is never called: no single machine has this address"
        if any(target in network for network in _PRIVATE) or any(
            _fits(pattern, host.lower(), target) for pattern in self.patterns
        ):
            return None
        return f"{shown} is neither loopback nor private: serve with --allow-outbound {host} to allow it"


def is_pattern(pattern: str) -> bool:
    """Tell whether a text can be a pattern: a name with or without wildcards, an address, a network."""
    try:
        ip_network(pattern, strict=False)
    except ValueError:
        return bool(pattern) and not set(pattern) & set("/: \\@") and pattern.isprintable()
    return True


def _fits(pattern: str, host: str, target: Address) -> bool:
    try:
        return target in ip_network(pattern, strict=False)
    except ValueError:
        return fnmatch.fnmatchcase(host, pattern.lower())


def _embedded(address: Address) -> Address:
    """Answer the IPv4 address that an IPv6 address stands for, if it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
