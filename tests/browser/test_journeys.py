"""Ways through the city: by keyboard alone, without JavaScript, and in the other language."""

import re

from playwright.sync_api import Locator, Page, expect

MANY = 120
VISIBLE_FOCUS = """element => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const drawn = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    return drawn && box.bottom > 0 && box.top < innerHeight && box.width > 0;
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and see that it has."""
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.wait_for_function(
                VISIBLE_FOCUS, arg=target.element_handle()
            )  # scrolling there takes a moment
            return
    raise AssertionError(f"{MANY} times Tab do not lead to {target}")


def test_by_keyboard_from_the_start_page_to_the_readings_behind_a_measure(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    menu = page.get_by_role("navigation", name="Hauptmenü")
    tab_to(page, menu.locator("summary", has_text="Strategie"))
    page.keyboard.press("Enter")
    tab_to(page, menu.get_by_role("link", name="Maßnahmen", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/strategie/massnahmen/")

    # The list is narrowed with typed words and an arrow key.
    tab_to(page, page.locator("main input[type=text], main input[type=search]").first)
    page.keyboard.type("Abfallmanagement")
    theme = page.locator("main select").first
    tab_to(page, theme)
    page.keyboard.press("ArrowDown")
    assert theme.input_value() != ""
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="Liste eingrenzen"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("main a", has_text="Smart Waste"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/strategie/massnahmen/M-2.1.3/")

    tab_to(page, page.locator("main tr", has_text="K2.1-01").get_by_role("link"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/strategie/indikatoren/K2.1-01/")
    tab_to(page, page.get_by_role("link", name="So entsteht diese Zahl").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/kennzahlen/waste.monitored_share/")

    # And back: the explained number names its place in the strategy.
    tab_to(page, page.locator("main a", has_text="M-2.1.3"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/strategie/massnahmen/M-2.1.3/")


def test_by_keyboard_from_the_maps_list_to_what_the_map_says_and_back(page: Page) -> None:
    page.goto("/karte/")
    page.wait_for_selector("stadt-map[data-ready]")
    chosen = page.locator("[data-layer='waste.containers'] li button").first
    page.locator("[data-layer='waste.containers'] summary").focus()
    tab_to(page, chosen)
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_be_visible()
    assert popup.evaluate("popup => popup.contains(document.activeElement)")
    expect(popup.get_by_role("link", name="Mehr")).to_have_attribute("href", re.compile("^/abfall/"))
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(chosen).to_be_focused()


def test_by_keyboard_a_layer_is_switched_off_and_on(page: Page) -> None:
    page.goto("/karte/")
    page.wait_for_selector("stadt-map[data-ready]")
    switch = page.get_by_label("Abfallbehälter", exact=True)
    tab_to(page, switch)
    page.keyboard.press("Space")
    expect(page.locator("[data-layer='waste.containers']")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.locator("[data-layer='waste.containers']")).to_be_visible()


def test_by_keyboard_the_phones_menu_opens_and_closes(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/")
    opener = page.get_by_role("button", name="Menü", exact=True)
    tab_to(page, opener)
    page.keyboard.press("Enter")
    menu = page.get_by_role("navigation", name="Hauptmenü")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_without_javascript_every_step_of_the_sentence_is_there(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    expect(page.locator("[data-layer='environment.stations'] li").first).to_be_visible()
    page.locator("main").get_by_role("link", name="Strategie", exact=True).click()
    page.locator("main tr", has_text="K2.1-01").get_by_role("link").click()
    page.get_by_role("link", name="So entsteht diese Zahl").first.click()
    expect(page.locator("main")).to_contain_text("Das entspricht")
    page.get_by_role("link", name="Datensatz ansehen").first.click()
    expect(page.locator("main table", has_text="CSV").first).to_be_visible()
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name="CSV", exact=True).first.click()
    assert download.value.suggested_filename.endswith(".csv")


def test_without_javascript_menu_and_search_work(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.locator("header input[name=q]").first.fill("Luft")
    page.locator("header input[name=q]").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Luft")
    page.get_by_role("navigation", name="Hauptmenü").locator("summary", has_text="Daten").click()
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Kennzahlen").click()
    expect(page.locator("h1")).to_have_text("Kennzahlen")


def test_the_city_speaks_english_under_the_same_addresses(page: Page, complaints: list[str]) -> None:
    page.goto("/kennzahlen/")
    expect(page.locator("h1")).to_have_text("Kennzahlen")
    page.get_by_role("button", name="English").first.click()
    page.wait_for_url("**/kennzahlen/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Indicators")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Gelsenkirchen now")
    page.goto("/strategie/massnahmen/M-99.9.9/")
    expect(page.locator("main")).to_contain_text("There is no such measure")
    page.get_by_role("button", name="Deutsch").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    complaints.clear()  # the browser notes that the page was not found
