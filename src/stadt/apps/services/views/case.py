"""The page of a case for whoever holds its link: how far it is, the letters, answers, and what can be done."""

import json
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.services import showing
from stadt.apps.services.offers import language
from stadt.apps.services.own_data import own_data
from stadt.apps.services.receipts import receipt_of
from stadt.apps.services.speech import is_plain, remembers_speech, switch_of
from stadt.apps.services.views import reaching
from stadt.civic.cases.models import Case
from stadt.civic.cases.placeholders import title_in
from stadt.civic.cases.queries import case_of_link, files_for_reporter, moves_by_link, public_history
from stadt.civic.cases.services import answer, move_by_link
from stadt.civic.cases.versions import type_of
from stadt.civic.files.models import Kind, Size, StoredFile
from stadt.civic.files.services import take_files
from stadt.civic.files.serving import signed_url
from stadt.civic.forms.attachments import file_names
from stadt.civic.forms.queries import definition_of, get_submission
from stadt.civic.messages.queries import thread_of
from stadt.civic.messages.services.links import confine
from stadt.core.city import current
from stadt.core.errors import Conflict, Invalid, StadtError, TooLarge, TooMany
from stadt.core.people.access import client_of
from stadt.hub.datasets.pacing import Pace

answer_pace = Pace(burst=20, per_second=1 / 60)
FILES = ("photo", "pdf")


@remembers_speech
def show_case(request: HttpRequest, secret: str) -> HttpResponse:
    """`/dienste/vorgang/<secret>/`: the case, and what its applicant may do."""
    case = case_of_link(secret)
    if case is None:
        return _gone(request)
    refusal: Invalid | Conflict | TooLarge | TooMany | None = None
    if request.method == "POST":
        answer_pace.take(client_of(request))
        try:
            messages.success(request, _act(request, case, secret))
            return confine(redirect("services:case_by_link", secret))
        except (Invalid, Conflict, TooLarge, TooMany) as error:
            refusal = error
            case.refresh_from_db()
    wrong = _wrong(refusal, request.POST.get("schritt", "")) if refusal else []
    context = {**_context(request, case, secret), "refusal": refusal, "wrong": wrong, "sent": request.POST}
    return confine(render(request, "services/case.html", context, status=refusal.status if refusal else 200))


@require_safe
@remembers_speech
def show_receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """`/dienste/vorgang/<secret>/beleg/`: the receipt, to print or to keep."""
    case = case_of_link(secret)
    if case is None:
        return _gone(request)
    context = {
        **_receipt(request, case),
        "case": case,
        "secret": secret,
        "url": request.build_absolute_uri("../"),
        "speech": switch_of(request),
    }
    return confine(render(request, "services/receipt.html", context))


@require_safe
def download_receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """`/dienste/vorgang/<secret>/beleg.html`: the same as one file that needs nothing else; without the link, to be shown."""
    case = case_of_link(secret)
    if case is None:
        return _gone(request)
    found = render(request, "services/receipt_file.html", {**_receipt(request, case), "city": current().name})
    found["Content-Disposition"] = f'attachment; filename="beleg-{case.reference}.html"'
    return confine(found)


def _receipt(request: HttpRequest, case: Case) -> dict[str, Any]:
    receipt = receipt_of(case)
    return {
        "receipt": receipt,
        "type_title": receipt.service,
        "arrived": type_of(case).initial.translated("public_text", language()),
        "submission": receipt.submission,
        "is_plain": is_plain(request),
    }


@require_safe
def download(request: HttpRequest, secret: str) -> HttpResponse:
    """`/dienste/vorgang/<secret>/daten.json`: everything the applicant told and was told."""
    case = case_of_link(secret)
    if case is None:
        return _gone(request)
    body = json.dumps(own_data(case), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    found = HttpResponse(body, content_type="application/json; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="vorgang-{case.reference}.json"'
    return confine(found)


def _act(request: HttpRequest, case: Case, secret: str) -> str:
    """Do what was sent; returns what to say."""
    if wish := request.POST.get("tat", ""):
        return reaching.act(request, case, secret, wish)
    text = request.POST.get("text", "")
    files = _files(request, case)
    move = request.POST.get("schritt", "")
    if move:
        revision = request.POST.get("revision", "")
        known = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else None
        move_by_link(secret, move[:80], text=text, reason=text, files=files, revision=known)
        return _("Erledigt. Die Stadt weiß Bescheid.")
    answer(secret, case.pk, text, files)
    return _("Ihre Nachricht ist angekommen.")


def _wrong(refusal: StadtError, move: str) -> list[tuple[str, str, str]]:
    """What is wrong: the id of the field to go to and its name, both empty where there is none, and the sentence."""
    why = (f"warum-{move}", _("Warum?")) if move else ("text", _("Antworten oder etwas nachreichen"))
    what = (f"foto-{move}", _("Foto")) if move else ("dateien", _("Fotos oder PDF"))
    fields = {
        "text": why,
        "reason": why,
        "photo": what,
        "dateien": what,
        "email": ("email", _("E-Mail-Adresse")),
    }
    return [(*fields.get(error.field, ("", "")), error.message) for error in refusal.fields]


def _files(request: HttpRequest, case: Case) -> list[int]:
    uploads = request.FILES.getlist("dateien")
    if not uploads:
        return []
    return [item.pk for item in take_files(uploads, accepts=FILES, owner=case.subject, field="dateien")]


def _context(request: HttpRequest, case: Case, secret: str) -> dict[str, Any]:
    one = type_of(case)
    history = public_history(case, one)
    submission = get_submission(case.submission_id) if case.submission_id else None
    return {
        "case": case,
        "secret": secret,
        "title": title_in(case, one, language()),
        "type_title": one.translated("title", language()),
        "track": showing.track_of(case, history),
        "sentence": showing.sentence_of(case, one, history),
        "planned": showing.planned_sentence(case.planned_for, case.face),
        "history": history,
        "letters": [
            {"message": letter.message, "files": [_shown_file(item) for item in letter.files]}
            for letter in thread_of(case.subject)
        ],
        "files": [_shown_file(item) for item in files_for_reporter(case)],
        "reach": reaching.shown(case, secret),
        "moves": showing.shown_moves(moves_by_link(case)),
        "submission": submission,
        "file_names": file_names(definition_of(submission.version), submission.answers) if submission else {},
        "is_plain": is_plain(request),
        "speech": switch_of(request),
    }


def _shown_file(item: StoredFile) -> dict[str, str]:
    thumb = signed_url(item, Size.SMALL) if item.kind == Kind.PHOTO else ""
    return {"name": item.name, "thumb": thumb, "url": signed_url(item)}


def _gone(request: HttpRequest) -> HttpResponse:
    return confine(render(request, "services/gone.html", status=404))
