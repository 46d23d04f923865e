"""Every error has one answer: a page for people, a problem document for machines, never a stack trace."""

import logging
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from stadt.core import errors
from stadt.web import errors as web_errors

RAISED: dict[str, Exception] = {
    "invalid": errors.Invalid("Das passt nicht.", fields=(errors.FieldError("fill", "muss eine Zahl sein"),)),
    "unavailable": errors.Unavailable("Gerade nicht."),
    "sign-in": errors.SignInNeeded(),
    "missing": Http404("geheim"),
    "denied": PermissionDenied("geheim"),
    "suspicious": SuspiciousOperation("geheim"),
    "database": OperationalError("connection to server failed: geheim"),
    "bug": ZeroDivisionError("geheim"),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


urls = import_module(django_settings.ROOT_URLCONF)


class Urls:
    urlpatterns = [*urls.urlpatterns, path("fehler/<str:name>", fail), path("api/fehler/<str:name>", fail)]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture(autouse=True)
def broken_pages(settings: object) -> None:
    settings.ROOT_URLCONF = Urls  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("invalid", 422),
        ("unavailable", 503),
        ("missing", 404),
        ("denied", 403),
        ("suspicious", 400),
        ("database", 503),
        ("bug", 500),
    ],
)
def test_people_get_a_page_with_the_right_status_and_nothing_secret(
    client: Client, name: str, status: int
) -> None:
    answer = client.get(f"/fehler/{name}")
    page = answer.content.decode()
    assert answer.status_code == status
    assert "<h1" in page
    assert "geheim" not in page
    assert "Traceback" not in page


@pytest.mark.django_db
def test_a_page_names_the_field_that_is_wrong(client: Client) -> None:
    page = client.get("/fehler/invalid").content.decode()
    assert "fill" in page
    assert "muss eine Zahl sein" in page


@pytest.mark.django_db
def test_machines_get_a_problem_document(client: Client) -> None:
    answer = client.get("/fehler/invalid", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:stadt:error:invalid",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "Das passt nicht.",
        "code": "invalid",
        "instance": "/fehler/invalid",
        "errors": [{"field": "fill", "message": "muss eine Zahl sein"}],
    }


@pytest.mark.django_db
def test_the_interface_answers_with_problem_documents_whatever_is_accepted(client: Client) -> None:
    answer = client.get("/api/fehler/missing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


@pytest.mark.django_db
def test_headers_of_the_error_are_sent(client: Client) -> None:
    assert client.get("/fehler/unavailable").headers["Retry-After"] == "5"


@pytest.mark.django_db
def test_whoever_must_sign_in_is_led_there_and_back(client: Client) -> None:
    answer = client.get("/fehler/sign-in?a=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/konto/login/?next=/fehler/sign-in%3Fa%3D1"


@pytest.mark.django_db
def test_a_fragment_is_enough_for_a_part_of_a_page(client: Client) -> None:
    page = client.get("/fehler/invalid", headers={"HX-Request": "true"}).content.decode()
    assert "Das passt nicht." in page
    assert "<html" not in page


@pytest.mark.django_db
def test_an_unknown_address_is_a_page_in_the_readers_language(client: Client) -> None:
    assert "Diese Seite gibt es nicht" in client.get("/gibt-es-nicht").content.decode()
    english = client.get("/gibt-es-nicht", headers={"Accept-Language": "en"})
    assert "This page does not exist" in english.content.decode()


def test_the_page_for_a_lost_database_asks_no_database() -> None:
    request = RequestFactory().get("/")
    answer = web_errors.render_error(request, errors.Unavailable("Die Datenbank antwortet gerade nicht."))
    assert answer.status_code == 503
    assert "antwortet gerade nicht" in answer.content.decode()


@pytest.mark.django_db
def test_a_refused_request_is_one_line_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="stadt.request"):
        client.get("/fehler/invalid")
    lines = [record.getMessage() for record in caplog.records if record.name == "stadt.request"]
    assert lines == ["GET /fehler/invalid 422 invalid fields=fill"]


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_advice() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sprache/", {"language": "en"})
    assert answer.status_code == 403
    assert "zu lange offen" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_takes_no_such_method_says_so_and_names_those_it_takes() -> None:
    answer = Client().delete("/konto/login/")
    assert answer.status_code == 405
    assert "So lässt sich diese Adresse nicht aufrufen" in answer.content.decode()
    assert {"GET", "POST"} <= set(answer["Allow"].split(", "))
