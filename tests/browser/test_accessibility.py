"""Every page of the demo city: no violation of WCAG 2.2 AA that axe-core can find, and nothing wider than a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from playwright.sync_api import Page
from tests.browser.conftest import settle, sign_in

from stadt.core.manifest import EVERYBODY, LINK
from stadt.core.registry import RegisteredPage, registry

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Addresses with a parameter: the first link of that kind on another page stands for all of them.
FOLLOWED = {
    "places:area": "/gebiete/",
    "strategy:theme": "/strategie/",
    "strategy:field": "/strategie/leitthemen/energie-umwelt/",
    "strategy:measure": "/strategie/massnahmen/",
    "strategy:indicator": "/strategie/indikatoren/",
    "dialogue:inbox_question": "/mitmachen/strategie/posteingang/",
    "strategy:gap": "/strategie/luecken/",
    "catalogue:dataset": "/daten/",
    "waste:container": "/abfall/",
    "environment:station": "/umwelt/",
    "ingest:source": "/betrieb/quellen/",
    "ingest:profile": "/betrieb/quellen/profile/",
    "publishing:dataset": "/daten/werkstatt/",
    "publishing:delivery": "/daten/werkstatt/pools.visitors/",
    "publishing:review": "/daten/werkstatt/freigaben/",
    "people:person": "/betrieb/personen/",
    "reports:report": "/berichte/",
    "people:organisation": "/betrieb/organisationen/",
    "people:role": "/betrieb/rollen/",
}
# The same for those who work on the strategy; one sign-in serves them all.
OF_THE_STRATEGY = {
    "indicators:explain": "/kennzahlen/",
    "indicators:keep": "/kennzahlen/werkstatt/",
    "indicators:change": "/kennzahlen/werkstatt/city.k2_3_09/",
    "indicators:revise": "/kennzahlen/werkstatt/city.k2_3_09/",
    "strategy:version": "/strategie/fassungen/verlauf/M-1.1.1/",
    "strategy:edition": "/strategie/fassungen/",
    "strategy:request": "/strategie/aenderungen/",
    "strategy:request_change": "/strategie/aenderungen/1/",
    "strategy:team": "/strategie/massnahmen/M-1.1.1/",
    "governance:body": "/gremien/",
    "governance:decision": "/gremien/beschluesse/",
    "governance:decision_view": "/gremien/beschluesse/1/",
    "governance:gate": "/strategie/massnahmen/M-1.1.1/",
    "governance:round": "/gremien/erhebungen/",
    "governance:meeting": "/gremien/sitzungen/",
    "governance:idea": "/gremien/ideen/",
    "governance:sector": "/gremien/fachstrategien/",
    "governance:align": "/gremien/fachstrategien/1/",
    "steering:target": "/steuerung/",
    "steering:measure": "/strategie/massnahmen/M-1.1.1/",
    "steering:rule": "/steuerung/massnahmen/M-1.1.1/",
    "steering:check": "/steuerung/massnahmen/M-1.1.1/",
    "steering:evaluate": "/steuerung/massnahmen/M-1.1.1/",
}
# Forms and parts of one thing that their address opens.
PARTS_OF_THE_STRATEGY = (
    "/strategie/fassungen/verlauf/M-1.1.1/",
    "/strategie/fassungen/vergleich/?von=1.0",
    "/strategie/massnahmen/M-1.1.1/einbetten/",
    "/strategie/indikatoren/K2.1-01/einbetten/",
    "/strategie/aenderungen/1/aenderung/?art=change_measure&code=M-1.1.1",
    "/strategie/aenderungen/1/aenderung/?art=add_indicator&code=HF-1.1",
    "/gremien/sitzungen/1/protokoll/",
    "/steuerung/ziele/neu/?fassung_von=1",
    "/steuerung/warnungen/?zustand=alle",
)
# A part of a page and an answer in JSON, without a page around them.
ASKED_BY_SCRIPTS = {"issues:hints", "issues:place"}
# Pages of the own account that no manifest registers, and the one of a person.
OWN = (
    "/konto/zweiter-faktor/",
    "/konto/zweiter-faktor/totp/activate/",
    "/konto/anmeldedienste/",
    "/konto/email/",
    "/konto/password/change/",
    "/betrieb/personendaten/?email={email}",
)
SIGN_IN = ("/konto/login/", "/konto/signup/", "/konto/password/reset/", "/suche?q=luft", "/gibt-es-nicht/")
# The list of datasets narrowed and without a find, and the page of a dataset that was withdrawn.
DATASETS = ("/daten/?q=luft&thema=ENVI", "/daten/?q=xqzzy", "/daten/polls.stations/")


def html_pages(*, public: bool) -> Iterator[str]:
    """Names of all registered pages without a parameter that show HTML."""
    for page in registry.pages:
        access = page.page.permission
        if access is LINK or "." in page.page.path or page.url_name in ASKED_BY_SCRIPTS or not _address(page):
            continue
        if (access is EVERYBODY) is public:
            yield page.url_name


def _address(page: RegisteredPage) -> str | None:
    try:
        return reverse(page.url_name)
    except NoReverseMatch:
        return None


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(r => r.violations)",
        RULES,
    )
    return [f"{v['id']}: {v['help']} → {v['nodes'][0]['html'][:160]}" for v in found]


def look_at(page: Page, address: str, complaints: list[str]) -> None:
    """Open the page on a desktop and on the narrowest phone, and hold it against the rules.

    An address that only takes forms, or needs a link, shows its refusal; the browser notes that, and it is no fault.
    """
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(address)
    settle(page)
    if answer is not None and answer.status in {404, 405}:
        complaints[:] = [said for said in complaints if f"{address})" not in said]
    assert violations(page) == [], address
    page.set_viewport_size({"width": 320, "height": 640})
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{address} is {too_wide} pixels wider than 320"


@pytest.mark.parametrize("name", sorted(html_pages(public=True)))
def test_public_page_is_accessible_and_fits_a_phone(page: Page, name: str, complaints: list[str]) -> None:
    look_at(page, reverse(name), complaints)


@pytest.mark.parametrize("address", [*SIGN_IN, *DATASETS])
def test_page_of_the_house_is_accessible(page: Page, address: str, complaints: list[str]) -> None:
    look_at(page, address, complaints)
    complaints.clear()  # the browser notes that a page was not found


def test_pages_for_staff_are_accessible(operator_page: Page, complaints: list[str]) -> None:
    for name in sorted(html_pages(public=False)):
        look_at(operator_page, reverse(name), complaints)


@pytest.mark.parametrize("address", OWN)
def test_a_page_of_the_own_account_is_accessible(
    operator_page: Page, operator: Any, address: str, complaints: list[str]
) -> None:
    look_at(operator_page, address.format(email=operator.email), complaints)


@pytest.fixture(scope="module")
def cookies() -> list[Any]:
    """The cookies of the operator's session once there is one: none of the pages of one thing asks who it is anew."""
    return []


@pytest.mark.parametrize("name", sorted(FOLLOWED))
def test_a_page_of_one_thing_is_accessible(
    page: Page, operator: Any, cookies: list[Any], name: str, complaints: list[str]
) -> None:
    if cookies:
        page.context.add_cookies(cookies)
    else:
        sign_in(page, operator.email, operator.password)
        cookies += page.context.cookies()
    look_at(page, follow(page, name, FOLLOWED[name]), complaints)


def test_pages_for_those_who_work_on_the_strategy_are_accessible(
    operator_page: Page, complaints: list[str]
) -> None:
    for name, start in OF_THE_STRATEGY.items():
        operator_page.set_viewport_size({"width": 1280, "height": 900})
        look_at(operator_page, follow(operator_page, name, start), complaints)
    for address in PARTS_OF_THE_STRATEGY:
        look_at(operator_page, address, complaints)


def follow(page: Page, name: str, start: str) -> str:
    """Address of the first link of a page to a thing's page."""
    registered = next(page for page in registry.pages if page.url_name == name)
    page.goto(start)
    links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.pathname)")
    address = _first_of(links, registered)
    assert address is not None, f"{start} leads to no {name}"
    return address


def _first_of(addresses: list[str], registered: RegisteredPage) -> str | None:
    for address in addresses:
        try:
            if resolve(address).view_name == registered.url_name:
                return address
        except Resolver404:
            continue
    return None
