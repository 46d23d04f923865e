"""Who asks from this very machine, and so needs no proof: a direct connection that no proxy passed on."""

from collections.abc import Iterable

LOOPBACK = frozenset({"127.0.0.1", "::1"})
# What proxies add, so that a proxy on this machine does not make everybody a neighbour.
PASSED_ON = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)


def is_direct(peer: str, header_names: Iterable[str]) -> bool:
    """Whether a request with this peer address and these header names (any case) was made on this machine."""
    return peer in LOOPBACK and not any(name.lower() in PASSED_ON for name in header_names)
