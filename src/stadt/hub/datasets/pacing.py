"""How often one address may ask for rows: kept in memory for a minute as a keyed digest, never written anywhere."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

from django.utils.translation import gettext

from stadt.core.errors import TooMany

# A page of somebody's map or script asks for a handful at once and then waits; this is two pages a second for ever.
BURST = 120.0
PER_SECOND = 2.0
MOST_ADDRESSES = 20_000


class Pace:
    """A bucket of requests for each address: `burst` at once, filled again by `per_second`.

    Each web process counts for itself. A digest is keyed with a secret that ends with the process, so it leads back to
    nobody; of an IPv6 address the first 64 bits count, because a household has all the rest.
    """

    def __init__(self, burst: float = BURST, per_second: float = PER_SECOND) -> None:
        self.burst, self.per_second = burst, per_second
        self._secret = secrets.token_bytes(32)
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, address: str, now: float | None = None) -> None:
        """Take one request. Requests from this machine itself are free: the proxy names the visitor's address.

        Raises:
            TooMany: with `Retry-After` in seconds.
        """
        network = household_of(address)
        if not network:
            return
        moment = time.monotonic() if now is None else now
        key = hmac.digest(self._secret, network, hashlib.sha256)[:16]
        with self._guard:
            left, since = self._left.pop(key, (self.burst, moment))
            left = min(self.burst, left + (moment - since) * self.per_second)
            is_allowed = left >= 1
            self._left[key] = (left - 1 if is_allowed else left, moment)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        if not is_allowed:
            wait = max(1, round((1 - left) / self.per_second + 0.5))
            raise TooMany(
                gettext("Das waren viele Anfragen in kurzer Zeit. Bitte warten Sie %(seconds)s Sekunden.")
                % {"seconds": wait},
                headers={"Retry-After": str(wait)},
            )


def household_of(address: str) -> bytes:
    """The bytes that stand for a household; empty for this machine and for what is no address."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return b""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return b"" if found.is_loopback else found.packed[:8]
        found = found.ipv4_mapped
    return b"" if found.is_loopback else found.packed


rows_pace = Pace()
