"""Through which door somebody came in, from which network and with which request: kept in the audit.

A context variable carries it, so that it costs a request next to nothing and every write finds it, however deep.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from stadt.core.machine import LOOPBACK

# What stays of an address says the town or the provider, not the household (decision 0018).
IPV4_BITS, IPV6_BITS = 24, 48


class Door(StrEnum):
    """The ways into the city."""

    PAGE = "page"
    API = "api"
    SENSORTHINGS = "sensorthings"
    INGEST = "ingest"
    JOB = "job"
    COMMAND = "command"
    SETUP = "set-up"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class Entrance:
    """A door with who stands in it: the client's address as it was seen, and the request's id."""

    door: Door
    client: str = ""
    request_id: str = ""


_entrance: ContextVar[Entrance | None] = ContextVar("entrance", default=None)


class entering:  # noqa: N801 - read as a block: `with entering(Door.PAGE):`
    """Whatever is written inside the block came through this door."""

    def __init__(self, door: Door, client: str = "", request_id: str = "") -> None:
        self.entrance = Entrance(door, client, request_id)

    def __enter__(self) -> None:
        self.token = _entrance.set(self.entrance)

    def __exit__(self, *_: object) -> None:
        _entrance.reset(self.token)


def find_entrance() -> Entrance | None:
    """How the running piece of work came in; None for what nobody announced."""
    return _entrance.get()


def network_of(address: str) -> str:
    """The client's network, /24 or /48, as `192.0.2.0/24`; empty for what is no address."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((found.packed, IPV6_BITS), strict=False))
        found = found.ipv4_mapped
    return str(ip_network((found.packed, IPV4_BITS), strict=False))


def client_address(peer: str, forwarded_for: str, *, is_secure: bool) -> str:
    """The visitor's address: behind a proxy the last one in `X-Forwarded-For`, which that proxy saw itself.

    Without a proxy (not on this machine, and no TLS) the header is the visitor's own invention.
    """
    seen = forwarded_for.rpartition(",")[2].strip()
    return seen if seen and (peer in LOOPBACK or is_secure) else peer
