"""How much is taken, and how often."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from stadt.hub.datasets.pacing import Pace

LONGEST_TEXT = 2000
LONGEST_ADDRESS = 200
LONGEST_NAME = 120
MOST_PHOTOS = 5
SHORTEST_KEY, LONGEST_KEY = 16, 128
SHORTEST_COMPARED = 20
"""Shorter texts (“Müll”) are alike by chance."""
MOST_ALIKE = 3
ALIKE_WITHIN = timedelta(days=7)
KEPT = timedelta(days=60)

# Ten reports from one household at once, then one in three minutes: a walk through the quarter fits in.
household_pace = Pace(burst=10, per_second=1 / 180)
# A network holds many households; this stops who changes his address with each report.
network_pace = Pace(burst=100, per_second=1 / 20)


def take_report(address: str) -> None:
    """Count a report from an address and its network. Raises TooMany with `Retry-After`."""
    network_pace.take(network_of(address))
    household_pace.take(address)


def network_of(address: str) -> str:
    """The first address of the network: 24 bits of an IPv4 address, 48 of an IPv6 one; as given when it is none."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return address
    if found.is_loopback:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    kept = 48 if isinstance(found, IPv6Address) else 24
    size = found.max_prefixlen
    return str(type(found)((int(found) >> (size - kept)) << (size - kept)))
