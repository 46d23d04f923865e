"""What anybody may say about a published report: „Ich auch“ while it is open, „nicht erledigt“ afterwards."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.issues.shown import queries
from stadt.apps.issues.shown.queries import Issue
from stadt.apps.issues.shown.report_page import page_context
from stadt.apps.issues.shown.subscribing import follow
from stadt.apps.issues.shown.voices import take_voice
from stadt.civic.cases import reading
from stadt.civic.cases.catalogue import Face
from stadt.civic.cases.models import Case, SupportKind
from stadt.civic.cases.services import support_case, takes_photo_of
from stadt.civic.files.services import attach, take_file
from stadt.core.errors import Conflict, Invalid, NotFound, TooLarge, TooMany
from stadt.core.people.access import actor_of, client_of
from stadt.hub.datasets.pacing import Pace
from stadt.web.open_forms import OpenForm

COOKIE = "stadt-stimme"
COOKIE_SECONDS = 365 * 24 * 3600
# Ten voices from one household at once, then one in two minutes: enough for a walk through the quarter.
votes_pace = Pace(burst=10, per_second=1 / 120)


class MeTooForm(OpenForm):
    """„Ich auch“, with an address only for who wants to hear how it goes on."""

    salt = "issues.me_too"
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        required=False,
        max_length=200,
        help_text=_(
            "Nur wenn Sie erfahren möchten, wie es weitergeht. Sie bekommen zuerst einen Link zum Bestätigen."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NotFixedForm(OpenForm):
    """„Nicht erledigt“: what is still wrong, for the office only."""

    salt = "issues.not_fixed"
    text = forms.CharField(
        label=_("Was ist noch nicht in Ordnung?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Das liest nur die Stadt. Bitte nennen Sie keine Namen."),
    )
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        help_text=_("Ort und Gerät werden aus dem Bild gelöscht."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


def offered(issue: Issue, form: OpenForm | None = None) -> dict[str, Any]:
    """The form that fits the report's face, ready for its page."""
    if not issue.is_closed:
        return {
            "form": form or MeTooForm(),
            "title": gettext("Betrifft Sie das auch?"),
            "text": gettext("Sagen Sie es mit einem Klick. Eine zweite Meldung ist dann nicht nötig."),
            "label": gettext("Ich auch"),
            "url": reverse("issues:me_too", args=[issue.reference]),
        }
    if issue.face != Face.DONE:
        return {}
    return {
        "form": form or NotFixedForm(),
        "title": gettext("Ist es nicht erledigt?"),
        "text": gettext(
            "Sagen Sie der Stadt, was noch fehlt. Wer die Meldung bearbeitet hat, bekommt es zu sehen."
        ),
        "label": gettext("Nicht erledigt"),
        "url": reverse("issues:not_fixed", args=[issue.reference]),
        "takes_photo": True,
        "hint": _own_way(issue),
    }


def _own_way(issue: Issue) -> str:
    """What the one who reported it can do, for as many days as the type says."""
    found = reading.types().get(issue.type_key)
    if found is None or not found.reopen_days:
        return ""
    return gettext(
        "Haben Sie es selbst gemeldet? Mit dem Link aus Ihrer Bestätigung öffnen Sie die Meldung %(days)s Tage lang wieder."
    ) % {"days": found.reopen_days}


@require_safe
def show_report(request: HttpRequest, reference: str) -> HttpResponse:
    """`/melden/<reference>/`: a published report; one that was merged leads to the one that goes on.

    Raises:
        NotFound: nothing is published under this number.
    """
    issue = queries.get_public(reference)
    if issue.merged_into:
        queries.get_public(issue.merged_into)
        return redirect("issues:shown", issue.merged_into)
    return render(request, "issues/shown/report.html", page_context(issue, offered(issue)))


@require_http_methods(["GET", "HEAD", "POST"])
def me_too(request: HttpRequest, reference: str) -> HttpResponse:
    """`/melden/<reference>/ich-auch/`: one voice more, and a mail when something changes to who wants it.

    Raises:
        NotFound: nothing is published under this number.
        TooMany: many voices from one address.
    """
    issue = queries.get_public(reference)
    if request.method != "POST":  # the address was copied, or the answer opened again
        return redirect("issues:shown", issue.reference)
    form = MeTooForm(request.POST)
    if form.is_valid():
        votes_pace.take(client_of(request))
        try:
            _say_me_too(request, issue, form.cleaned_data["email"])
        except (Invalid, Conflict, TooLarge, TooMany) as error:
            form.show(error)
        else:
            messages.success(request, _said_thanks(form.cleaned_data["email"]))
            return remember_voice(request, redirect("issues:shown", issue.reference))
    return _again(request, issue, form)


@require_http_methods(["GET", "HEAD", "POST"])
def not_fixed(request: HttpRequest, reference: str) -> HttpResponse:
    """`/melden/<reference>/nicht-erledigt/`: what is still wrong, with a photo if there is one. Raises as `me_too`."""
    issue = queries.get_public(reference)
    if request.method != "POST":
        return redirect("issues:shown", issue.reference)
    form = NotFixedForm(request.POST, request.FILES)
    if form.is_valid():
        votes_pace.take(client_of(request))
        try:
            _say_not_fixed(request, issue, form)
        except (Invalid, Conflict, TooLarge, TooMany) as error:
            form.show(error)
        else:
            messages.success(request, gettext("Danke. Die Stadt sieht sich das an."))
            return remember_voice(request, redirect("issues:shown", issue.reference))
    return _again(request, issue, form)


@transaction.atomic
def _say_me_too(request: HttpRequest, issue: Issue, email: str) -> None:
    case_id, who = _case_of(issue), voice_of(request)
    support_case(actor_of(request), case_id, SupportKind.ME_TOO, who=who)  # also locks the case
    take_voice(f"case:{case_id}", client_of(request), who)
    if email:
        follow(actor_of(request), issue, email)


@transaction.atomic
def _say_not_fixed(request: HttpRequest, issue: Issue, form: NotFixedForm) -> None:
    case_id, who, photo = _case_of(issue), voice_of(request), form.cleaned_data["photo"]
    photo_id = None
    if photo is not None and takes_photo_of(case_id, SupportKind.NOT_FIXED, who):
        stored = take_file(
            photo, photo.name, photo.content_type, accepts=("photo",), owner=f"vote:{case_id}", field="photo"
        )
        # Nobody outside the office sees it before a person released it.
        attach([stored.id], f"case:{case_id}", "answer")
        photo_id = stored.id
    support_case(
        actor_of(request),
        case_id,
        SupportKind.NOT_FIXED,
        who=who,
        text=form.cleaned_data["text"],
        photo_id=photo_id,
    )
    take_voice(f"case:{case_id}", client_of(request), who)


def _case_of(issue: Issue) -> int:
    found = Case.objects.filter(reference=issue.reference).values_list("pk", flat=True).first()
    if found is None:  # deleted a moment ago
        raise NotFound(gettext("Diese Meldung gibt es nicht."))
    return found


def _again(request: HttpRequest, issue: Issue, form: OpenForm) -> HttpResponse:
    """The report's page with the form as it was sent and what is wrong with it."""
    context = page_context(issue, offered(issue, form))
    return render(request, "issues/shown/report.html", context, status=422)


def voice_of(request: HttpRequest) -> str:
    """What tells people apart without naming them: the account, else a random sign that the browser keeps."""
    user_id = actor_of(request).user_id
    if user_id is not None:
        return f"user:{user_id}"
    try:
        return f"browser:{request.get_signed_cookie(COOKIE, salt=COOKIE)}"
    except (KeyError, BadSignature):
        sign = secrets.token_urlsafe(16)
        request.new_voice = sign  # type: ignore[attr-defined]
        return f"browser:{sign}"


def remember_voice(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer with the sign that `voice_of` made for a browser without one."""
    sign = getattr(request, "new_voice", "")
    if sign:
        answer.set_signed_cookie(
            COOKIE,
            sign,
            salt=COOKIE,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
            path=reverse("issues:map"),
        )
    return answer


def _said_thanks(email: str) -> str:
    if email:
        return gettext(
            "Danke. Bitte sehen Sie in Ihr Postfach: Mit dem Link in der E-Mail bestätigen Sie das Abo."
        )
    return gettext("Danke, das ist gezählt.")
