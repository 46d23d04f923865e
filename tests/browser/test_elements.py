"""Map, chart and menu in a real browser: by mouse and keyboard, without WebGL, without JavaScript, at 320 pixels."""

import re

from playwright.sync_api import Page, expect

SAMPLES = "/styleguide/"


def test_a_place_chosen_in_the_list_is_shown_on_the_map_and_leads_back(page: Page) -> None:
    page.goto(SAMPLES)
    page.wait_for_selector("stadt-map[data-ready]")
    chosen = page.get_by_role("button", name="Behälter 5 auf der Karte zeigen")
    chosen.press("Enter")
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_contain_text("Behälter 5")
    expect(popup).to_contain_text("simuliert")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(chosen).to_be_focused()


def test_the_popup_leads_to_the_place_in_the_list(page: Page) -> None:
    page.goto(SAMPLES)
    page.wait_for_selector("stadt-map[data-ready]")
    page.get_by_role("button", name="Behälter 7 auf der Karte zeigen").click()
    page.get_by_role("button", name="In der Liste zeigen").click()
    expect(page.get_by_role("link", name="Behälter 7")).to_be_focused()


def test_a_layer_that_is_switched_off_leaves_the_list_too(page: Page) -> None:
    page.goto(SAMPLES)
    page.wait_for_selector("stadt-map[data-ready]")
    quarters = page.locator("[data-layer=quarters]")
    expect(quarters).to_be_visible()
    page.get_by_label("Quartiere", exact=True).uncheck()
    expect(quarters).to_be_hidden()


def test_the_outlines_of_the_city_are_drawn_below_every_map(page: Page) -> None:
    for address in (SAMPLES, "/umwelt/"):
        page.goto(address)
        page.wait_for_selector("stadt-map[data-grounded]")


def test_without_webgl_the_list_stays_and_says_why(page: Page) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(SAMPLES)
    expect(page.locator(".map__status").first).to_contain_text("kann die Landkarte nicht zeichnen")
    expect(page.locator("[data-layer=containers] li")).to_have_count(24)


def test_without_javascript_list_and_tables_are_there(plain_page: Page) -> None:
    plain_page.goto(SAMPLES)
    expect(plain_page.locator("[data-layer=containers] li").first).to_be_visible()
    table = plain_page.locator("stadt-chart table").first
    plain_page.locator("stadt-chart summary").first.click()
    expect(table).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(72)


def test_a_chart_is_drawn_from_its_table_and_described(page: Page) -> None:
    page.goto(SAMPLES)
    chart = page.locator("stadt-chart").first
    expect(chart.locator("svg.marks")).to_be_visible()
    image = chart.get_by_role("img", name=re.compile("Feinstaub in drei Tagen"))
    expect(image).to_be_visible()
    expect(image).to_contain_text("Tagesgrenzwert PM10")


def test_nobody_else_is_asked_for_anything(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in (SAMPLES, "/", "/karte/"):
        page.goto(address, wait_until="networkidle")
    own = page.url.split("/karte/")[0]
    assert [url for url in asked if not url.startswith((own, "data:", "blob:"))] == []


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(SAMPLES)
    menu = page.locator("#menue")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menü", exact=True).press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_role("button", name="Menü", exact=True)).to_be_focused()


def test_no_example_is_wider_than_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(SAMPLES)
    page.wait_for_selector("stadt-map[data-ready]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_language_is_switched_in_the_header(page: Page) -> None:
    page.goto("/suche?q=park")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("searchbox").first).to_have_value("park")
