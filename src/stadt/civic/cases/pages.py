"""Where people see a case: pages that some app has under agreed names, found in the registry without naming the app."""

from django.urls import NoReverseMatch, reverse

from stadt.core.registry import registry

OF_LINK = "case_by_link"
OWN = "own_case"
OF_OFFICE = "case"


def page_of_link(secret: str) -> str:
    """The path of the reporter's page; empty while no app has one."""
    return _path(OF_LINK, secret)


def page_of_case(reference: str) -> str:
    """The path of the page for people who are signed in as party."""
    return _path(OWN, reference)


def page_of_office(reference: str) -> str:
    """The path of the office's page."""
    return _path(OF_OFFICE, reference)


def _path(name: str, argument: str) -> str:
    for found in registry.pages:
        if found.page.name == name:
            try:
                return reverse(found.url_name, args=[argument])
            except NoReverseMatch:
                continue
    return ""
