"""An IP address -> whether this service may call it: "public", "private" (only where that is allowed) or "never". Pure.

"never" is what no receiver of ours can have and an attacker wants: the metadata services of clouds, link-local,
multicast, reserved and unspecified addresses. An IPv6 address that only wraps an IPv4 one is judged by that one.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Literal

Reach = Literal["public", "private", "never"]

_METADATA: Final = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254",  # most clouds
        "169.254.170.2",  # containers at Amazon
        "168.63.129.16",  # Azure, a public address
        "192.0.0.192",  # Oracle
        "100.100.100.200",  # Alibaba
        "fd00:ec2::254",  # Amazon
        "fd20:ce::254",  # Google
    )
)
_SHARED: Final = ip_network("100.64.0.0/10")
"""Carrier-grade NAT; the networks of many clusters use it."""
_NEVER: Final = tuple(map(ip_network, ("0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24")))
"""This network, protocol assignments and the old relays: Python's own judgement of them changed between releases."""
_NAT64: Final = ip_network("64:ff9b::/96")


def reach_of(address: IPv4Address | IPv6Address) -> Reach:
    """Judge an address."""
    if address in _METADATA:
        return "never"
    if isinstance(address, IPv6Address):
        return _reach_of_6(address)
    if any(address in network for network in _NEVER):
        return "never"
    if address.is_link_local or address.is_multicast or address.is_reserved or address.is_unspecified:
        return "never"
    return "public" if address.is_global and address not in _SHARED else "private"


def _reach_of_6(address: IPv6Address) -> Reach:
    wrapped = _wrapped(address)
    if wrapped is not None:
        return reach_of(wrapped)
    if address.is_loopback:
        return "private"
    if address.is_link_local or address.is_site_local or address.is_multicast or address.is_reserved:
        return "never"
    return "public" if address.is_global else "private"


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a packet to this one would reach: mapped, 6to4, Teredo or NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
