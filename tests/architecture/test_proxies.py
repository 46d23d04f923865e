"""The delivered proxy configurations let through what the platform takes, and little more."""

import re
from collections.abc import Iterator

import pytest

from finding import ROOT
from stadt.config.dispatch import LARGEST_FILES_BODY, LARGEST_PAGE_BODY
from stadt.core.registry import registry

MEGABYTE = 1024 * 1024
NGINX = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text("utf-8")
CADDY = (ROOT / "deploy" / "proxy" / "Caddyfile").read_text("utf-8")


def bounds() -> Iterator[tuple[str, int]]:
    """Addresses that take bodies, and the largest one of each in bytes."""
    yield "/strategie/", LARGEST_PAGE_BODY
    for app in registry.apps.values():
        if app.manifest.takes_files:
            yield f"/{app.manifest.path}/x/", LARGEST_FILES_BODY
    for mount in registry.mounts:
        if mount.writing is not None:
            yield f"{mount.prefix}x", mount.body_bytes or LARGEST_PAGE_BODY


def nginx_bound(path: str) -> int:
    """As nginx chooses: the first pattern that fits, else the longest prefix."""
    found = re.findall(r"location (~ )?(\S+) \{\s+client_max_body_size (\d+)m;", NGINX)
    for is_pattern, place, size in found:
        if is_pattern and re.search(place, path):
            return int(size) * MEGABYTE
    prefixes = [
        (len(place), int(size))
        for is_pattern, place, size in found
        if not is_pattern and path.startswith(place)
    ]
    return max(prefixes)[1] * MEGABYTE


def caddy_bound(path: str) -> int:
    [places] = re.findall(r"@deliveries path (.+)", CADDY)
    [others] = re.findall(r"@others not path (.+)", CADDY)
    assert places == others
    sizes = dict(re.findall(r"request_body @(\w+) \{\s+max_size (\d+)MB", CADDY))
    is_delivery = any(path.startswith(place.rstrip("*")) for place in places.split())
    return int(sizes["deliveries" if is_delivery else "others"]) * 1_000_000


@pytest.mark.parametrize(("path", "size"), tuple(bounds()))
def test_what_the_platform_takes_passes_the_proxies(path: str, size: int) -> None:
    assert size <= nginx_bound(path) <= 3 * max(size, LARGEST_PAGE_BODY)
    assert size <= caddy_bound(path)
