"""The headers of every page allow our own files and the city's base map, nothing else."""

import pytest
from django.test import Client

from stadt.web.security import content_security_policy


def test_nothing_is_allowed_from_others_without_a_base_map() -> None:
    policy = content_security_policy()
    assert "http" not in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_base_map_may_be_fetched_and_shown_but_run_no_script() -> None:
    directives = dict(
        part.split(" ", 1) for part in content_security_policy(["https://karte.example"]).split("; ")
    )
    allowed = {name for name, sources in directives.items() if "https://karte.example" in sources}
    assert allowed == {"img-src", "connect-src"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/suche", "/gibt-es-nicht", "/konto/login/"])
def test_pages_and_errors_carry_the_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
