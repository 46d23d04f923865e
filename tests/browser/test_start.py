"""The demo city's front door opens: for everybody, without JavaScript, and for the operator who signs in."""

import os
from typing import Any

import pytest
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


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="only where workers share the tests")
def test_all_browser_tests_run_on_one_worker(request: pytest.FixtureRequest) -> None:
    """Each further worker would start a demo city of its own."""
    assert request.node.nodeid.endswith("@browser")
