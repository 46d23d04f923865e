"""Passkeys for real: Chromium's virtual authenticator makes one, signs in with it, and is refused elsewhere."""

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "frieda@example.org"
NAMED = "http://localhost:{}"


@pytest.fixture(scope="module")
def named_city(migrated_home: Path, start_city: Any) -> Iterator[Any]:
    """An empty city that is known by the name `localhost`: browsers make no passkeys for numbers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="stadt-passkeys-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        subprocess.run(["cp", "-a", f"{migrated_home}/.", folder], check=True)
        with start_city(Path(folder), port=port, STADT_URL=NAMED.format(port)) as city:
            yield city


@pytest.fixture
def page(browser: Browser, named_city: Any) -> Iterator[Page]:
    """A page with an authenticator that has a fingerprint."""
    context = browser.new_context(base_url=NAMED.format(named_city.port), locale="de-DE")
    found = context.new_page()
    session = context.new_cdp_session(found)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield found
    context.close()


def test_from_the_first_link_to_a_passkey_that_signs_in(page: Page, named_city: Any) -> None:
    """The whole way of a first administrator, in one browser."""
    [link] = [word for word in named_city.printed.split() if "/einrichten/" in word]
    page.goto(link)
    page.fill("[name=email]", ADDRESS)
    page.fill("[name=name]", "Frieda Muster")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/konto/zweiter-faktor/")
    page.click("text=Passkey hinzufügen")
    page.fill("[name=name]", "Dienst-Laptop")
    page.click("text=Passkey erstellen")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".codes li").count() == 10
    page.goto("/konto/zweiter-faktor/")
    assert "Dienst-Laptop" in page.inner_text("main")
    assert "auch ohne Passwort" in page.inner_text("main")

    # with nothing but the passkey
    _sign_out(page)
    page.goto("/konto/login/?next=/konto/sitzungen/")
    page.click("text=Mit Passkey anmelden")
    page.wait_for_url(lambda url: url.endswith("/konto/sitzungen/") and "login" not in url)
    assert "diese Sitzung" in page.inner_text("main")

    # as the second step after the password
    _sign_out(page)
    page.goto("/konto/login/")
    page.fill("[name=login]", ADDRESS)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/zweiter-faktor/authenticate/")
    page.click("text=Passkey verwenden")
    page.wait_for_url(NAMED.format(named_city.port) + "/")
    assert page.goto("/konto/").url.endswith("/konto/")  # type: ignore[union-attr]


def test_who_has_no_passkey_is_told_so_and_goes_another_way(page: Page) -> None:
    page.goto("/konto/login/")
    page.click("text=Mit Passkey anmelden")
    page.wait_for_selector("[data-passkey-failure]:not([hidden])")
    assert "Abgebrochen" in page.inner_text("[data-passkey-failure]")
    assert page.is_visible("[name=password]")


def test_without_javascript_no_passkey_is_offered(browser: Browser, named_city: Any) -> None:
    context = browser.new_context(
        base_url=NAMED.format(named_city.port), locale="de-DE", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/konto/login/")
    assert not page.is_visible("text=Mit Passkey anmelden")
    assert page.is_visible("main button[type=submit]")
    context.close()


def _sign_out(page: Page) -> None:
    page.goto("/konto/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/logout" not in url)
