"""What a browser keeps so that a report can be begun without a connection: the empty form, and the worker that gives it out."""

import hashlib
import json
from functools import cache
from pathlib import Path

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from stadt import __version__
from stadt.apps.issues.reporting import offers
from stadt.apps.issues.reporting.draft import Draft
from stadt.apps.issues.reporting.guard import Guard
from stadt.apps.issues.reporting.page import Page
from stadt.web.assets import list_files

WORKER = Path(__file__).with_name("worker.js")
SOURCES = ("src/base.ts", "src/report/element.ts", "src/photo/element.ts", "src/place/element.ts")
WORKER_SECONDS = 3600
"""So often at most a browser asks whether there is a new worker; with a connection the form itself is always the newest."""


@require_safe
def show_shell(request: HttpRequest) -> HttpResponse:
    """`/melden/neu/leer/`: the form without anybody's key, token or text; the device makes its own key."""
    context = Page(Draft(key=""), Guard()).context(get_language() or "de") | {"is_shell": True}
    answer = render(request, "issues/report.html", context)
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def show_worker(request: HttpRequest) -> HttpResponse:
    """`/melden/neu/offline.js`: the worker with the list of what it keeps; another list is another worker.

    Where nothing can be reported, or the assets are not built, it is one that removes itself and all it kept.
    """
    language = "en" if request.GET.get("sprache") == "en" else "de"
    offered = offers.list_offers()
    files = list_files(SOURCES) if offered else []
    kept = {
        "form": reverse("issues:report"),
        "shell": reverse("issues:shell"),
        "files": files,
        "language": language,
    }
    known = msgspec.json.encode([kept, __version__, _body(), [offer.category for offer in offered]])
    kept["version"] = hashlib.sha256(known).hexdigest()[:16]
    content = f"const KEPT = {json.dumps(kept)};\n{_body()}"
    answer = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={WORKER_SECONDS}"
    return answer


@cache
def _body() -> str:
    return WORKER.read_text(encoding="utf-8")
