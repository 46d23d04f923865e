"""The demo city's front door opens: for everybody, without JavaScript, and for the operator who signs in."""

from typing import Any

from playwright.sync_api import Page


def test_the_start_page_names_the_city(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert "Gelsenkirchen" in page.inner_text("body")


def test_the_start_page_needs_no_javascript(plain_page: Page) -> None:
    plain_page.goto("/")
    assert "Gelsenkirchen" in plain_page.inner_text("main")


def test_the_operator_signs_in(operator_page: Page, operator: Any) -> None:
    operator_page.goto("/")
    assert any(cookie["name"] == "sessionid" for cookie in operator_page.context.cookies())
