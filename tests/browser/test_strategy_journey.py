"""The living strategy told once through all its parts: people of four roles change, measure, steer and report; everybody reads.

Each person has an account with one role of the strategy and a browser of their own, and works by keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

MEASURE = "M-3.6.6"  # printed with a period that is over, and never updated since
INDICATOR = "K3.6-06"  # its printed indicator, which the platform does not compute
KEY = "city.k3_6_06"
DECISION = "Drucksache 26-77/4"
TARGET_DECISION = "Vorlage 26-78"
ASKED, PAPER = "Der Rat nimmt den Stand zur Kenntnis.", "26-79"
ANSWER = "Die Sammlung geht im Frühjahr ans Netz."
INTERNAL = "Haussache"
"""Stands in every text that is not for everybody, and in every address of the people."""
PASSWORD = "ein-langes-Passwort-27"
UNTIL_DONE = 90_000
MANY = 150

Person = Callable[[str, str], Page]


@pytest.fixture
def person(browser: Browser, demo_city: Any, operator_page: Page) -> Iterator[Person]:
    """`person("eins", "strategy-office")` is a page of a person who holds this role in the city, and no other."""
    contexts = []

    def sign_in(name: str, role: str) -> Page:
        email = f"{name}@{INTERNAL.lower()}.example"
        made = demo_city.stadt("admin", "--email", email, given=f"{PASSWORD}\n")
        assert made.returncode == 0, made.stderr
        give_only(operator_page, email, role)
        contexts.append(browser.new_context(base_url=demo_city.url, locale="de-DE"))
        page = contexts[-1].new_page()
        page.goto("/konto/login/")
        page.fill("input[type=email], input[name=login]", email)
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def give_only(operator: Page, email: str, role: str) -> None:
    """Put the role in the place of those that the account was made with."""
    operator.goto(f"/betrieb/personen/?q={email}")
    operator.locator("main").get_by_role("link", name=email).first.click()
    operator.get_by_label("Rolle", exact=True).select_option(role)
    operator.get_by_role("button", name="Rolle geben").click()
    expect(operator.get_by_text("Die Rolle ist vergeben.")).to_be_visible()
    operator.get_by_role("button", name=re.compile("Rolle beenden.*Administration")).click()
    expect(operator.get_by_text("Die Rolle ist beendet.")).to_be_visible()


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


def write(page: Page, label: str, text: str) -> None:
    """Type into a field; a day or a choice is set as the browser's own calendar or list would."""
    field = page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(freiwillig\))?\s*$"))
    tab_to(page, field)
    if field.get_attribute("type") == "date":
        field.fill(text)
    elif field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(text)
    else:
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)


def button(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("button", name=name, exact=True)


def link(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("link", name=name).first


def today() -> Any:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def test_the_strategy_is_changed_measured_steered_and_reported_by_its_people_and_read_by_all(
    person: Person, browser: Browser, demo_city: Any
) -> None:
    """R-02 to R-06: nobody decides alone, and what was decided is public at once, without who and why inside."""
    officer, colleague = person("eins", "strategy-office"), person("zwei", "strategy-office")
    board, owner = person("drei", "strategy-board"), person("vier", "strategy-owner")

    change_by_request(officer, board)
    keep_value(officer, colleague)
    set_target(officer, board)
    answer_warning(officer)
    report = make_report(officer, owner)

    context = browser.new_context(base_url=demo_city.url, locale="de-DE")
    reader = context.new_page()
    read_everything(reader, report)
    find_nothing_internal(reader, report)
    context.close()


def change_by_request(officer: Page, board: Page) -> None:
    """The officer says that a measure is under way; another person decides."""
    officer.goto("/strategie/aenderungen/")
    press(officer, link(officer, "Änderungsantrag beginnen"), "**/neu/")
    write(officer, "Worum geht es?", f"{INTERNAL}: Stand der Kunstsammlung")
    write(officer, "Begründung", f"{INTERNAL}: Das Fachreferat arbeitet daran")
    press(officer, button(officer, "Antrag beginnen"))
    press(officer, link(officer, "Änderung hinzufügen"), "**/aenderung/")
    write(officer, "Art der Änderung", "move_state")
    write(officer, "Nummer", MEASURE)
    press(officer, button(officer, "Weiter"), "**/aenderung/?*")
    write(officer, "Stand", "in_implementation")
    press(officer, button(officer, "In den Antrag stellen"))
    expect(officer.get_by_text("Die Änderung steht im Antrag.")).to_be_visible()
    write(officer, "Ihr Beitrag", f"{INTERNAL}: Bitte noch in diesem Jahr")
    press(officer, button(officer, "Beitrag abschicken"))
    press(officer, button(officer, "Vorlegen"))
    expect(officer.get_by_text("Der Antrag ist vorgelegt.")).to_be_visible()
    expect(button(officer, "Beschließen")).to_have_count(0)

    board.goto("/strategie/aenderungen/")
    press(board, link(board, "Stand der Kunstsammlung"))
    write(board, "gilt ab", today().isoformat())
    write(board, "Beschluss", DECISION)
    press(board, button(board, "Beschließen"))
    expect(board.get_by_text("Der Antrag ist beschlossen.")).to_be_visible()


def keep_value(officer: Page, colleague: Page) -> None:
    """An indicator that nobody computes is kept by people: one enters, another confirms."""
    officer.goto(f"/kennzahlen/werkstatt/neu/?nummer={INDICATOR}")
    officer.get_by_label("Wer führt sie", exact=True).select_option(index=1)
    write(officer, "Bezeichnung", "Digitale Kulturangebote")
    write(officer, "Was die Zahl sagt", "Wie viele Kulturangebote es digital gibt.")
    write(officer, "Einheit (UCUM)", "1")
    write(officer, "Formel in Worten", "Anzahl der Angebote am Jahresende")
    write(officer, "Quelle", "Referat Kultur")
    write(officer, "Gilt ab", "2020-01-01")
    press(officer, button(officer, "Festlegen"), f"**/kennzahlen/{KEY}/")

    officer.goto(f"/kennzahlen/werkstatt/{KEY}/")
    write(officer, "Zeitraum", str(today().year - 1))
    write(officer, "Wert", "12")
    press(officer, button(officer, "Eintragen"))
    expect(officer.get_by_text("sobald eine zweite Person ihn bestätigt hat").first).to_be_visible()

    colleague.goto("/kennzahlen/werkstatt/bestaetigen/")
    press(colleague, link(colleague, "Digitale Kulturangebote"))
    write(colleague, "Antwort auf die Rückfragen, oder Grund der Ablehnung", f"{INTERNAL}: nachgezählt")
    press(colleague, button(colleague, "Bestätigen und veröffentlichen"))
    expect(colleague.get_by_text("Der Wert ist bestätigt und veröffentlicht.")).to_be_visible()


def set_target(officer: Page, board: Page) -> None:
    """The officer proposes a SOLL with the way there; the board decides it."""
    year = today().year
    officer.goto("/steuerung/ziele/neu/")
    write(officer, "Kennzahl", INDICATOR)
    write(officer, "Mindestens", "30")
    write(officer, "Tag der Bewertung", f"{year + 3}-12-31")
    write(officer, "Weg zum Soll", f"31.12.{year + 1}; 18;")
    write(officer, "Begründung", f"{INTERNAL}: mit dem Referat abgestimmt")
    press(officer, button(officer, "Vorschlagen"), "**/steuerung/ziele/*/")
    expect(officer.get_by_text("Beschließen muss ihn eine andere Person.")).to_be_visible()
    address = officer.url

    board.goto(address)
    write(board, "Beschluss", TARGET_DECISION)
    press(board, button(board, "Beschließen"))
    expect(board.get_by_text("Neuer Zustand: beschlossen.")).to_be_visible()


def answer_warning(officer: Page) -> None:
    """The job of early warning finds that the measure is late; the office says what is done about it."""
    late = officer.locator("main tr", has_text=MEASURE).get_by_role("link", name="überfällig")
    for _ in range(UNTIL_DONE // 1000):
        officer.goto("/steuerung/warnungen/")
        if late.count():
            break
        officer.wait_for_timeout(1000)
    press(officer, late.first, "**/steuerung/warnungen/*/")
    write(officer, "Was wird getan?", "action")
    write(officer, "Begründung", f"{INTERNAL}: Personal fehlt bis März")
    write(officer, "Bis wann", (today() + timedelta(days=120)).isoformat())
    write(officer, "Was alle lesen sollen", ANSWER)
    press(officer, button(officer, "Antwort festhalten"))
    expect(officer.get_by_text("Ihre Antwort ist festgehalten.")).to_be_visible()


def make_report(officer: Page, owner: Page) -> str:
    """The office has the council's report made, a second person releases it; returns its address."""
    officer.goto("/berichte/neu/")
    write(officer, "Nummer der Vorlage", PAPER)
    write(officer, "Worüber der Rat entscheiden soll", ASKED)
    press(officer, button(officer, "Stand einfrieren und erstellen"))
    expect(officer.get_by_text("Freigeben muss ihn eine zweite Person.")).to_be_visible(timeout=UNTIL_DONE)
    address = officer.url

    owner.goto("/berichte/")
    press(owner, owner.locator("main").get_by_role("link", name="Ratsbericht").first, address)
    press(owner, button(owner, "Freigeben"))
    expect(owner.get_by_text("Der Bericht ist freigegeben und für alle zu lesen.")).to_be_visible()
    return address


def read_everything(reader: Page, report: str) -> None:
    """Somebody without an account reads the measure, the indicator, the change and the report."""
    main = reader.locator("main")
    reader.goto(f"/strategie/massnahmen/{MEASURE}/")
    expect(main).to_contain_text("in Umsetzung")
    expect(main).to_contain_text(ANSWER)
    reader.goto(f"/strategie/indikatoren/{INDICATOR}/")
    expect(main).to_contain_text("mindestens 30")
    expect(main).to_contain_text("12")
    reader.goto(f"/strategie/fassungen/verlauf/{MEASURE}/")
    expect(main).to_contain_text(DECISION)
    reader.goto("/strategie/fassungen/vergleich/?von=1.0")
    expect(main).to_contain_text(MEASURE)
    reader.goto("/mitmachen/strategie/neues/")
    expect(main).to_contain_text(MEASURE)
    expect(main).to_contain_text(INDICATOR)
    reader.goto("/berichte/")
    expect(main).to_contain_text(PAPER)
    reader.goto(report)
    expect(main).to_contain_text(ASKED)
    expect(main.locator("tr", has_text=MEASURE)).to_contain_text("in Umsetzung")
    expect(main.locator("tr", has_text=INDICATOR)).to_contain_text("mindestens 30")


def find_nothing_internal(reader: Page, report: str) -> None:
    """What people said among themselves, and who they are, is at none of these addresses."""
    for address in (
        "/strategie/",
        f"/strategie/massnahmen/{MEASURE}/",
        f"/strategie/indikatoren/{INDICATOR}/",
        f"/strategie/fassungen/verlauf/{MEASURE}/",
        f"/strategie/fassungen/verlauf/{MEASURE}/2/",
        "/strategie/fassungen/",
        "/strategie/fassungen/vergleich/?von=1.0",
        f"/kennzahlen/{KEY}/",
        "/gremien/",
        "/gremien/beschluesse/",
        "/berichte/",
        "/berichte/feed.atom",
        report,
        f"{report}datei/csv/",
        "/mitmachen/strategie/neues/",
        "/mitmachen/strategie/neues.atom",
        f"/api/v1/strategy/measures/{MEASURE}",
        f"/api/v1/strategy/items/{MEASURE}/history",
        "/api/v1/strategy/difference?from=1.0",
        f"/api/v1/indicators/{KEY}",
        "/api/v1/steering/targets",
        "/suche?q=Kunstsammlung",
    ):
        answer = reader.request.get(address)
        assert answer.status == 200, address
        assert INTERNAL.casefold() not in answer.text().casefold(), address
    for address in (
        "/strategie/aenderungen/",
        "/steuerung/",
        "/steuerung/warnungen/",
        "/berichte/werkstatt/",
    ):
        reader.goto(address)
        assert "/login" in reader.url, address
