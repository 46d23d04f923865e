"""Who asks from this very machine, and so needs no proof: a direct connection that no proxy passed on."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network

LOOPBACK = frozenset({"127.0.0.1", "::1"})
# What proxies add, so that a proxy on this machine does not make everybody a neighbour.
PASSED_ON = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)


# Where a proxy can stand: this machine, and private networks (RFC 1918, RFC 4193).
PROXIES = tuple(
    ip_network(network)
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)


@lru_cache(maxsize=4096)
def may_be_proxy(peer: str) -> bool:
    """Whether a request from this address can have come through a proxy of ours, so that what it adds is believed."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in PROXIES)


def is_direct(peer: str, header_names: Iterable[str]) -> bool:
    """Whether a request with this peer address and these header names (any case) was made on this machine."""
    return peer in LOOPBACK and not any(name.lower() in PASSED_ON for name in header_names)
