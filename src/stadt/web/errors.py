"""Turns every error into one answer: a page for people, `application/problem+json` (RFC 9457) for machines."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop

from stadt.core import condition, errors
from stadt.core.log import shown_path
from stadt.web.context import Shell

logger = logging.getLogger("stadt.request")

GetResponse = Callable[[HttpRequest], HttpResponse]

TITLES = {
    400: gettext_noop("Diese Anfrage ist nicht lesbar"),
    401: gettext_noop("Bitte melden Sie sich an"),
    403: gettext_noop("Das dürfen Sie hier nicht"),
    404: gettext_noop("Diese Seite gibt es nicht"),
    405: gettext_noop("So lässt sich diese Adresse nicht aufrufen"),
    409: gettext_noop("Das hat sich inzwischen geändert"),
    413: gettext_noop("Das ist zu groß"),
    422: gettext_noop("Diese Angaben passen nicht"),
    429: gettext_noop("Zu viele Anfragen"),
    500: gettext_noop("Das hat nicht geklappt"),
    503: gettext_noop("Gerade nicht erreichbar"),
}
ADVICE = {
    400: gettext_noop("Bitte prüfen Sie die Adresse, oder gehen Sie einen Schritt zurück."),
    403: gettext_noop("Wenn Sie den Zugang brauchen, fragen Sie bitte Ihre Verwaltung."),
    404: gettext_noop("Vielleicht ist die Adresse falsch geschrieben oder die Seite ist umgezogen."),
    500: gettext_noop("Der Fehler ist vermerkt. Bitte versuchen Sie es später noch einmal."),
    503: gettext_noop("Bitte versuchen Sie es in ein paar Minuten noch einmal."),
}
STILL_READING = gettext_noop(
    "Seiten, Karten und Downloads lassen sich weiter ansehen. Nur neue Angaben nimmt die Stadt gerade nicht an."
)
STILL_ARRIVING = gettext_noop(
    "Die Texte der Stadt wie Impressum und Leichte Sprache sind weiter erreichbar. Alles andere kommt von selbst wieder."
)
TYPED = gettext_noop(
    "Was Sie eingegeben haben, ist nicht verloren: Gehen Sie in Ihrem Browser einen Schritt zurück. Dort stehen Ihre Angaben "
    "noch. Senden Sie das Formular später noch einmal ab, und schließen Sie das Fenster bis dahin nicht."
)
UNEXPECTED = gettext_noop("Das hat nicht geklappt; der Fehler ist vermerkt.")


class CsrfRefused(errors.Forbidden):
    """A form was sent without its protection token, or with an old one."""

    code = "csrf"


class ErrorMiddleware:
    """Renders what a view raises; unknown exceptions are logged whole and told as status 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):  # from Django or ninja, with nothing to read in it
            allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
            return answer(request, errors.MethodNotAllowed(headers={"Allow": allowed}))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        return answer(request, exception)


def answer(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """Log an exception in one line (unexpected ones with their trace) and return its answer."""
    error = as_stadt_error(exception)
    if error.code == errors.StadtError.code:
        logger.error("%s %s failed", request.method, shown_path(request.path), exc_info=exception)
    else:
        log = logger.error if error.status >= 500 else logger.warning
        fields = ",".join(item.field for item in error.fields)
        log(
            "%s %s %d %s fields=%s",
            request.method,
            shown_path(request.path),
            error.status,
            error.code,
            fields,
        )
    return render_error(request, error)


def as_stadt_error(exception: BaseException) -> errors.StadtError:
    """Return the member of the error family that stands for an exception of Django's or an unexpected one."""
    if isinstance(exception, errors.StadtError):
        return exception
    if isinstance(exception, Http404):
        return errors.NotFound(gettext(ADVICE[404]))
    if isinstance(exception, PermissionDenied):
        return errors.Forbidden(gettext(TITLES[403]) + ".")
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent)):
        return errors.TooLarge(gettext("Die Anfrage ist größer, als diese Adresse annimmt."))
    if isinstance(exception, SuspiciousOperation):
        return errors.BadRequest(gettext(ADVICE[400]))
    return condition.refusal_for(exception) or errors.StadtError(gettext(UNEXPECTED))


def render_error(request: HttpRequest, error: errors.StadtError) -> HttpResponse:
    """Return the error as problem document, as a fragment for HTMX, as the way to sign in, or as a page."""
    if wants_problem(request):
        document = errors.problem(error, instance=request.path)
        response: HttpResponse = JsonResponse(
            document, status=error.status, content_type="application/problem+json"
        )
    elif isinstance(error, errors.SignInNeeded) and request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    elif isinstance(error, errors.SecondFactorNeeded) and request.method in {"GET", "HEAD"}:
        return redirect("mfa_index")
    elif request.headers.get("HX-Request") == "true":
        response = _page(request, error, "web/error_fragment.html")
    else:
        response = _page(request, error, "web/unavailable.html" if error.status == 503 else "web/error.html")
    for name, value in error.headers.items():
        response.headers[name] = value
    return response


def wants_problem(request: HttpRequest) -> bool:
    """Return whether a machine asks: an address of the interface, or JSON accepted and no HTML."""
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


def _page(request: HttpRequest, error: errors.StadtError, template: str) -> HttpResponse:
    context: dict[str, Any] = {
        "error": error,
        "title": gettext(TITLES.get(error.status, TITLES[500 if error.status >= 500 else 400])),
        "advice": gettext(ADVICE[error.status]) if error.status in ADVICE else "",
    }
    if context["advice"] == error.detail:
        context["advice"] = ""
    if isinstance(error, errors.Unavailable):
        context["meanwhile"] = gettext(
            STILL_READING if isinstance(error, errors.ReadOnly) else STILL_ARRIVING
        )
        context["typed"] = gettext(TYPED) if request.method == "POST" else ""
    if error.status < 500:
        return HttpResponse(render_to_string(template, context, request), status=error.status)
    # the database may be what failed: nothing of this page may ask it
    context |= {
        "shell": Shell(request, is_anonymous=True),
        "csrf_token": get_token(request),
        "request": request,
    }
    return HttpResponse(render_to_string(template, context), status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    del reason  # tells about cookies and headers, nothing a person can act on
    return answer(
        request,
        CsrfRefused(
            gettext(
                "Das Formular war zu lange offen. Bitte laden Sie die Seite neu und senden Sie es noch einmal."
            )
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return answer(request, exception or errors.BadRequest(gettext(ADVICE[400])))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return answer(request, exception or PermissionDenied())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return answer(request, exception or Http404())


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's handler429: somebody tries too often."""
    return answer(request, errors.TooMany(gettext("Zu viele Versuche. Bitte warten Sie ein paar Minuten.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while the exception of a middleware is being handled."""
    return answer(request, sys.exc_info()[1] or errors.StadtError(gettext(UNEXPECTED)))
