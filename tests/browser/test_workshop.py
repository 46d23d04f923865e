"""The publisher's workshop in the browser: an office worker and a colleague by keyboard, and once without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.conftest import settle

from stadt.apps.publishing.tests.files import households, titled_csv

HOME = "/daten/werkstatt/"
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNTIL_READ = 90_000
MANY = 150

SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(browser: Browser, demo_city: Any) -> Iterator[SignedIn]:
    """`signed_in("anna@stadt.example")` is a page of that administrator, in a browser of her own."""
    contexts = []

    def sign_in(email: str, *, scripts: bool = True) -> Page:
        made = demo_city.stadt("admin", "--email", email, given="ein-langes-Passwort-27\n")
        assert made.returncode == 0, made.stderr
        context = browser.new_context(base_url=demo_city.url, locale="de-DE", java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.goto("/konto/login/")
        page.fill("input[type=email], input[name=login]", email)
        page.fill("input[type=password]", "ein-langes-Passwort-27")
        page.press("input[type=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def press(page: Page, target: Locator, address: str = "") -> None:
    """Go to a link or button by Tab alone, press Enter, and be where it leads."""
    tab_to(page, target)
    page.keyboard.press("Enter")
    if address:
        page.wait_for_url(address)


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(MANY):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MANY} times Tab do not lead to {target}")


def write(page: Page, target: Locator, text: str) -> None:
    tab_to(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def assert_usable(page: Page) -> None:
    """Nothing that axe-core finds, and nothing wider than the narrowest phone."""
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(r => r.violations)",
        RULES,
    )
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found] == [], page.url
    page.set_viewport_size({"width": 320, "height": 640})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wider <= 0, f"{page.url} is {wider} pixels wider than 320"


def upload(page: Page, file: Path, title: str) -> None:
    """Choose a file and send it. The dialogue is the system's, so the file is put into the field that has the focus."""
    field = page.locator("input[type=file]")
    tab_to(page, field)
    field.set_input_files(file)
    write(page, page.get_by_label("Titel"), title)
    press(page, page.get_by_role("button", name="Hochladen", exact=True), "**/lieferungen/1/")


def test_by_keyboard_from_a_workbook_with_title_rows_to_a_page_with_a_chart(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    file = tmp_path / "haushalte.xlsx"
    file.write_bytes(households())
    page, title = signed_in("eins@stadt.example"), "Haushalte im Überblick"

    page.goto(HOME)
    assert_usable(page)
    press(page, page.get_by_role("link", name="Datensatz anlegen").first, "**/hochladen/")
    assert_usable(page)
    upload(page, file, title)

    # What was understood; one heading is corrected, and nothing else is touched.
    heading = page.get_by_role("heading", name="So haben wir die Datei verstanden")
    expect(heading).to_be_visible(timeout=UNTIL_READ)
    expect(page.locator("main")).to_contain_text("Titel, wird nicht gelesen")
    assert_usable(page)
    column = page.locator("details.column", has_text="Bem.")
    if column.get_attribute("open") is None:
        press(page, column.locator("summary"))
    write(page, column.get_by_label("Überschrift"), "Bemerkung")
    press(page, page.get_by_role("button", name="Stimmt so, weiter"))
    expect(page.get_by_text("Die Tabelle ist fertig")).to_be_visible(timeout=UNTIL_READ)
    expect(page.locator("details.column", has_text="Bemerkung")).to_contain_text("von Ihnen festgelegt")
    press(page, page.get_by_role("link", name="Weiter zu den Angaben"), "**/angaben/")
    assert_usable(page)

    # The card: two fields are typed, one is chosen, one is mended by its button.
    write(page, page.get_by_label("Beschreibung"), "Zahl der Haushalte und Anteil der Einpersonenhaushalte.")
    tab_to(page, page.get_by_label("Thema"))
    page.keyboard.type("Bevölkerung")
    press(page, page.get_by_role("button", name="Schlagworte übernehmen"))
    expect(page.get_by_text("Die Angaben sind gespeichert.")).to_be_visible()
    expect(page.get_by_label("Schlagworte")).to_have_value(re.compile("Haushalte"))
    expect(page.get_by_label("Beschreibung")).to_have_value(re.compile("Einpersonenhaushalte"))
    press(page, page.get_by_role("button", name="Speichern und weiter"), "**/pruefen/")
    assert_usable(page)
    press(page, page.get_by_role("button", name="Zur Freigabe geben"))
    expect(page.get_by_text("Der Datensatz ist zur Freigabe gegeben.")).to_be_visible()
    assert_usable(page)

    colleague = signed_in("zwei@stadt.example")
    colleague.goto(f"{HOME}freigaben/")
    assert_usable(colleague)
    press(colleague, colleague.get_by_role("link", name=title), "**/freigaben/*.haushalte*/")
    assert_usable(colleague)
    press(colleague, colleague.get_by_role("button", name="Freigeben und veröffentlichen"))
    press(colleague, colleague.get_by_role("link", name="Öffentliche Seite"), "**/daten/*.haushalte*/")
    expect(colleague.locator("h1")).to_have_text(title)
    expect(colleague.locator("main")).to_contain_text("Bemerkung")  # the corrected heading
    expect(colleague.locator("stadt-chart").first).to_be_visible()

    key = colleague.url.rstrip("/").rpartition("/")[2]
    for name in ("zurueckziehen/", "angaben/", ""):
        page.goto(f"{HOME}{key}/{name}")
        assert_usable(page)
    page.goto(f"{HOME}hochladen/{key}/")
    assert_usable(page)
    expect(page.locator("main")).to_contain_text("Wie beim letzten Mal")


def test_a_file_that_is_missing_is_told_beside_the_field_and_the_summary_has_the_focus(
    signed_in: SignedIn,
) -> None:
    page = signed_in("drei@stadt.example")
    page.goto(f"{HOME}hochladen/")
    press(page, page.get_by_role("button", name="Hochladen", exact=True))
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.locator(".field", has_text="Datei").first).to_contain_text("Bitte wählen Sie eine Datei.")
    assert_usable(page)


def test_without_javascript_a_file_becomes_a_draft_that_is_handed_in(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    file = tmp_path / "haushalte_2025.csv"
    file.write_bytes(titled_csv())
    page = signed_in("vier@stadt.example", scripts=False)
    page.goto(f"{HOME}hochladen/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Hochladen", exact=True).click()
    # The page that waits loads itself again.
    expect(page.get_by_role("heading", name="So haben wir die Datei verstanden")).to_be_visible(
        timeout=UNTIL_READ
    )
    page.get_by_role("button", name="Stimmt so, weiter").click()
    expect(page.get_by_text("Die Tabelle ist fertig")).to_be_visible(timeout=UNTIL_READ)
    page.get_by_role("link", name="Weiter zu den Angaben").click()
    page.get_by_label("Beschreibung").fill("Haushalte nach Stadtteilen.")
    page.get_by_label("Thema").select_option("SOCI")
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_role("button", name="Zur Freigabe geben").click()
    expect(page.get_by_text("Der Datensatz ist zur Freigabe gegeben.")).to_be_visible()
