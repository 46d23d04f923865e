"""The demo city in a headless Chromium: `page` for a visitor, `operator_page` for somebody who may do everything."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HERE = Path(__file__).parent


# What a script fills or shows after the page has loaded, as frontend/src/needed.ts finds it; HTMX waits to be used.
FILLED_LATER = "[...document.querySelectorAll('body *')].some(one => one.localName.includes('-') || one.matches('form[data-upload], form[data-passkey]'))"


class Login(NamedTuple):
    """An account of the demo city."""

    email: str
    password: str


def settle(page: Page) -> None:
    """Wait until an opened page is complete. Half a second without any request is waited for only where a script asks."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => null)")
    if page.evaluate(FILLED_LATER):
        page.wait_for_load_state("networkidle")


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form, as people do."""
    page.goto("/konto/login/")
    page.fill("input[type=email], input[name=login]", email)
    page.fill("input[type=password]", password)
    page.press("input[type=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


# Before xdist's own hook, which reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests on one worker: one city, one Chromium at a time."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


demo = contextlib.ExitStack()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The demo city ends with the last browser test of the worker: its jobs would slow down all that comes after."""
    if nextitem is None or HERE not in nextitem.path.parents:
        demo.close()


def find_chromium(playwright: Playwright) -> str | None:
    """`$CHROMIUM`, else an installed one, else the one Playwright brought."""
    own = Path(playwright.chromium.executable_path)
    found = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    found += [str(path) for path in (MAC, own) if path.is_file()]
    return next((path for path in found if path), None)


def give_up(reason: str) -> None:
    """Skip with a clear line; fail where browser tests must run."""
    if os.environ.get("STADT_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


# Of the module, not the session: while it runs, Playwright's event loop would disturb other tests of the worker.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            give_up("no Chromium found: set CHROMIUM or install one")
        # As root there is no sandbox to be had; the pages are our own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=path, args=[*arguments, "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo_city() -> Any:
    """The demo city, running and filled, one for all tests of a run that only look at it or add to it."""
    from tests.conftest import open_folder, running_city

    return demo.enter_context(running_city(demo.enter_context(open_folder()), demo=True))


@pytest.fixture(scope="session")
def operator(demo_city: Any) -> Login:
    """The first administrator of the demo city."""
    login = Login("betrieb@stadt.example", "ein-langes-Passwort-27")
    made = demo_city.stadt("admin", "--email", login.email, given=login.password + "\n")
    assert made.returncode == 0, made.stderr
    return login


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a test that expects a complaint clears the list."""
    return []


@pytest.fixture
def context(browser: Browser, demo_city: Any, complaints: list[str]) -> Iterator[BrowserContext]:
    """A browser profile of the test's own, German, 1280 pixels wide; complaints of its pages fail the test."""
    made = browser.new_context(
        base_url=demo_city.url, locale="de-DE", viewport={"width": 1280, "height": 900}
    )

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location['url']})")

    made.on("weberror", lambda error: complaints.append(str(error.error)))
    made.on("console", note)
    yield made
    made.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A visitor's page: `page.goto("/strategie/")`."""
    return context.new_page()


@pytest.fixture
def plain_page(browser: Browser, demo_city: Any) -> Iterator[Page]:
    """A visitor's page without JavaScript."""
    made = browser.new_context(base_url=demo_city.url, locale="de-DE", java_script_enabled=False)
    yield made.new_page()
    made.close()


@pytest.fixture
def operator_page(page: Page, operator: Login) -> Page:
    """A page of the operator, signed in through the form."""
    sign_in(page, operator.email, operator.password)
    return page
