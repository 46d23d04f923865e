"""One report told by a resident with a phone and finished by an officer with a keyboard, each through the own pages only."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect
from tests.browser.test_accessibility import violations
from tests.browser.test_strategy_journey import press, tab_to, today

PHONE: ViewportSize = {"width": 360, "height": 740}
TOLD = "Die Platte wackelt, wenn man darauf tritt."
INTERNAL = "Nur für uns: Kolonne zwei hat Material."
QUESTION = "Ist es die Platte vor der Bank oder vor dem Baum?"
ANSWER = "Vor der Bank."
WHY = "Sie wackelt schon wieder."


def picture(colour: str) -> FilePayload:
    """A photo as a phone would send it."""
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG")
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


@pytest.fixture
def phone(browser: Browser, demo_city: Any) -> Iterator[Page]:
    """A resident's phone that may say where it is."""
    made = browser.new_context(
        base_url=demo_city.url,
        locale="de-DE",
        viewport=PHONE,
        has_touch=True,
        geolocation={"longitude": 7.064, "latitude": 51.553},
        permissions=["geolocation"],
    )
    yield made.new_page()
    made.close()


def assert_accessible(page: Page) -> None:
    assert violations(page) == [], page.url


def main_button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.locator("main").get_by_role("button", name=name)


def wait_as_a_person(page: Page) -> None:
    """Forms refuse what comes faster than anybody reads them."""
    page.wait_for_timeout(3200)


def tell(page: Page) -> None:
    """From a sticker: category, place, photo and text, then send; one step of checking lies between, with its questions."""
    page.goto("/melden/neu/?ding=Mast+12")
    started = time.monotonic()
    page.get_by_label(re.compile("Foto aufnehmen")).set_input_files(picture("#7a6a55"))
    page.locator("label[for=art-road_damage]").click()
    page.locator("stadt-place").get_by_role(
        "button", name=re.compile("Standort|hier", re.IGNORECASE)
    ).first.click()
    expect(page.locator("[data-place=lon]")).to_have_value(re.compile(r"^7\."))
    expect(page.locator("[data-place=asset]")).to_have_value("Mast 12")
    page.get_by_label(re.compile("^Beschreibung")).fill(TOLD)
    page.wait_for_timeout(max(0, 3200 - 1000 * (time.monotonic() - started)))
    send_off(page, lambda button: button.click())


def send_off(page: Page, push: Callable[[Locator], None]) -> None:
    """Push „Weiter“ and „Absenden“ until the report has arrived; questions and known reports may lie between."""
    thanks = page.get_by_role("heading", name="Danke, Ihre Meldung ist angekommen.")
    send = main_button(page, re.compile("^(Weiter|Meldung absenden)")).first
    for _ in range(3):
        push(send)
        expect(
            thanks.or_(page.locator("main button[type=submit]:enabled[name$=step]").first).first
        ).to_be_visible()
        page.wait_for_load_state("networkidle")
        if thanks.count():
            return
    raise AssertionError(page.locator("main").inner_text()[:2000])


def open_case(officer: Page, reference: str) -> None:
    officer.goto("/vorgaenge/")
    words = officer.locator("main search input[name=q]")
    tab_to(officer, words)
    officer.keyboard.type(reference)
    officer.keyboard.press("Enter")
    officer.wait_for_url(f"**q={reference}*")
    press(officer, officer.locator(".desk-rows__what a").first)
    officer.wait_for_url(f"**/vorgaenge/{reference}/")


def do(officer: Page, move: str, **fields: str) -> None:
    """One step by keyboard: its button, its fields, sent."""
    press(officer, officer.locator(".desk-moves").get_by_role("link", name=move, exact=True), "**/schritt/**")
    for label, text in fields.items():
        field = officer.locator(f"[name={label}]")
        tab_to(officer, field)
        field.fill(text)
    press(officer, main_button(officer, move))
    expect(officer.get_by_text(re.compile("^Erledigt:")).first).to_be_visible()


def test_a_resident_and_an_officer_finish_one_report_together(
    phone: Page, operator_page: Page, page: Page
) -> None:
    """Told on a phone, asked back, planned, done with a photo, opened again; inside words stay inside."""
    officer = operator_page
    tell(phone)
    reference = phone.locator(".receipt__reference strong").inner_text()
    assert_accessible(phone)
    phone.locator("main").get_by_role("link", name="Seite meiner Meldung").click()
    own = phone.url
    assert_accessible(phone)

    open_case(officer, reference)
    officer.get_by_label("Neue interne Notiz").fill(INTERNAL)
    main_button(officer, "Notiz speichern").click()
    expect(officer.get_by_text(INTERNAL).first).to_be_visible()
    assert_accessible(officer)
    do(officer, "Rückfrage stellen", text=QUESTION)
    phone.goto(own)
    expect(phone.get_by_text(QUESTION).first).to_be_visible()
    phone.get_by_label(re.compile("^Antworten")).fill(ANSWER)
    main_button(phone, "Nachricht senden").click()
    expect(phone.get_by_text(ANSWER).first).to_be_visible()

    officer.goto(f"/vorgaenge/{reference}/")
    expect(officer.get_by_text(ANSWER).first).to_be_visible()
    day = today() + timedelta(days=3)
    do(officer, "Einplanen", planned_for=day.isoformat())
    phone.goto(own)
    expect(phone.locator("main").get_by_text(re.compile(f"{day.day}\\.")).first).to_be_visible()

    press(
        officer,
        officer.locator("main").get_by_role("link", name="Als erledigt melden", exact=True),
        "**/schritt/**",
    )
    officer.locator("[name=photo]").set_input_files(picture("#4f7a3c"))
    press(officer, main_button(officer, "Als erledigt melden"))
    expect(officer.get_by_text(re.compile("^Erledigt:")).first).to_be_visible()
    phone.goto(own)
    expect(phone.locator("main").get_by_text("erledigt").first).to_be_visible()
    expect(phone.locator(".service-files img")).not_to_have_count(0)

    phone.locator("summary", has_text="wieder öffnen").click()
    phone.locator("#warum-reopen").fill(WHY)
    main_button(phone, re.compile("wieder öffnen")).click()
    expect(phone.get_by_text("Die Meldung ist wieder offen.").first).to_be_visible()
    officer.goto(f"/vorgaenge/{reference}/")
    expect(officer.get_by_text(WHY).first).to_be_visible()

    page.goto(f"/melden/{reference}/")
    expect(page.locator("main").get_by_text(reference).first).to_be_visible()
    for reader, address in ((phone, own), (page, page.url)):
        reader.goto(address)
        assert INTERNAL not in reader.content()
    for secret in (TOLD, QUESTION, ANSWER, WHY):
        assert secret not in page.content()


def test_a_report_needs_no_javascript(plain_page: Page) -> None:
    plain_page.goto("/melden/neu/")
    wait_as_a_person(plain_page)
    plain_page.locator("label[for=art-graffiti]").click()
    plain_page.locator("#ort-feld").fill("Buer")
    main_button(plain_page, "Weiter").click()
    choices = plain_page.get_by_role("group", name="Welcher Ort ist gemeint?").get_by_role("radio")
    if choices.count():
        choices.first.check()
    send = main_button(plain_page, "Meldung absenden")
    send.click()
    if send.count():  # what was reported nearby is shown once
        send.click()
    expect(plain_page.get_by_role("heading", name="Danke, Ihre Meldung ist angekommen.")).to_be_visible()
    plain_page.locator("main").get_by_role("link", name="Seite meiner Meldung").click()
    expect(plain_page.get_by_label(re.compile("^Antworten"))).to_be_visible()


def test_a_report_is_told_by_keyboard_alone(page: Page) -> None:
    page.goto("/melden/neu/")
    wait_as_a_person(page)
    tab_to(page, page.locator("#ort-feld"))
    page.keyboard.type("Buer")
    option = page.locator("stadt-place [role=option]").first
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-place=lon]")).to_have_value(re.compile(r"^7\."))
    tiles = page.locator("#art-graffiti")
    tiles.focus()
    page.keyboard.press("Space")
    expect(tiles).to_be_checked()
    send_off(page, lambda button: press(page, button))


def test_the_pages_of_reporting_hold_on_a_phone(phone: Page) -> None:
    for address in ("/melden/", "/melden/neu/", "/melden/zahlen/", "/dienste/"):
        answer = phone.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_report_is_begun_without_a_connection_and_sent_when_there_is_one(phone: Page) -> None:
    """The device kept the empty form; photos that are still being drawn are waited for, so that none leaves as it was taken."""
    names: list[str] = []
    phone.expose_function("sentPhoto", lambda name: names.append(str(name)))
    phone.add_init_script(
        "const draw = window.createImageBitmap, send = window.fetch;"
        "window.createImageBitmap = async (...all) => { await new Promise((go) => setTimeout(go, 800)); return draw(...all); };"
        "window.fetch = (address, how) => {"
        " if (how?.body instanceof FormData) how.body.getAll('report-photo').forEach((file) => window.sentPhoto(file.name));"
        " return send(address, how); };"
    )
    phone.goto("/melden/neu/")
    phone.evaluate(
        "new Promise((go) => navigator.serviceWorker.controller ? go()"
        " : navigator.serviceWorker.addEventListener('controllerchange', () => go(), { once: true }))"
    )
    phone.context.set_offline(True)
    phone.goto("/melden/neu/")
    expect(phone.get_by_text("Sie sind gerade offline")).to_be_visible()
    phone.locator("stadt-place").get_by_role("button", name="Mein Standort").click()
    expect(phone.locator("[data-place=lon]")).to_have_value(re.compile(r"^7\."))
    phone.locator("label[for=art-graffiti]").click()
    phone.get_by_label(re.compile("Foto aufnehmen")).set_input_files(picture("#7a6a55"))
    main_button(phone, "Meldung absenden").click()
    expect(phone.get_by_text("Noch nicht gesendet: keine Verbindung.")).to_be_visible()
    assert_accessible(phone)
    assert names == []
    phone.context.set_offline(False)
    phone.wait_for_url("**/melden/danke/**")
    expect(phone.get_by_role("heading", name="Danke, Ihre Meldung ist angekommen.")).to_be_visible()
    assert names == ["foto-1.jpg"]
