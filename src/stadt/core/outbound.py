"""HTTP to elsewhere: with time limits, a size limit, and never to private addresses."""

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx
from django.conf import settings

from stadt.core.errors import StadtError

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
MAX_BYTES = 50 * 1024 * 1024
MAX_REDIRECTS = 5
# The last 32 bits are an IPv4 address: RFC 6052 §2.1, RFC 4291 §2.5.5.1. The third is for own networks (RFC 8215).
NAT64 = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE = ipaddress.ip_network("::/96")
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")


class OutboundError(StadtError):
    """Another server could not be asked, or may not be asked."""

    code = "outbound"
    status = 502


@dataclass(frozen=True, slots=True)
class Answer:
    """What another server said. `url` is the address after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also behind the forms that hold an IPv4 address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64 or ip in COMPATIBLE:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast and ip not in LOCAL_NAT64


class _CheckedBackend(httpcore.SyncBackend):
    """Resolves once, refuses private addresses, and connects to the very address it checked (no DNS rebinding)."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(is_public(address) for address in addresses):
            raise OutboundError(f"{host} liegt in einem privaten Netz und wird nicht abgefragt.")
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def _client() -> httpx.Client:
    transport = httpx.HTTPTransport(retries=0, trust_env=False)
    # httpx has no public way to set the network backend; httpcore, below it, documents this argument.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(), network_backend=_CheckedBackend(), max_connections=10
    )
    return httpx.Client(
        transport=transport,
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        headers={"User-Agent": f"VernetzteStadt (+{settings.STADT.url})"},
    )


def fetch(
    method: str,
    url: str,
    *,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Answer:
    """Ask another server. Redirects are followed, each hop checked anew.

    Raises:
        OutboundError: for other schemes than http(s), private addresses, time-outs, broken connections,
            and answers of more than `max_bytes`.
    """
    with _client() as client:
        return _exchange(client, method, url, content, headers, max_bytes)


def call_own(method: str, path: str, *, content: bytes, headers: Mapping[str, str]) -> Answer:
    """Ask this city's own web process, the one private address that is allowed; for the demo's devices."""
    url = f"http://127.0.0.1:{settings.STADT.port}{path}"
    # Plain HTTP to this machine: reading the certificates for it would take 20 ms of each call.
    with httpx.Client(timeout=TIMEOUT, trust_env=False, verify=False) as client:  # noqa: S501
        return _exchange(client, method, url, content, headers, MAX_BYTES)


def _exchange(
    client: httpx.Client,
    method: str,
    url: str,
    content: bytes | None,
    headers: Mapping[str, str] | None,
    max_bytes: int,
) -> Answer:
    if not url.startswith(("http://", "https://")):
        raise OutboundError("Nur http- und https-Adressen werden abgefragt.")
    try:
        with client.stream(method, url, content=content, headers=dict(headers or {})) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > max_bytes:
                    raise OutboundError(
                        f"Die Antwort von {response.url.host} ist größer als {max_bytes} Bytes."
                    )
            return Answer(response.status_code, dict(response.headers), bytes(body), str(response.url))
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, httpcore.TimeoutException) as error:
        raise OutboundError(f"Die Gegenstelle antwortet nicht: {type(error).__name__}.") from error
